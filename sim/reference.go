package sim

import (
	"context"
	"fmt"
	"iter"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/tensor"
)

// part is a piece of a batch's output that lies in one stretch: whole images,
// or some channels of one group of one image.
type part struct {
	image, channel int        // the first ones
	shape          conv.Shape // of the convolution that makes the part alone
}

// partMACs is how much of the reference is computed at a time: little enough to
// stop in good time and to hold in memory.
const partMACs = 1 << 27

// parts cuts a batch into parts of at most budget MACs, or single planes.
func parts(s conv.Shape, budget int64) iter.Seq[part] {
	return func(yield func(part) bool) {
		perImage := s.MACs() / int64(s.Batch)
		if perImage > budget {
			channels(s, budget, yield)
			return
		}
		at := int(min(budget/perImage, int64(s.Batch)))
		for image := 0; image < s.Batch; image += at {
			shape := s
			shape.Batch = min(at, s.Batch-image)
			if !yield(part{image, 0, shape}) {
				return
			}
		}
	}
}

// channels cuts every image into parts of some channels of one group.
func channels(s conv.Shape, budget int64, yield func(part) bool) {
	plane := int64(s.OutHeight) * int64(s.OutWidth) * int64(s.Taps())
	outputs := s.GroupOutChannels()
	at := int(max(1, min(budget/plane, int64(outputs))))
	for image := range s.Batch {
		for channel := 0; channel < s.OutChannels; {
			shape := s
			shape.Batch, shape.Groups, shape.InChannels = 1, 1, s.GroupInChannels()
			shape.OutChannels = min(at, outputs-channel%outputs)
			if !yield(part{image, channel, shape}) {
				return
			}
			channel += shape.OutChannels
		}
	}
}

// places returns where a part's first elements are in the operands and in the
// output of a layer of shape s.
func (p part) places(s conv.Shape) (x, w, b, y int) {
	group := p.channel / s.GroupOutChannels()
	pixels := s.InHeight * s.InWidth
	x = (p.image*s.InChannels + group*s.GroupInChannels()) * pixels
	y = (p.image*s.OutChannels + p.channel) * s.OutHeight * s.OutWidth
	return x, p.channel * s.Taps(), p.channel, y
}

// shown calls see with every stretch of the output that shows the part: frames
// take the images in turn, so the last turn may be cut short.
func (p part) shown(s conv.Shape, frames int, see func(at, length int)) {
	perImage := s.OutChannels * s.OutHeight * s.OutWidth
	_, _, _, at := p.places(s)
	for frame := p.image; frame < frames; frame += s.Batch {
		whole := int(p.shape.OutputElements())
		see(at, min(whole, (frames-frame)*perImage))
		at += s.Batch * perImage
	}
}

// comparison holds an output of frames frames to a reference, part by part.
type comparison[T int32 | float32] struct {
	shape     conv.Shape // of the batch
	frames    int
	reference func(p part) (want []T, sums []int32) // sums may be nil
	got       func(at, length int) []T
	same      func(want, got T) bool
}

// run returns the differences.
func (c comparison[T]) run(ctx context.Context) (differences, error) {
	var diff differences
	for p := range parts(c.shape, partMACs) {
		if err := ctx.Err(); err != nil {
			return diff, err
		}
		want, sums := c.reference(p)
		p.shown(c.shape, c.frames, func(at, length int) {
			for i, v := range c.got(at, length) {
				if c.same(want[i], v) {
					continue
				}
				diff.add(at+i, fmt.Sprint(want[i]), sums, i)
			}
		})
	}
	return diff, nil
}

// compareInts compares an integer output with the naive loop nest, which sums
// up in the order of the arrays.
func (d *Design) compareInts(ctx context.Context, s conv.Shape, data *Data, frames int, got *tensor.Tensor) (differences, error) {
	requantizer, err := d.requantizer()
	if err != nil {
		return differences{}, err
	}
	order, weights := d.Fold.Order(), d.weights(data)
	var x, bias, y []int32
	c := comparison[int32]{shape: s, frames: frames, same: func(want, got int32) bool { return want == got }}
	c.got = func(at, length int) []int32 {
		y = got.Int32s(y[:0], at, length)
		return y
	}
	c.reference = func(p part) (want, sums []int32) {
		atX, atW, atBias, _ := p.places(s)
		x = data.Input.Int32s(x[:0], atX, int(p.shape.InputElements()))
		for i := range x {
			x[i] -= int32(d.Layer.ZeroPoint.Input)
		}
		if data.Bias != nil {
			bias = data.Bias.Int32s(bias[:0], atBias, p.shape.OutChannels)
		}
		sums = conv.ReferenceInt(p.shape, order, d.Accumulator(), x, weights[atW:][:p.shape.WeightElements()], bias)
		if requantizer == nil {
			return sums, sums
		}
		want = make([]int32, len(sums))
		plane := s.OutHeight * s.OutWidth
		for from := 0; from < len(want); from += plane {
			requantizer.Apply(want[from:][:plane], sums[from:][:plane], p.channel+from/plane%p.shape.OutChannels, 1)
		}
		return want, sums
	}
	return c.run(ctx)
}

// compareFloats is compareInts for float32, bit for bit.
func (d *Design) compareFloats(ctx context.Context, s conv.Shape, data *Data, frames int, got *tensor.Tensor) (differences, error) {
	order, weights := d.Fold.Order(), data.Weight.Float32s(nil, 0, data.Weight.Len())
	var x, bias []float32
	c := comparison[float32]{shape: s, frames: frames, same: sameFloat}
	c.got = func(at, length int) []float32 { return got.Data.([]float32)[at:][:length] }
	c.reference = func(p part) ([]float32, []int32) {
		atX, atW, atBias, _ := p.places(s)
		x = data.Input.Float32s(x[:0], atX, int(p.shape.InputElements()))
		if data.Bias != nil {
			bias = data.Bias.Float32s(bias[:0], atBias, p.shape.OutChannels)
		}
		return conv.ReferenceFloat(p.shape, order, x, weights[atW:][:p.shape.WeightElements()], bias), nil
	}
	return c.run(ctx)
}
