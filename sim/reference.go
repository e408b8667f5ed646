package sim

import (
	"context"
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// findings are what comparing an output with the reference has found.
type findings struct {
	wrong    differences // from what the modelled hardware makes
	overflow overflows   // from Conv2d, where the hardware makes what it should
}

// eachPart computes a reference of the batch part by part, and calls what that
// returns with every stretch of the output that shows the part. It tells told, if
// that is not nil, how many of all parts are done.
func eachPart(ctx context.Context, batch conv.Shape, frames int, told func(done, total int), reference func(p part) (compare func(at, length int))) error {
	done, total := 0, 0
	for range parts(batch, partWork) {
		total++
	}
	for p := range parts(batch, partWork) {
		if err := ctx.Err(); err != nil {
			return err
		}
		p.shown(batch, frames, reference(p))
		if done++; told != nil {
			told(done, total)
		}
	}
	return ctx.Err()
}

// compareInts compares an integer output with the naive loop nest: with Conv2d
// itself, and with what accumulators of the hardware's width make of it, summed
// up in the order of the arrays.
func (d *Design) compareInts(ctx context.Context, batch conv.Shape, data *Data, frames int, out *Outcome) (findings, error) {
	var v findings
	order, weights := d.Fold.Order(), d.weights(data)
	var x, bias, y []int32
	err := eachPart(ctx, batch, frames, out.checking, func(p part) func(at, length int) {
		atX, atW, atBias, _ := p.places(batch)
		x = data.Input.Int32s(x[:0], atX, int(p.shape.InputElements()))
		for i := range x {
			x[i] -= int32(d.Layer.ZeroPoint.Input)
		}
		if data.Bias != nil {
			bias = data.Bias.Int32s(bias[:0], atBias, p.shape.OutChannels)
		}
		sums := conv.ReferenceInt(p.shape, order, d.Accumulator(), x, weights[atW:][:p.shape.WeightElements()], bias)
		conv2d, held := d.activations(p, sums)
		return func(at, length int) {
			y = out.Output.Int32s(y[:0], at, length)
			for i, got := range y {
				switch {
				case int64(got) != held[i]:
					v.wrong.add(at+i, fmt.Sprint(held[i]), sums.Held, i)
				case int64(got) != conv2d[i]:
					v.overflow.add(at+i, conv2d[i], int64(got))
				}
			}
		}
	})
	return v, err
}

// opinion is what the second implementation finds, if it does not decline.
type opinion struct {
	found findings
	ok    bool
}

// secondOpinion asks the second implementation, unless that was done beside the solving of time.
func (d *Design) secondOpinion(ctx context.Context, batch conv.Shape, data *Data, frames int, out *Outcome) (findings, bool) {
	if o := out.opinion; o != nil {
		return o.found, o.ok
	}
	return d.compareSecond(ctx, batch, data, frames, func() *tensor.Tensor { return out.Output })
}

// activations are the outputs of a part: Conv2d's, which take the place of the
// exact sums, and those of sums as the accumulators hold them.
func (d *Design) activations(p part, sums conv.Sums) (conv2d, held []int64) {
	q := d.requantization()
	plane := p.shape.OutHeight * p.shape.OutWidth
	conv2d, held = sums.Exact, make([]int64, len(sums.Held))
	for i, sum := range sums.Held {
		held[i] = int64(sum)
		if q == nil {
			continue
		}
		channel, same := p.channel+i/plane%p.shape.OutChannels, conv2d[i] == held[i]
		held[i] = q.Of(channel, held[i])
		if same {
			conv2d[i] = held[i]
		} else {
			conv2d[i] = q.Of(channel, conv2d[i])
		}
	}
	return conv2d, held
}

// requantization is the reference of the layer's rule, nil if the output is the
// accumulators.
func (d *Design) requantization() *conv.Requantization {
	r := d.Layer.Requantize
	if r == nil {
		return nil
	}
	q := &conv.Requantization{ZeroPoint: r.OutputZeroPoint}
	q.Lowest, q.Highest = r.DType.Range()
	switch r.Rule {
	case configs.ONNX:
		q.Scale = conv.ScaleONNX(r.InputScale, r.OutputScale, r.WeightScale)
	case configs.TFLite:
		q.Scale = conv.ScaleTFLite(r.InputScale, r.OutputScale, r.WeightScale)
	case configs.Shift:
		q.Scale = conv.ScaleShift(r.Shift)
	default:
		panic(fmt.Sprintf("sim: requantisation rule %q", r.Rule))
	}
	return q
}

// compareFloats compares a float32 output bit for bit with the loop nest that
// sums up in the order of the arrays.
func (d *Design) compareFloats(ctx context.Context, batch conv.Shape, data *Data, frames int, out *Outcome) (findings, error) {
	var v findings
	order, operands := d.Fold.Order(), d.floats(data)
	err := eachPart(ctx, batch, frames, out.checking, func(p part) func(at, length int) {
		x, w, bias := operands.of(p, batch)
		want := conv.ReferenceFloat(p.shape, order, x, w, bias)
		return func(at, length int) {
			for i, got := range out.Output.Data.([]float32)[at:][:length] {
				if !sameFloat(want[i], got) {
					v.wrong.add(at+i, fmt.Sprint(want[i]), nil, 0)
				}
			}
		}
	})
	return v, err
}

// floatOperands are the operands of a float32 layer.
type floatOperands struct{ input, weight, bias []float32 }

func (d *Design) floats(data *Data) floatOperands {
	o := floatOperands{input: data.Input.Data.([]float32), weight: data.Weight.Data.([]float32)}
	if data.Bias != nil {
		o.bias = data.Bias.Data.([]float32)
	}
	return o
}

// of returns the operands of a part.
func (o floatOperands) of(p part, batch conv.Shape) (x, w, bias []float32) {
	atX, atW, atBias, _ := p.places(batch)
	if o.bias != nil {
		bias = o.bias[atBias:][:p.shape.OutChannels]
	}
	return o.input[atX:][:p.shape.InputElements()], o.weight[atW:][:p.shape.WeightElements()], bias
}
