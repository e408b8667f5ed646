package conv

import (
	"fmt"
	"math"
)

// ConvTranspose2d holds the attributes of PyTorch's nn.ConvTranspose2d, and ONNX's
// ways to state the size of the output.
type ConvTranspose2d struct {
	InChannels, OutChannels  int
	Kernel, Stride, Dilation Pair
	// Padding crops the output. SameUpper and SameLower make the output stride times
	// the input; there is no Same.
	Padding       Padding
	OutputPadding Pair // rows and columns added at the bottom and right
	// OutputSize is the size wanted, from which the padding is then worked out: the
	// smaller half first with SameUpper, the larger one otherwise. Zero: the size
	// follows from the padding.
	OutputSize Pair
	Groups     int
	Bias       bool
}

// TransposeShape is one transposed convolution with everything resolved. All
// sizes are in elements; Pad is what is cropped of the output's sides.
type TransposeShape struct {
	Batch                            int
	InChannels, InHeight, InWidth    int
	OutChannels, OutHeight, OutWidth int
	Kernel, Stride, Dilation         Pair
	Pad                              Sides
	Groups                           int
	Bias                             bool
}

// CheckInputShape reads an input tensor's shape as Conv2d.CheckInputShape does.
func (c ConvTranspose2d) CheckInputShape(shape []int) (batch, height, width int, unbatched bool, err error) {
	return c.straight().CheckInputShape(shape)
}

// straight returns the convolution with the same attributes; checkOutput judges
// a padding of Same.
func (c ConvTranspose2d) straight() Conv2d {
	if c.Padding.Kind == Same {
		c.Padding.Kind = Valid
	}
	return Conv2d{InChannels: c.InChannels, OutChannels: c.OutChannels,
		Kernel: c.Kernel, Stride: c.Stride, Dilation: c.Dilation,
		Padding: c.Padding, Groups: c.Groups, Bias: c.Bias}
}

// Resolve applies the layer to an input of that many images and pixels. What
// PyTorch refuses is refused. The error holds all Problems.
func (c ConvTranspose2d) Resolve(batch, height, width int) (TransposeShape, error) {
	var ps Problems
	c.straight().checkAttributes(&ps)
	c.checkOutput(&ps)
	ps.size("input.batch", batch, 0)
	ps.size("input.height", height, 1)
	ps.size("input.width", width, 1)
	if len(ps) > 0 {
		return TransposeShape{}, ps
	}
	s := TransposeShape{
		Batch: batch, InChannels: c.InChannels, InHeight: height, InWidth: width,
		OutChannels: c.OutChannels, Kernel: c.Kernel, Stride: c.Stride, Dilation: c.Dilation,
		Groups: c.Groups, Bias: c.Bias,
	}
	rows, columns := c.straight().axes(height, width)
	s.OutHeight = rows.transpose(&ps, c.OutputPadding.H, c.OutputSize.H)
	s.OutWidth = columns.transpose(&ps, c.OutputPadding.W, c.OutputSize.W)
	s.Pad = Sides{Top: rows.begin, Bottom: rows.end, Left: columns.begin, Right: columns.end}
	if len(ps) == 0 {
		s.checkCounts(&ps)
	}
	if len(ps) > 0 {
		return TransposeShape{}, ps
	}
	return s, nil
}

// checkOutput finds the mistakes in what says how large the output is.
func (c ConvTranspose2d) checkOutput(ps *Problems) {
	if c.Padding.Kind == Same {
		ps.add("padding", c.Padding.String(), "a number, a pair [height, width], or one of valid, same_upper, same_lower")
	}
	p, limit := c.OutputPadding, Pair{max(c.Stride.H, c.Dilation.H), max(c.Stride.W, c.Dilation.W)}
	if p.H < 0 || p.W < 0 || p.H > 0 && p.H >= limit.H || p.W > 0 && p.W >= limit.W {
		ps.add("output_padding", p.String(), "0 or more, and less than the stride or the dilation of its axis")
	}
	if o := c.OutputSize; o != (Pair{}) && (min(o.H, o.W) < 1 || max(o.H, o.W) > math.MaxInt32) {
		ps.add("output_size", o.String(), fmt.Sprintf("1..%d, each", math.MaxInt32))
	}
}

// transpose works out begin and end and returns the output size, for which
// want is asked unless it is 0.
func (a *axis) transpose(ps *Problems, outputPadding, want int) int {
	size, stride := int64(a.size), int64(a.stride)
	whole := (size-1)*stride + int64(a.dilation)*int64(a.kernel-1) + 1 + int64(outputPadding)
	out := whole - int64(a.begin) - int64(a.end)
	if want > 0 {
		out = int64(want)
	} else if a.padding.Kind == SameUpper || a.padding.Kind == SameLower {
		out = size * stride
	}
	if out < 1 || max(out, whole) > math.MaxInt32 {
		ps.add("padding", a.widths(), fmt.Sprintf("an output %s of 1..%d, not %d (%d less the padding)",
			a.name, math.MaxInt32, out, whole))
		return 0
	}
	if want == 0 && (a.padding.Kind == Explicit || a.padding.Kind == Valid) {
		return int(out)
	}
	total := int(max(0, whole-out))
	a.begin, a.end = total-total/2, total/2
	if a.padding.Kind == SameUpper {
		a.begin, a.end = a.end, a.begin
	}
	return int(out)
}

// checkCounts notes counts that are too large to compute with.
func (s TransposeShape) checkCounts(ps *Problems) {
	taps := []int{s.GroupOutChannels(), s.Kernel.H, s.Kernel.W}
	ps.count("kernel_size", "weights", append([]int{s.InChannels}, taps...))
	ps.count("input", "outputs", s.OutputShape())
	ps.count("input", "multiply-accumulates", append(s.InputShape(), taps...))
}

// GroupInChannels returns the input channels each output channel reads.
func (s TransposeShape) GroupInChannels() int { return s.InChannels / s.Groups }

// GroupOutChannels returns the output channels each input channel is stamped on.
func (s TransposeShape) GroupOutChannels() int { return s.OutChannels / s.Groups }

// InputShape returns batch, channels, height, width of the input.
func (s TransposeShape) InputShape() []int {
	return []int{s.Batch, s.InChannels, s.InHeight, s.InWidth}
}

// WeightShape returns in channels, out channels of a group, kernel height, width.
func (s TransposeShape) WeightShape() []int {
	return []int{s.InChannels, s.GroupOutChannels(), s.Kernel.H, s.Kernel.W}
}

// OutputShape returns batch, channels, height, width of the output.
func (s TransposeShape) OutputShape() []int {
	return []int{s.Batch, s.OutChannels, s.OutHeight, s.OutWidth}
}

// MACs returns the multiply-accumulates of the whole batch; taps whose result is
// cropped count.
func (s TransposeShape) MACs() int64 {
	return count(s.InputShape()) * int64(s.GroupOutChannels()*s.Kernel.H*s.Kernel.W)
}
