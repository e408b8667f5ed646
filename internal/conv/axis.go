package conv

import (
	"fmt"
	"math"
)

// axis is one spatial dimension of a layer while its padding is worked out.
type axis struct {
	name                     string // "height" or "width"
	size                     int    // pixels of the image
	kernel, stride, dilation int
	padding                  Padding
	mode                     PaddingMode
	begin, end               int // padding before and after the image
}

// axes returns the two dimensions of the layer, explicit padding filled in.
func (c Conv2d) axes(height, width int) (rows, columns axis) {
	rows = axis{name: "height", size: height, kernel: c.Kernel.H, stride: c.Stride.H, dilation: c.Dilation.H,
		padding: c.Padding, mode: c.PaddingMode, begin: c.Padding.Sides.Top, end: c.Padding.Sides.Bottom}
	columns = axis{name: "width", size: width, kernel: c.Kernel.W, stride: c.Stride.W, dilation: c.Dilation.W,
		padding: c.Padding, mode: c.PaddingMode, begin: c.Padding.Sides.Left, end: c.Padding.Sides.Right}
	return rows, columns
}

// resolve works out begin and end and returns the output size.
func (a *axis) resolve(ps *Problems) int {
	extent := int64(a.dilation)*int64(a.kernel-1) + 1
	if extent > math.MaxInt32 {
		ps.add("dilation", fmt.Sprint(a.dilation),
			fmt.Sprintf("a kernel that spans at most %d in %s, not %d", math.MaxInt32, a.name, extent))
		return 0
	}
	a.pad(extent)
	padded := int64(a.begin) + int64(a.size) + int64(a.end)
	if padded > math.MaxInt32 {
		ps.add("padding", a.widths(), fmt.Sprintf("a padded %s of at most %d, not %d", a.name, math.MaxInt32, padded))
		return 0
	}
	if extent > padded {
		ps.add("kernel_size", fmt.Sprint(a.kernel), a.allowedKernel(extent, padded))
		return 0
	}
	a.checkMode(ps)
	return int((padded-extent)/int64(a.stride)) + 1
}

// pad chooses the widths for a kernel that spans extent pixels.
func (a *axis) pad(extent int64) {
	size, stride := int64(a.size), int64(a.stride)
	total := int64(0)
	switch a.padding.Kind {
	case Explicit:
		return
	case Same:
		total = extent - 1
	case SameUpper, SameLower:
		out := (size + stride - 1) / stride
		total = max(0, (out-1)*stride+extent-size)
	}
	less, more := int(total/2), int(total-total/2)
	a.begin, a.end = less, more
	if a.padding.Kind == SameLower {
		a.begin, a.end = more, less
	}
}

// checkMode notes padding wider than the mode can fill from the image.
func (a *axis) checkMode(ps *Problems) {
	limit := math.MaxInt32
	switch a.mode {
	case Reflect:
		limit = a.size - 1
	case Circular:
		limit = a.size
	}
	if max(a.begin, a.end) > limit {
		ps.add("padding", a.widths(),
			fmt.Sprintf("at most %d with padding_mode %s and input.%s %d", limit, a.mode, a.name, a.size))
	}
}

func (a *axis) widths() string {
	return fmt.Sprintf("%d before and %d after in %s", a.begin, a.end, a.name)
}

func (a *axis) allowedKernel(extent, padded int64) string {
	text := fmt.Sprintf("a kernel that fits the padded %s of %d (%d + %d + %d)", a.name, padded, a.begin, a.size, a.end)
	if a.dilation > 1 {
		text += fmt.Sprintf(", with dilation %d it spans %d", a.dilation, extent)
	}
	return text
}
