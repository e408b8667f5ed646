package sim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/tensor"
)

// Mismatch is an output element that is not what it should be.
type Mismatch struct {
	Against   string // "reference" or "expect"
	Index     []int  // in the output tensor
	Want, Got string
	Stage     string // the first stage whose output is wrong
	Cycle     pipeline.Cycle
	Count     int // elements that differ
	Of        int
}

func (m *Mismatch) Error() string {
	return fmt.Sprintf("mismatch with the %s: output%v is %s, want %s (stage %s, leaves in cycle %d); %d of %d elements differ",
		m.Against, m.Index, m.Got, m.Want, m.Stage, m.Cycle, m.Count, m.Of)
}

func sha(t *tensor.Tensor) string {
	sum := sha256.Sum256(t.Bytes())
	return hex.EncodeToString(sum[:])
}

// verify compares the output with the reference, and with the expected tensor
// if one is given. The reference is computed once per different image.
func (d *Design) verify(ctx context.Context, data *Data, frames int, out *Outcome) (*Mismatch, error) {
	s := d.Fold.Shape
	s.Batch = min(frames, images(data, s.InChannels*s.InHeight*s.InWidth))
	if s.Batch == 0 {
		return nil, ctx.Err()
	}
	want, accumulators, err := d.reference(data, s)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	stage := func(i int) string { return d.blame(ctx, data, frames, accumulators, i) }
	if m := d.compare(ctx, "reference", want, out.Output, frames, stage); m != nil {
		return m, nil
	}
	if data.Expect != nil {
		return d.compare(ctx, "expected output", data.Expect, out.Output, frames, func(int) string { return "the reference agrees with the pipeline" }), nil
	}
	return nil, nil
}

// reference computes the output of a batch and its accumulators with the naive
// loop nest, in the order in which the arrays sum up.
func (d *Design) reference(data *Data, s conv.Shape) (y *tensor.Tensor, accumulators []int32, err error) {
	order := d.Fold.Order()
	n := s.Batch * s.InChannels * s.InHeight * s.InWidth
	if d.Layer.DType.Input.IsFloat() {
		var bias []float32
		if data.Bias != nil {
			bias = data.Bias.Float32s(nil, 0, data.Bias.Len())
		}
		f := conv.ReferenceFloat(s, order, data.Input.Float32s(nil, 0, n), data.Weight.Float32s(nil, 0, data.Weight.Len()), bias)
		y, err = tensor.From(tensor.Float32, f, s.OutputShape()...)
		return y, nil, err
	}
	x := data.Input.Int32s(nil, 0, n)
	for i := range x {
		x[i] -= int32(d.Layer.ZeroPoint.Input)
	}
	var bias []int32
	if data.Bias != nil {
		bias = data.Bias.Int32s(nil, 0, data.Bias.Len())
	}
	accumulators = conv.ReferenceInt(s, order, d.accumulator(), x, d.weights(data), bias)
	requantizer, err := d.requantizer()
	if err != nil {
		return nil, nil, err
	}
	if requantizer == nil {
		y, err = tensor.FromInt32s(d.Layer.DType.Output, accumulators, s.OutputShape()...)
		return y, accumulators, err
	}
	q := make([]int32, len(accumulators))
	plane := s.OutHeight * s.OutWidth
	for from := 0; from < len(q); from += plane {
		requantizer.Apply(q[from:from+plane], accumulators[from:from+plane], from/plane%s.OutChannels, 1)
	}
	y, err = tensor.FromInt32s(d.Layer.DType.Output, q, s.OutputShape()...)
	return y, accumulators, err
}

// compare compares frame after frame with want's images in turn.
func (d *Design) compare(ctx context.Context, against string, want, got *tensor.Tensor, frames int, stage func(i int) string) *Mismatch {
	s := d.Fold.Shape
	perImage := s.OutChannels * s.OutHeight * s.OutWidth
	have := want.Len() / perImage
	var m *Mismatch
	for i := range got.Len() {
		w := (i/perImage)%have*perImage + i%perImage
		if same(want, w, got, i) {
			continue
		}
		if m == nil {
			m = &Mismatch{Against: against, Index: got.Coordinates(i), Want: element(want, w), Got: element(got, i),
				Stage: stage(i), Cycle: d.leaves(i, frames), Of: got.Len()}
		}
		m.Count++
	}
	return m
}

// same compares bit for bit; two NaNs are the same.
func same(a *tensor.Tensor, i int, b *tensor.Tensor, j int) bool {
	if x, ok := a.Data.([]float32); ok {
		u, v := x[i], b.Data.([]float32)[j]
		return u == v && (u != 0 || 1/u == 1/v) || u != u && v != v
	}
	return a.Int(i) == b.Int(j)
}

func element(t *tensor.Tensor, i int) string {
	if t.DType().IsFloat() {
		return fmt.Sprintf("%g", t.Float(i))
	}
	return fmt.Sprint(t.Int(i))
}

// blame names the stage that output element i went wrong in: the arrays if
// their sums differ already.
func (d *Design) blame(ctx context.Context, data *Data, frames int, accumulators []int32, i int) string {
	if d.Layer.Requantize == nil {
		return "array"
	}
	var held spanOf
	p, err := d.intPlane(data, frames, &held)
	if err != nil {
		return "array"
	}
	p.requantize = nil
	sums, err := p.run(ctx)
	if err == nil && sums[i] == accumulators[i%len(accumulators)] {
		return "requantize"
	}
	return "array"
}

// leaves is the cycle in which output element i of the NCHW output leaves.
func (d *Design) leaves(i, frames int) pipeline.Cycle {
	s, f := d.Fold.Shape, d.Fold
	plane := s.OutHeight * s.OutWidth
	pixel, channel, image := i%plane, i/plane%s.OutChannels, i/plane/s.OutChannels
	group, out := channel/s.GroupOutChannels(), channel%s.GroupOutChannels()
	beat := ((int64(image)*int64(plane)+int64(pixel))*int64(f.GroupFolds)+int64(group/f.Array.GroupParallel))*int64(f.OutFolds) +
		int64(out/f.Array.PE)
	_, traces, err := d.Time(int64(frames), TimeOptions{Trace: true})
	if err != nil {
		return pipeline.Never
	}
	last := slices.IndexFunc(traces, func(t pipeline.EdgeTrace) bool { return t.Name == "array.sink" || t.Name == "requantize.sink" })
	return traces[last].Out.Nth(beat)
}
