package pe_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/stepsim"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// TestArraysEqualCycleStepping holds arrays of every style and depth, alone
// between gates that hold them up, to the simulator that steps every cycle.
func TestArraysEqualCycleStepping(t *testing.T) {
	t.Parallel()
	for i := range 3000 {
		r := rand.New(rand.NewPCG(7, uint64(i)))
		s := pe.Array{Fold: vectors(1+r.IntN(1+i%9), 1+r.IntN(3), 1+r.IntN(60)), Elem: tensor.Int8, Weight: tensor.Int8,
			Sum: tensor.Int32, Latency: 1 + r.IntN(1+i%64), Style: pe.Style(i % 3)}
		source, sink := randomGate(r), randomGate(r)
		want, err := stepped(s, source, sink)
		if err != nil {
			t.Fatal(err)
		}
		got, err := solved(s, source, sink)
		if err != nil {
			t.Fatalf("array %d %+v: %v", i, s, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("array %d: %+v between %v and %v (-stepped +solved)\n%s", i, s, source, sink, diff)
		}
	}
}

// vectors is a pointwise convolution over a row of pixels: so many vectors of sf
// beats, read nf times.
func vectors(sf, nf, n int) sched.Fold {
	one := conv.Pair{H: 1, W: 1}
	shape := conv.Shape{Batch: 1, InChannels: sf, OutChannels: nf, Groups: 1, InHeight: 1, OutHeight: 1,
		InWidth: n, OutWidth: n, Kernel: one, Stride: one, Dilation: one}
	return sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Parallel)
}

// gate is open for on cycles out of on+off, from cycle 0 or after the off ones.
type gate struct {
	on, off int64
	late    bool
}

func randomGate(r *rand.Rand) gate {
	if r.IntN(3) == 0 {
		return gate{on: 1}
	}
	return gate{1 + r.Int64N(40), r.Int64N(90), r.IntN(2) == 0}
}

func (g gate) cycles() (open []int64, period int64) {
	first := int64(0)
	if g.late {
		first = g.off
	}
	for c := range g.on {
		open = append(open, first+c)
	}
	return open, g.on + g.off
}

func stepped(s pe.Array, source, sink gate) ([][]int64, error) {
	gateOf := func(g gate) stepsim.Gate {
		open, period := g.cycles()
		l := stepsim.Listed{Period: stepsim.Cycle(period)}
		for _, c := range open {
			l.Cycles = append(l.Cycles, stepsim.Cycle(c))
		}
		return l
	}
	core := map[pe.Style]stepsim.Core{pe.Queued: stepsim.CoreDev, pe.Frozen: stepsim.CoreMain, pe.FrozenLate: stepsim.CoreOld}
	a := stepsim.Array{SF: s.Fold.VectorBeats(), NF: s.Fold.OutFolds, Vectors: int(s.Fold.Vectors()), Latency: s.Latency, Core: core[s.Style]}
	r, err := stepsim.Chain{Stages: []stepsim.Stage{stepsim.Source{Gate: gateOf(source)}, a, stepsim.Sink{Gate: gateOf(sink)}},
		Frames: 1, Handshakes: true}.Run(1 << 30)
	if err != nil {
		return nil, err
	}
	var all [][]int64
	for _, e := range r.Edges {
		var at []int64
		for _, c := range e.Cycles {
			at = append(at, int64(c))
		}
		all = append(all, at)
	}
	return all, nil
}

func solved(s pe.Array, source, sink gate) ([][]int64, error) {
	patternOf := func(g gate) clock.Pattern {
		open, period := g.cycles()
		l := clock.List{Repeat: clock.Cycle(period)}
		for _, c := range open {
			l.Cycles = append(l.Cycles, clock.Cycle(c))
		}
		return l
	}
	in, out := s.Streams()
	p := &pipeline.Plan{}
	from := pipeline.Port{Node: p.Add("", wiring.Source{Stream: in[0], Pattern: patternOf(source)})}
	array := pipeline.Port{Node: p.Add("", s)}
	p.Join(from, array)
	p.Join(array, pipeline.Port{Node: p.Add("", wiring.Sink{Stream: out[0], Pattern: patternOf(sink)})})
	r, err := clock.Solve(p, clock.Options{Frames: 1, Record: true})
	if err != nil {
		return nil, err
	}
	all := make([][]int64, len(r.Records))
	for i, e := range r.Records {
		for _, span := range e.Out.Spans {
			for c := span.First; c <= span.Last; c++ {
				all[i] = append(all[i], int64(c))
			}
		}
	}
	return all, nil
}
