package conv

import "fmt"

// PaddedHeight returns the rows of the padded image.
func (s Shape) PaddedHeight() int { return s.Pad.Top + s.InHeight + s.Pad.Bottom }

// PaddedWidth returns the columns of the padded image.
func (s Shape) PaddedWidth() int { return s.Pad.Left + s.InWidth + s.Pad.Right }

// KernelExtent returns the rows and columns a dilated kernel spans.
func (s Shape) KernelExtent() Pair {
	return Pair{s.Dilation.H*(s.Kernel.H-1) + 1, s.Dilation.W*(s.Kernel.W-1) + 1}
}

// GroupInChannels returns the input channels each output channel reads.
func (s Shape) GroupInChannels() int { return s.InChannels / s.Groups }

// GroupOutChannels returns the output channels of each group.
func (s Shape) GroupOutChannels() int { return s.OutChannels / s.Groups }

// Depthwise reports whether every group reads a single channel of several.
func (s Shape) Depthwise() bool { return s.Groups > 1 && s.Groups == s.InChannels }

// InputShape returns batch, channels, height, width of the input.
func (s Shape) InputShape() []int { return []int{s.Batch, s.InChannels, s.InHeight, s.InWidth} }

// WeightShape returns out channels, in channels of a group, kernel height, width.
func (s Shape) WeightShape() []int {
	return []int{s.OutChannels, s.GroupInChannels(), s.Kernel.H, s.Kernel.W}
}

// OutputShape returns batch, channels, height, width of the output.
func (s Shape) OutputShape() []int { return []int{s.Batch, s.OutChannels, s.OutHeight, s.OutWidth} }

// Taps returns the products that make one output.
func (s Shape) Taps() int { return s.GroupInChannels() * s.Kernel.H * s.Kernel.W }

// MACs returns the multiply-accumulates of the whole batch; taps that read
// padding count.
func (s Shape) MACs() int64 { return s.OutputElements() * int64(s.Taps()) }

// InputElements returns the elements of the input, padding not counted.
func (s Shape) InputElements() int64 { return count(s.InputShape()) }

// PaddedElements returns the elements of the padded input.
func (s Shape) PaddedElements() int64 {
	return count([]int{s.Batch, s.InChannels, s.PaddedHeight(), s.PaddedWidth()})
}

// WeightElements returns the elements of the weights, bias not counted.
func (s Shape) WeightElements() int64 { return count(s.WeightShape()) }

// OutputElements returns the elements of the output.
func (s Shape) OutputElements() int64 { return count(s.OutputShape()) }

// count multiplies sizes; Resolve has made sure that the product fits.
func count(sizes []int) int64 {
	n := int64(1)
	for _, d := range sizes {
		n *= int64(d)
	}
	return n
}

// SourceRow returns the input row that padded row p shows, false for a row of
// zeros. Rows count from the top of the padded image.
func (s Shape) SourceRow(p int) (int, bool) {
	return SourceIndex(s.PaddingMode, p-s.Pad.Top, s.InHeight)
}

// SourceColumn returns the input column that padded column p shows, false for
// a column of zeros. Columns count from the left of the padded image.
func (s Shape) SourceColumn(p int) (int, bool) {
	return SourceIndex(s.PaddingMode, p-s.Pad.Left, s.InWidth)
}

// SourceIndex returns which of n rows (or columns) position i shows, where the
// image is 0..n-1 and all else is padding; false is zero padding. It panics on
// positions beyond the padding the mode allows.
func SourceIndex(mode PaddingMode, i, n int) (int, bool) {
	if i >= 0 && i < n {
		return i, true
	}
	src := -1
	switch mode {
	case Zeros:
		return 0, false
	case Replicate:
		src = max(0, min(i, n-1))
	case Reflect:
		src = max(i, -i)
		if i >= n {
			src = 2*(n-1) - i
		}
	case Circular:
		src = i + n
		if i >= n {
			src = i - n
		}
	}
	if src < 0 || src >= n {
		panic(fmt.Sprintf("conv: %s padding shows nothing at position %d of %d", mode, i, n))
	}
	return src, true
}

// Check refuses a shape that no layer on no input has.
func (s Shape) Check() error {
	l := Conv2d{InChannels: s.InChannels, OutChannels: s.OutChannels, Kernel: s.Kernel, Stride: s.Stride, Dilation: s.Dilation,
		Padding: Padding{Sides: s.Pad}, PaddingMode: s.PaddingMode, Groups: s.Groups, Bias: s.Bias}
	want, err := l.Resolve(s.Batch, s.InHeight, s.InWidth)
	if err != nil {
		return err
	}
	if s != want {
		return fmt.Errorf("conv: an output of %dx%d pixels; allowed: %dx%d", s.OutHeight, s.OutWidth, want.OutHeight, want.OutWidth)
	}
	return nil
}
