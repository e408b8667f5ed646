package mapping

import (
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/tensor"
)

// blocks makes a block per stage, joined from source to sink.
func blocks(d *Draft) error {
	c := d.conv()
	var err error
	if c.Load, c.Tile, err = loads(d.Hardware, d.Layer.Name, d.Fold); err != nil {
		return err
	}
	list := c.Blocks()
	first, _ := list[0].Streams()
	_, last := list[len(list)-1].Streams()
	from, err := offering(d.Hardware, first[0])
	if err != nil {
		return err
	}
	to, err := taking(d.Hardware, last[0])
	if err != nil {
		return err
	}
	d.Plan = &pipeline.Plan{Nodes: make([]pipeline.Node, 0, len(list)+2), Edges: make([]pipeline.Edge, 0, len(list)+1)}
	at := Chain(d.Plan, "", Nowhere, from)
	at = Chain(d.Plan, "", at, list...)
	Chain(d.Plan, "", at, to)
	if c.Tile == 0 {
		return nil // a chain of blocks that the sizes of the layer make fit
	}
	return d.Plan.Check()
}

// conv is what the files say of the layer's stages.
func (d *Draft) conv() Conv {
	hw, types := d.Hardware, d.Layer.DType
	c := Conv{Fold: d.Fold, Elem: types.Input, Weight: types.Weight, Sum: types.Accumulator, Zero: int32(d.Layer.ZeroPoint.Input),
		Accumulator: d.Accumulator(), Overlap: hw.Window.FrameOverlap, BufferDepth: int64(hw.Window.BufferDepth),
		ArrayLatency: hw.ArrayLatency(d.Fold.SumLanes()), ArrayQueue: hw.ArrayQueue(d.Fold.SumLanes()),
		WeightZero: anyZeroPoint(d.Layer.ZeroPoint.Weight), Memory: hw.Weights.Style()}
	c.Packing = hw.Packing(c.Array().WeightBits(), c.Elem.Bits())
	if q := d.Layer.Requantize; q != nil {
		c.Requantize = &pe.Requantize{Sum: types.Accumulator, Elem: q.DType, Rule: rule(q), Bias: d.Fold.Shape.Bias,
			Latency: requantizeLatency(hw.Requantize, q.DType)}
	}
	return c
}

// anyZeroPoint reports whether a zero point has to be taken off.
func anyZeroPoint[T int32 | int64](zeros []T) bool {
	return slices.ContainsFunc(zeros, func(z T) bool { return z != 0 })
}

// Accumulator is the register outputs are summed up in.
func (d *Draft) Accumulator() conv.Accumulator { return accumulatorOf(d.Hardware) }

func accumulatorOf(hw *configs.Hardware) conv.Accumulator {
	a := hw.Accumulator
	return conv.Accumulator{Bits: a.Bits, Saturate: a.Overflow == configs.Saturate}
}

// requantizeLatency is the one stated, or else that of the style for elements of a type.
// Thresholds are the steps between all values of the type.
func requantizeLatency(s configs.RequantizeStage, to tensor.DType) int {
	switch {
	case s.Latency > 0:
		return s.Latency
	case s.Style == configs.ThresholdStage:
		return pe.ThresholdLatency(1<<to.Bits()-1, s.Deep)
	case s.Style == configs.ScaleStage:
		return pe.ScaleLatency
	}
	return 1
}

// rule is the layer's requantisation.
func rule(q *configs.Requantize) pe.Rule {
	kind := map[configs.RequantizeRule]pe.RuleKind{configs.ONNX: pe.ONNX, configs.TFLite: pe.TFLite, configs.Shift: pe.Shift}[q.Rule]
	return pe.Rule{Kind: kind, Shift: q.Shift, Scales: pe.Scales{Input: q.InputScale, Output: q.OutputScale, Weight: q.WeightScale},
		Out: pe.Output{ZeroPoint: int32(q.OutputZeroPoint), Range: pe.SpanOf(q.DType)}}
}
