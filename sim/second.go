package sim

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/second"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/tensor"
)

// Verifier says what outputs were compared with.
type Verifier string

// The verifiers. The definition is the naive loop nest; package second computes the same
// for big layers in a small part of the time, and is held to it by tests.
const (
	ByDefinition Verifier = "definition"
	BySecond     Verifier = "second"
)

// secondWork is from how many multiply-accumulates on a layer is big.
const secondWork = 1 << 17

// outputs waits for the outputs of a run, nil if they never come.
type outputs func() *tensor.Tensor

// compareSecond compares outputs, which may still be computed, with those of package second;
// false where that declines.
func (d *Design) compareSecond(ctx context.Context, batch conv.Shape, data *Data, frames int, y outputs) (findings, bool) {
	if !d.worthSecond(batch) {
		return findings{}, false
	}
	if d.Layer.DType.Input.IsFloat() {
		return d.secondFloats(ctx, batch, data, frames, y)
	}
	switch w := data.Weight.Data.(type) {
	case []int8:
		return secondWith(ctx, d, batch, w, data, frames, y)
	case []uint8:
		return secondWith(ctx, d, batch, w, data, frames, y)
	case []int16:
		return secondWith(ctx, d, batch, w, data, frames, y)
	}
	return findings{}, false
}

// worthSecond reports whether a layer is big.
func (d *Design) worthSecond(batch conv.Shape) bool {
	return batch.Batch > 0 && batch.MACs() >= secondWork
}

// secondWith is compareSecond with weights of a type.
func secondWith[W second.Integer](ctx context.Context, d *Design, batch conv.Shape, w []W, data *Data, frames int, y outputs) (findings, bool) {
	l := second.Layer[W]{Shape: batch, XZero: int32(d.Layer.ZeroPoint.Input), Weights: w}
	for _, zero := range d.Layer.ZeroPoint.Weight {
		l.WZero = append(l.WZero, int32(zero))
	}
	if data.Bias != nil {
		l.Bias = data.Bias.Int32s(nil, 0, data.Bias.Len())
	}
	if a := d.Accumulator(); a.Saturate {
		// Where no sum reaches the limits, none is cut on its way.
		if _, hi := a.Range(); l.Reach(greatest(d.Layer.DType.Input, l.XZero), float64(hi)) > float64(hi) {
			return findings{}, false
		}
	}
	switch elem := d.outputType(); {
	case elem == tensor.Int32:
		return secondOf[int32](ctx, d, l, data, frames, y)
	case elem == tensor.Int16:
		return secondOf[int16](ctx, d, l, data, frames, y)
	case pe.SpanOf(elem).Min < 0:
		return secondOf[int8](ctx, d, l, data, frames, y)
	}
	return secondOf[uint8](ctx, d, l, data, frames, y)
}

// outputType is what the pipeline's outputs are.
func (d *Design) outputType() tensor.DType { return d.Plan.Edges[len(d.Plan.Edges)-1].Stream.Elem }

// greatest is the greatest magnitude of activations of a type less their zero point.
func greatest(t tensor.DType, zero int32) float64 {
	lo, hi := t.Range()
	return math.Max(math.Abs(float64(lo)-float64(zero)), math.Abs(float64(hi)-float64(zero)))
}

// secondOf compares outputs of a type.
func secondOf[T, W second.Integer](ctx context.Context, d *Design, l second.Layer[W], data *Data, frames int, y outputs) (findings, bool) {
	c := &comparison[T]{d: d, batch: l.Shape, frames: frames, y: y, q: d.requantization(), acc: d.Accumulator()}
	if c.acc.Bits == 32 {
		c.certain = certainOf[T](d.Layer.Requantize)
	}
	ok := sums(ctx, l, data.Input, c.row)
	return c.found, ok
}

// sums is second.Sums of the first images of a tensor of integers, false for types that it does
// not know.
func sums[W second.Integer](ctx context.Context, l second.Layer[W], images *tensor.Tensor, row func(image, channel, y int, sums []int32)) bool {
	n := l.Shape.InputElements()
	switch x := images.Data.(type) {
	case []int8:
		return second.Sums(ctx, l, x[:n], row)
	case []uint8:
		return second.Sums(ctx, l, x[:n], row)
	case []int16:
		return second.Sums(ctx, l, x[:n], row)
	}
	return false
}

// certainOf returns how many activations at the beginning of got are certainly those of sums
// by a rule; nil without one.
func certainOf[T second.Integer](r *configs.Requantize) func(channel int, sums []int32, got []T) int {
	if r == nil {
		return nil
	}
	least, most := r.DType.Range()
	return certainWithin[T](r, int32(least), int32(most))
}

// certainWithin is certainOf activations that are limited to a range.
func certainWithin[T second.Integer](r *configs.Requantize, lowest, highest int32) func(channel int, sums []int32, got []T) int {
	zero := int32(r.OutputZeroPoint)
	var bounds *second.Bounds
	switch r.Rule {
	case configs.ONNX:
		rounding := second.NewRounding(r.InputScale, r.OutputScale, r.WeightScale, zero, lowest, highest)
		return func(channel int, sums []int32, got []T) int { return second.Row(rounding, channel, sums, got) }
	case configs.TFLite:
		bounds = second.NewFixedPoint(r.InputScale, r.OutputScale, r.WeightScale, zero, lowest, highest)
	case configs.Shift:
		bounds = second.NewPowers(r.Shift, zero, lowest, highest)
	default:
		return nil
	}
	return func(channel int, sums []int32, got []T) int { return second.RowWithin(bounds, channel, sums, got) }
}

// comparison compares rows of outputs of a type with their sums.
type comparison[T second.Integer] struct {
	d       *Design
	batch   conv.Shape
	frames  int
	y       outputs
	q       *conv.Requantization                             // nil without
	certain func(channel int, sums []int32, got []T) (n int) // of sums that no accumulator overflows; nil without
	acc     conv.Accumulator
	mu      sync.Mutex
	found   findings
}

// row compares a row, or some, of every frame that shows the image.
func (c *comparison[T]) row(image, channel, row int, sums []int32) {
	s, y := c.batch, c.y()
	if y == nil {
		return
	}
	outputs := y.Data.([]T)
	for frame := image; frame < c.frames; frame += s.Batch {
		at := ((frame*s.OutChannels+channel)*s.OutHeight + row) * s.OutWidth
		got := outputs[at:][:len(sums)]
		if whole, ok := any(got).([]int32); ok && c.q == nil && c.acc.Bits == 32 && slices.Equal(whole, sums) {
			continue
		}
		for i := 0; i < len(sums); i++ {
			if c.certain != nil {
				if i += c.certain(channel, sums[i:], got[i:]); i == len(sums) {
					break
				}
			}
			c.element(at+i, channel, sums, i, int64(got[i]))
		}
	}
}

// element compares one output with the definition of what becomes of its sum.
func (c *comparison[T]) element(at, channel int, sums []int32, i int, got int64) {
	exact := int64(sums[i])
	held := c.acc.Add(0, exact)
	conv2d, want := exact, held
	if c.q != nil {
		want = c.q.Of(channel, held)
		if conv2d = want; held != exact {
			conv2d = c.q.Of(channel, exact)
		}
	}
	if got == want && got == conv2d {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if got != want {
		c.found.wrong.add(at, fmt.Sprint(want), []int32{int32(held)}, 0)
		return
	}
	c.found.overflow.add(at, conv2d, got)
}
