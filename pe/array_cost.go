package pe

import (
	"errors"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/tensor"
)

// What the parts of the arrays are called where they are priced.
const (
	replayPart  = "replay"
	weightsPart = "weights"
)

var errFloat = errors.New("arrays of floating-point numbers have no resource model")

// Bill enters replay buffer, multipliers and adders, the weights and the work.
func (a Array) Bill(b *resources.Bill) {
	f, parts := a.Fold, a.parts()
	if f.OutFolds > 1 {
		a.billReplay(b, parts.Replay(ReplayDepth(f.VectorBeats()*int(a.tile()))))
	}
	if a.Elem.IsFloat() {
		b.Refuse(errFloat)
	} else {
		b.Stage(a.Kind(), parts)
	}
	if !a.Loads() {
		a.billWeights(b, parts.WeightMemory(a.Memory))
	}
	s := f.Shape
	s.Batch = 1
	b.MACs += s.MACs()
	b.Operate(resources.Operation{Part: "multiply", Count: s.MACs(), A: a.Weight.Bits(), B: a.Elem.Bits(), Float: a.Elem.IsFloat()})
	b.Operate(resources.Operation{Part: "accumulate", Count: s.MACs(), A: a.Accumulator.Bits, Float: a.Elem.IsFloat()})
}

// billWeights enters the memory of all weights.
func (a Array) billWeights(b *resources.Bill, m resources.Memory) {
	if !a.Elem.IsFloat() {
		b.Stage(weightsPart, m)
	}
	b.Memory(resources.MemoryUse{Name: weightsPart, Words: m.Words, WidthBits: m.WordBits, Cost: m.Store(),
		Reads: a.Fold.ComputeCycles(), Constant: true})
}

// billReplay enters the buffer of the vector that all output folds read. It has
// a power of two of places, of which those of one vector are the ones read.
func (a Array) billReplay(b *resources.Bill, r resources.Replay) {
	r.Beats *= int(a.tile())
	if !a.Elem.IsFloat() {
		b.Stage(replayPart, r)
	}
	store := resources.Buffer{Depth: ReplayDepth(r.Beats), WidthBits: r.WidthBits, Kind: resources.RAM}
	b.Memory(resources.MemoryUse{Name: replayPart, Words: store.Depth, WidthBits: store.WidthBits, Cost: store.Cost(),
		Reads: a.Fold.ComputeCycles(), Writes: a.Fold.WindowBeats(), Reach: r.Beats * r.WidthBits})
}

// parts are the arrays as the formulas know them.
func (a Array) parts() resources.Array {
	f := a.Fold
	return resources.Array{PE: f.Array.PE, SIMD: f.SumLanes(), GroupParallel: f.Array.GroupParallel,
		SF: f.VectorBeats(), NF: f.OutFolds, GroupFolds: f.GroupFolds,
		WeightBits: a.WeightBits(), InputBits: a.Elem.Bits(), AccumulatorBits: a.Accumulator.Bits,
		SignedInput: signed(a.Elem) && a.Zero == 0, Latency: a.Latency, Packing: a.Packing, Bias: f.Shape.Bias,
		ZeroPoint: a.Zero != 0, Saturates: a.Accumulator.Saturate}
}

// signed says whether a type has numbers below 0.
func signed(t tensor.DType) bool {
	if t.IsFloat() {
		return true
	}
	lo, _ := t.Range()
	return lo < 0
}
