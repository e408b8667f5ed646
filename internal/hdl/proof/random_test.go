package proof_test

import (
	"math/rand/v2"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Bounds of random designs, so that Icarus takes some tenths of a second.
const (
	mostMultipliers = 64
	mostWork        = 60000 // cycles of computing times multipliers
)

// randomDesign draws a legal layer on a legal hardware between random patterns,
// with random weights, biases and images.
func randomDesign(r *rand.Rand) proof.Design { return randomDesignWith(r, nil) }

// randomDesignWith is randomDesign that changes what was drawn.
func randomDesignWith(r *rand.Rand, change func(r *rand.Rand, c *mapping.Conv)) proof.Design {
	work := int64(mostWork)
	if r.IntN(4) > 0 { // small ones show most rules as well
		work /= 6
	}
	for {
		layer := randomLayer(r)
		shape, err := layer.Resolve(1, 1+r.IntN(9), 1+r.IntN(9))
		if err != nil {
			continue
		}
		array := sched.Array{PE: 1 + r.IntN(4), SIMD: 1 + r.IntN(4), GroupParallel: 1 + r.IntN(3)}
		f := sched.NewFold(shape, array, sched.Style(r.IntN(2)))
		frames := 1 + r.IntN(3)
		if f.MultipliersBuilt() > mostMultipliers || f.ComputeCycles()*f.MultipliersBuilt()*int64(frames) > work {
			continue
		}
		c := randomConv(r, f)
		if r.IntN(5) == 0 {
			c.Load, c.Tile = randomLoad(r, f)
		}
		if change != nil {
			change(r, &c)
		}
		return design(r, c, frames)
	}
}

func randomLayer(r *rand.Rand) conv.Conv2d {
	pair := func(n int) conv.Pair { return conv.Pair{H: 1 + r.IntN(n), W: 1 + r.IntN(n)} }
	groups := 1 + r.IntN(4)
	l := conv.Conv2d{Groups: groups, InChannels: groups * (1 + r.IntN(6)), OutChannels: groups * (1 + r.IntN(6)),
		Kernel: pair(4), Stride: pair(3), Dilation: pair(3), PaddingMode: conv.PaddingMode(r.IntN(4)), Bias: r.IntN(2) == 0}
	if r.IntN(4) == 0 {
		l.Stride = pair(9)
	}
	side := func() int { return max(0, r.IntN(6)-2) }
	l.Padding.Sides = conv.Sides{Top: side(), Bottom: side(), Left: side(), Right: side()}
	return l
}

// randomConv draws what a hardware and a layer file say besides.
func randomConv(r *rand.Rand, f sched.Fold) mapping.Conv {
	types := []tensor.DType{tensor.Int8, tensor.Int8, tensor.UInt8, tensor.Int4, tensor.UInt4, tensor.Int16}
	c := mapping.Conv{Fold: f, Elem: types[r.IntN(len(types))], Weight: types[r.IntN(len(types))], Sum: tensor.Int32,
		Accumulator: conv.Accumulator{Bits: []int{32, 32, 16, 12, 9}[r.IntN(5)], Saturate: r.IntN(3) == 0},
		Overlap:     r.IntN(2) == 0, ArrayLatency: []int{3, 3, 3, 1, 2, 5, 6, 7 + r.IntN(20)}[r.IntN(8)],
		Packing: 1 + r.IntN(2), WeightZero: r.IntN(4) == 0}
	if f.Shape.PaddingMode == conv.Zeros && r.IntN(2) == 0 {
		lo, hi := c.Elem.Range()
		c.Zero = int32(lo + r.Int64N(hi-lo+1))
	}
	if f.Style == sched.Serial && r.IntN(3) == 0 {
		least := f.LeastWindowDepth()
		c.BufferDepth = least + r.Int64N(f.WindowDepth()-least+3)
	}
	if r.IntN(4) > 0 {
		c.Requantize = &pe.Requantize{Sum: tensor.Int32, Elem: types[r.IntN(len(types))], Bias: f.Shape.Bias}
		c.Requantize.Rule = randomRule(r, f.Shape.OutChannels, c.Requantize.Elem)
		if r.IntN(4) == 0 {
			c.Requantize.Latency = 2 + r.IntN(7)
		}
	}
	return c
}

// randomLoad draws a port by which weights come, and how many pixels use them.
func randomLoad(r *rand.Rand, f sched.Fold) (clock.Share, int) {
	port := clock.Share{Name: "dram", Num: 1 + r.Int64N(60), Den: 1 + r.Int64N(3)}
	pixels := f.Shape.OutHeight * f.Shape.OutWidth
	if f.GroupFolds > 1 || r.IntN(4) == 0 {
		return port, 1
	}
	for {
		if n := 1 + r.IntN(pixels); pixels%n == 0 {
			return port, n
		}
	}
}

func randomRule(r *rand.Rand, channels int, elem tensor.DType) pe.Rule {
	lo, hi := elem.Range()
	rule := pe.Rule{Kind: pe.RuleKind(r.IntN(3)), Out: pe.Output{ZeroPoint: int32(lo + r.Int64N(hi-lo+1)), Range: pe.SpanOf(elem)}}
	if r.IntN(4) == 0 {
		rule.Out.Range.Min = int64(rule.Out.ZeroPoint)
	}
	n := 1
	if r.IntN(2) == 0 {
		n = channels
	}
	factor := func() float32 { return (r.Float32() + 0.01) * []float32{1e-4, 1e-2, 1, 1, 100}[r.IntN(5)] }
	rule.Scales = pe.Scales{Input: factor(), Output: 1}
	for range n {
		rule.Shift = append(rule.Shift, r.IntN([]int{4, 12, 32}[r.IntN(3)]))
		rule.Scales.Weight = append(rule.Scales.Weight, factor())
	}
	return rule
}

// design puts a layer between its ends and makes up its data.
func design(r *rand.Rand, c mapping.Conv, frames int) proof.Design {
	list := c.Blocks()
	first, _ := list[0].Streams()
	_, last := list[len(list)-1].Streams()
	p := &pipeline.Plan{}
	source, sink := wiring.Source{Stream: first[0], Pattern: randomPattern(r)}, wiring.Sink{Stream: last[0], Pattern: randomPattern(r)}
	if c.Load != (clock.Share{}) && r.IntN(3) == 0 { // ends behind the port of the weights
		source.Share, sink.Share = c.Load, c.Load
	}
	mapping.Chain(p, "", mapping.Chain(p, "", mapping.Chain(p, "", mapping.Nowhere, source), list...), sink)
	latency := []int{1, 1, 2, 3, 5}[r.IntN(5)]
	for i := range p.Edges {
		p.Edges[i].Depth = []int{0, 0, 0, 1, 2, 2, 3, 5, 9, 40, 80, 600}[r.IntN(12)]
		p.Edges[i].Latency = latency
	}
	d := proof.Design{Name: "random", Plan: p, Frames: frames, Constants: make([]flow.Constants, len(p.Nodes))}
	s := c.Fold.Shape
	for i, n := range p.Nodes {
		switch n.Block.(type) {
		case wiring.Source:
			d.Constants[i] = flow.Constants{"images": randomTensor(r, c.Elem, frames, s.InChannels, s.InHeight, s.InWidth)}
		case pe.Weights:
			d.Constants[i] = flow.Constants{"weight": randomTensor(r, c.Weight, s.WeightShape()...)}
		case pe.Array:
			k := flow.Constants{}
			if !c.Array().Loads() {
				k["weight"] = randomTensor(r, c.Weight, s.WeightShape()...)
			}
			if s.Bias {
				k["bias"] = randomTensor(r, c.Sum, s.OutChannels)
			}
			if c.WeightZero {
				lo, hi := c.Weight.Range()
				zeros := make([]int32, []int{1, s.OutChannels}[r.IntN(2)])
				for i := range zeros {
					zeros[i] = int32(lo + r.Int64N(hi-lo+1))
				}
				k["weight_zero"], _ = tensor.From(tensor.Int32, zeros, len(zeros))
			}
			d.Constants[i] = k
		}
	}
	return d
}

func randomTensor(r *rand.Rand, elem tensor.DType, shape ...int) *tensor.Tensor {
	t, err := tensor.New(elem, shape...)
	if err != nil {
		panic(err)
	}
	var lo, hi int64
	if !elem.IsFloat() {
		lo, hi = elem.Range()
	}
	draw := func() int64 {
		if elem == tensor.Int32 {
			return r.Int64N(4001) - 2000
		}
		return lo + r.Int64N(hi-lo+1)
	}
	switch x := t.Data.(type) {
	case []int8:
		fill(x, draw)
	case []uint8:
		fill(x, draw)
	case []int16:
		fill(x, draw)
	case []int32:
		fill(x, draw)
	case []float32:
		for i := range x {
			x[i] = (r.Float32() - 0.5) * []float32{1, 1, 1e-21, 1e15, 16}[r.IntN(5)]
		}
	}
	return t
}

func fill[T int8 | uint8 | int16 | int32](x []T, draw func() int64) {
	for i := range x {
		x[i] = T(draw())
	}
}

func randomPattern(r *rand.Rand) clock.Pattern {
	n := func(most int64) clock.Cycle { return clock.Cycle(1 + r.Int64N(most)) }
	switch r.IntN(7) {
	case 0:
		every := n(6)
		return clock.Every{N: every, Phase: clock.Cycle(r.Int64N(int64(every)))}
	case 1:
		return clock.Burst{On: n(20), Off: n(20)}
	case 2:
		return clock.Random{Seed: r.Uint32()}
	case 3:
		g, err := clock.NewRate(float64(1+r.IntN(5)), 1+r.IntN(7))
		if err != nil {
			panic(err)
		}
		return g
	}
	return clock.Always{}
}
