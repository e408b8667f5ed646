package fit

import (
	"maps"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/sched"
)

// Fold is how a layer that multiplies is folded.
type Fold struct {
	Array sched.Array
	Style sched.Style
	// Cycles of a frame: by formula, or as simulated once that is known.
	Cycles float64
	Cost   resources.Amount
	// Ultra is the cost with weights in UltraRAM instead of block RAM, zero if that cannot be.
	Ultra resources.Amount
	// Multipliers are those of its arrays.
	Multipliers int
	Reuse       configs.Reuse // of weights that come by the DRAM; "": they are on the chip
	Loads       int64         // bytes of weights that come a frame
	lanes       int           // of its output
	beats       int64         // that go into its arrays and come out of them
}

// layer is one that multiplies.
type layer struct {
	name  string
	conv  mapping.Conv
	folds []Fold
	lanes int // that its output must have at least
}

// foldsOf are the legal folds of a layer: those that divide its channels; with weights in
// UltraRAM, too, if there is any.
func foldsOf(hw *configs.Hardware, c mapping.Conv, ultra bool) []Fold {
	s := c.Fold.Shape
	var list []Fold
	add := func(a sched.Array) {
		for _, style := range []sched.Style{sched.Serial, sched.Parallel} {
			f := sched.NewFold(s, a, style)
			if f.Style != style {
				continue // one tap has no serial window
			}
			c.Fold, c.ArrayLatency = f, hw.ArrayLatency(f.SumLanes())
			cycles := max(f.ComputeCycles(), f.WindowBeats(), f.PaddedBeats(), f.InputBeats())
			fold := Fold{Array: a, Style: style, Cycles: float64(cycles), Cost: costOf(hw, c),
				Multipliers: int(f.MultipliersBuilt()), lanes: f.OutLanes(), beats: f.WindowBeats() + f.OutputBeats()}
			if ultra {
				in := c
				in.Memory = resources.Ultra
				if fold.Ultra = costOf(hw, in); fold.Ultra.BRAM18 >= fold.Cost.BRAM18 {
					fold.Ultra = resources.Amount{}
				}
			}
			list = append(list, fold)
		}
	}
	for _, pe := range divisors(s.GroupOutChannels()) {
		for _, simd := range divisors(s.GroupInChannels()) {
			add(sched.Array{PE: pe, SIMD: simd, GroupParallel: 1})
		}
	}
	for _, groups := range divisors(s.Groups)[1:] {
		add(sched.Array{PE: s.GroupOutChannels(), SIMD: s.GroupInChannels(), GroupParallel: groups})
	}
	return list
}

// fold is the layer's.
func (f Fold) fold(c mapping.Conv) sched.Fold { return sched.NewFold(c.Fold.Shape, f.Array, f.Style) }

// costOf is what the stages of a layer cost.
func costOf(hw *configs.Hardware, c mapping.Conv) resources.Amount {
	r, _ := resources.Price(c.Plan(), device(hw)).Partly()
	return r.Total
}

func device(hw *configs.Hardware) resources.Device {
	return resources.Device{DSP: hw.DSPKind(), ClockMHz: hw.ClockMHz}
}

// divisors of n, in order.
func divisors(n int) []int {
	var list []int
	for d := 1; d <= n; d++ {
		if n%d == 0 {
			list = append(list, d)
		}
	}
	return list
}

// layersOf are the layers of a planned network that multiply, with their folds.
func layersOf(hw *configs.Hardware, net *mapping.Net, ultra bool) []*layer {
	var list []*layer
	for i, n := range net.Plan.Nodes {
		a, ok := n.Block.(pe.Array)
		if !ok {
			continue
		}
		c := mapping.Conv{Fold: a.Fold, Elem: a.Elem, Weight: a.Weight, Sum: a.Sum, Zero: a.Zero, Accumulator: a.Accumulator,
			Packing: a.Packing, WeightZero: a.WeightZero}
		for _, next := range net.Plan.Nodes[i+1:] {
			if r, ok := next.Block.(pe.Requantize); ok && next.Layer == n.Layer {
				c.Requantize = &r
			}
		}
		list = append(list, &layer{name: n.Layer, conv: c, folds: foldsOf(hw, c, ultra)})
	}
	return list
}

// cheapest is the fold of least weight that is no slower than an interval and has
// lanes enough, where a byte of weights that comes has a weight, too; the fastest if
// none is.
func (l *layer) cheapest(interval float64, w weights, port float64) int {
	dear := func(f Fold) float64 {
		return w.least(f) + w[multipliers]*float64(f.Multipliers) + w[beats]*float64(f.beats) + port*float64(f.Loads)
	}
	best := -1
	for i, f := range l.folds {
		switch {
		case f.Cycles > interval || f.lanes < l.lanes:
		case best < 0 || dear(f) < dear(l.folds[best]):
			best = i
		}
	}
	if best < 0 {
		fast := slices.MinFunc(l.folds, func(a, b Fold) int { return int(a.Cycles - b.Cycles) })
		best = slices.IndexFunc(l.folds, func(f Fold) bool { return f == fast })
	}
	return best
}

// weights say how dear each resource is.
type weights map[resources.Resource]float64

func (w weights) of(a resources.Amount) float64 {
	sum := 0.0
	for _, r := range resources.Resources() {
		sum += w[r] * float64(a.Of(r))
	}
	return sum
}

// least is what a fold weighs wherever its weights are.
func (w weights) least(f Fold) float64 {
	if f.Ultra == (resources.Amount{}) {
		return w.of(f.Cost)
	}
	return min(w.of(f.Cost), w.of(f.Ultra))
}

// weighings are ways to tell what is cheap on a board: shares of all it has, then
// those of one resource above all, of multipliers if they are limited.
func weighings(o *Options) []weights {
	limits := o.Limits
	share := func(r resources.Resource) float64 { return 1 / float64(max(1, limits.Of(r))) }
	even := weights{}
	for _, r := range resources.Resources() {
		even[r] = share(r)
	}
	list := []weights{even}
	const above = 50
	if o.Multipliers > 0 {
		w := maps.Clone(even)
		w[multipliers] = above / float64(o.Multipliers)
		list = []weights{w}
	}
	if o.quick { // folds of as many multipliers: what has few beats holds nothing up
		list[0][beats] = 1e-10
	}
	for _, dear := range [][]resources.Resource{{resources.DSP}, {resources.LUT}, {resources.BRAM18, resources.URAM}} {
		w := maps.Clone(even)
		for _, r := range dear {
			w[r] *= above
		}
		list = append(list, w)
	}
	return list
}
