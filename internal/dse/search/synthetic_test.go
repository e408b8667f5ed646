package search

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/dse/pareto"
	"github.com/convsim/convsim/internal/dse/space"
)

// problem is a space with a cheap objective function.
type problem struct {
	sp         *space.Space
	objectives int
	evaluate   func(p []space.Value) (objectives []float64, violation float64)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (p problem) results(points []int64) []Result {
	out := make([]Result, len(points))
	for i, index := range points {
		objectives, violation := p.evaluate(p.sp.Point(index))
		out[i] = Result{Index: index, Objectives: objectives, Violation: violation}
	}
	return out
}

// exhaustive is the front of the whole space.
func (p problem) exhaustive() [][]float64 {
	a := pareto.New(p.objectives, pareto.FirstTie)
	for i := range p.sp.Size() {
		if objectives, violation := p.evaluate(p.sp.Point(i)); violation == 0 {
			a.Insert(i, objectives)
		}
	}
	return vectors(a.Front())
}

func vectors(front []pareto.Point) [][]float64 {
	out := make([][]float64, len(front))
	for i, p := range front {
		out[i] = p.Vector
	}
	return out
}

// share is the hypervolume of found relative to that of the whole front, each axis scaled to the extent of
// the whole front and measured from a tenth beyond its worst value. Positive objectives are scaled by their
// logarithms: on a linear scale, fronts over decades look complete as soon as their corner is found (random
// sampling reaches 99.9 %).
func share(found, whole [][]float64) float64 {
	low, high := slices.Clone(whole[0]), slices.Clone(whole[0])
	for _, v := range whole {
		for k, x := range v {
			low[k], high[k] = min(low[k], x), max(high[k], x)
		}
	}
	scale := func(x, low, high float64) float64 { return (x - low) / (high - low) }
	if slices.Min(low) > 0 {
		scale = func(x, low, high float64) float64 { return math.Log(x/low) / math.Log(high/low) }
	}
	unit := func(set [][]float64) (scaled [][]float64) {
		for _, v := range set {
			w := make([]float64, len(v))
			for k, x := range v {
				w[k] = scale(x, low[k], high[k])
			}
			scaled = append(scaled, w)
		}
		return scaled
	}
	ref := slices.Repeat([]float64{1.1}, len(low))
	return pareto.Hypervolume(unit(found), ref) / pareto.Hypervolume(unit(whole), ref)
}

// hits is the part of the whole front that was found exactly.
func hits(found, whole [][]float64) float64 {
	n := 0
	for _, v := range whole {
		if slices.ContainsFunc(found, func(w []float64) bool { return slices.Equal(v, w) }) {
			n++
		}
	}
	return float64(n) / float64(len(whole))
}

// frontOf drives a plan over the problem and returns the front of what it evaluated.
func (p problem) frontOf(t testing.TB, plan Plan) (front [][]float64, evaluated int) {
	t.Helper()
	strategy, err := plan.Start(p.sp)
	if err != nil {
		t.Fatal(err)
	}
	a := pareto.New(p.objectives, pareto.FirstTie)
	drive(strategy, 16, func(points []int64) []Result {
		results := p.results(points)
		evaluated += len(results)
		for _, r := range results {
			if r.Violation == 0 {
				a.Insert(r.Index, r.Objectives)
			}
		}
		return results
	})
	return vectors(a.Front()), evaluated
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }

// folded is a 56x56 3x3 layer of 64 to 128 channels on an array whose folding divides the channels: 21,600 points,
// objectives latency, DSP and BRAM (or the first two), and three constraints: two budgets, and a latency limit in
// microseconds.
func folded(objectives int, maxLatency float64) problem {
	sp := must(space.New(
		must(space.Divisors("pe", 128, 1, 128)),
		must(space.Divisors("simd", 576, 1, 64)),
		must(space.List("window", space.String("serial"), space.String("parallel"))),
		must(space.PowersOfTwo("fifo", 2, 32)),
		must(space.List("bits", space.Int(4), space.Int(8), space.Int(16))),
		must(space.List("clock", space.Int(150), space.Int(200), space.Int(250))),
		must(space.List("memory", space.String("bram"), space.String("lut"))),
	))
	return problem{sp: sp, objectives: objectives, evaluate: func(p []space.Value) ([]float64, float64) {
		latency, dsp, blocks := foldedCost(p)
		violation := 0.
		for _, broken := range []bool{dsp > 1728, blocks > 624, latency > maxLatency} {
			if broken {
				violation++
			}
		}
		return []float64{latency, float64(dsp), float64(blocks)}[:objectives], violation
	}}
}

func foldedCost(p []space.Value) (latency float64, dsp, blocks int64) {
	pe, simd, parallel, fifo, bits := p[0].Int(), p[1].Int(), p[2].Text() == "parallel", p[3].Int(), p[4].Int()
	cycles := 56 * 56 * ceilDiv(576, simd) * ceilDiv(128, pe)
	if !parallel {
		cycles += 56 * 58 * 3 * ceilDiv(64, simd)
	}
	cycles += cycles / (4 * fifo)
	dsp = ceilDiv(pe*simd*bits, 8)
	blocks = simd * ceilDiv(58*4*64*bits/simd, 18*1024)
	if parallel {
		blocks *= 3
	}
	if p[6].Text() == "bram" {
		blocks += pe * ceilDiv(576*128/pe*bits, 18*1024)
	} else {
		dsp += pe / 4
	}
	blocks += ceilDiv(fifo*simd*bits, 18*1024)
	clock := float64(p[5].Int())
	// Large arrays close timing later, fast clocks more so.
	return float64(cycles) / clock * (1 + float64(pe*simd)/20000*clock/150), dsp, blocks
}

// ragged is the same kind of layer with free folding that need not divide: 64 x 64 x 5 = 20,480 points full of plateaus
// and of designs that waste lanes.
func ragged(objectives int) problem {
	sp := must(space.New(
		must(space.Range("pe", space.Int(1), space.Int(64), space.Int(1))),
		must(space.Range("simd", space.Int(1), space.Int(64), space.Int(1))),
		must(space.List("groups", space.Int(1), space.Int(2), space.Int(4), space.Int(8), space.Int(16))),
	))
	return problem{sp: sp, objectives: objectives, evaluate: func(p []space.Value) ([]float64, float64) {
		pe, simd, groups := p[0].Int(), p[1].Int(), p[2].Int()
		cycles := 28 * 28 * ceilDiv(16, groups) * ceilDiv(9*12, simd) * ceilDiv(20, pe)
		dsp := groups * ceilDiv(pe*simd, 2)
		bram := groups*pe*ceilDiv(simd*8, 36) + groups*ceilDiv(simd*8, 72)
		return []float64{float64(cycles), float64(dsp), float64(bram)}[:objectives], 0
	}}
}

// zdt returns problem n of Zitzler, Deb and Thiele (2000) with each variable on a grid of levels, and its front: g = 1.
func zdt(n, variables, levels int) problem {
	axes := make([]space.Axis, variables)
	for i := range axes {
		axes[i] = must(space.Range(fmt.Sprint("x", i), space.Int(0), space.Int(int64(levels-1)), space.Int(1)))
	}
	return problem{sp: must(space.New(axes...)), objectives: 2, evaluate: func(p []space.Value) ([]float64, float64) {
		x := func(i int) float64 { return float64(p[i].Int()) / float64(levels-1) }
		sum := 0.
		for i := 1; i < len(p); i++ {
			sum += x(i)
		}
		return zdtObjectives(n, x(0), 1+9*sum/float64(len(p)-1)), 0
	}}
}

func zdtObjectives(n int, f1, g float64) []float64 {
	ratio := f1 / g
	switch n {
	case 1:
		return []float64{f1, g * (1 - math.Sqrt(ratio))}
	case 2:
		return []float64{f1, g * (1 - ratio*ratio)}
	default:
		return []float64{f1, g * (1 - math.Sqrt(ratio) - ratio*math.Sin(10*math.Pi*f1))}
	}
}

func zdtFront(n, levels int) [][]float64 {
	a := pareto.New(2, pareto.FirstTie)
	for i := range levels {
		a.Insert(int64(i), zdtObjectives(n, float64(i)/float64(levels-1), 1))
	}
	return vectors(a.Front())
}
