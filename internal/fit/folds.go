package fit

import (
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
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
	gaps        int           // what Cost leaves out
	waits       int           // BRAM18 of FIFOs beside it, where what is held for a tile is waited for
	lanes       int           // of its output
	beats       int64         // that go into its arrays and come out of them
}

// layer is one that multiplies.
type layer struct {
	name  string
	conv  mapping.Conv
	folds []Fold
	lanes int   // that its output must have at least
	meets int64 // bits of a frame where its stream meets one that parted from it; 0: it does not
	at    int   // the fold chosen
	ultra bool
}

// foldsOf are the legal folds of a layer: those that divide its channels, and of whose cost no
// more is left out than need be; with weights in UltraRAM, too, if there is any.
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
			fold := Fold{Array: a, Style: style, Cycles: float64(cycles), Multipliers: int(f.MultipliersBuilt()), lanes: f.OutLanes(),
				beats: f.WindowBeats() + f.OutputBeats()}
			fold.Cost, fold.gaps = costOf(hw, c)
			if ultra {
				in := c
				in.Memory = resources.Ultra
				if fold.Ultra, _ = costOf(hw, in); fold.Ultra.BRAM18 >= fold.Cost.BRAM18 {
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
	least := slices.MinFunc(list, func(a, b Fold) int { return a.gaps - b.gaps }).gaps
	return slices.DeleteFunc(list, func(f Fold) bool { return f.gaps > least })
}

// fold is the layer's.
func (f Fold) fold(c mapping.Conv) sched.Fold { return sched.NewFold(c.Fold.Shape, f.Array, f.Style) }

// costOf is what the stages of a layer cost, and of how much that is left out.
func costOf(hw *configs.Hardware, c mapping.Conv) (cost resources.Amount, gaps int) {
	r, list := resources.Price(c.Plan(), device(hw)).Partly()
	return r.Total, len(list)
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
	bridges := sizing.Bridges(net.Plan)
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
		list = append(list, &layer{name: n.Layer, conv: c, folds: foldsOf(hw, c, ultra), meets: meeting(net.Plan, bridges, i)})
	}
	return list
}

// meeting is how many bits a frame has where the stream of a node meets one that parted from it.
func meeting(p *pipeline.Plan, bridges []bool, node int) int64 {
	for i, e := range p.Edges { // upstream ones first
		if e.From.Node != node {
			continue
		}
		if bridges[i] {
			return 0
		}
		if node = e.To.Node; meets(p, e) {
			return e.Stream.Frame() * int64(e.Stream.Bits())
		}
	}
	return 0
}

// take chooses the fold that is least by a measure of those that are no slower than an
// interval and have lanes enough; the fastest if there is none.
func (l *layer) take(interval float64, measure func(f *Fold, ultra bool) float64) {
	found, least, fast := false, 0.0, 0
	for i := range l.folds {
		f := &l.folds[i]
		if f.Cycles < l.folds[fast].Cycles {
			fast = i
		}
		if f.Cycles > interval || f.lanes < l.lanes {
			continue
		}
		if dear := measure(f, false); !found || dear < least {
			found, least, l.at, l.ultra = true, dear, i, false
		}
		if f.Ultra.URAM == 0 {
			continue
		}
		if dear := measure(f, true); dear < least {
			least, l.at, l.ultra = dear, i, true
		}
	}
	if !found {
		l.at, l.ultra = fast, false
	}
}

// taken is what the fold chosen takes.
func (l *layer) taken() vector { return l.folds[l.at].takes(l.ultra) }
