package conv

import (
	"fmt"
	"math"
	"strings"
)

// Resolve applies the layer to an input of that many images and pixels. What
// PyTorch refuses is refused; so are an image without pixels and counts that
// do not fit. A batch of 0 images is legal. The error holds all Problems.
func (c Conv2d) Resolve(batch, height, width int) (Shape, error) {
	var ps Problems
	c.checkAttributes(&ps)
	ps.size("input.batch", batch, 0)
	ps.size("input.height", height, 1)
	ps.size("input.width", width, 1)
	if len(ps) > 0 {
		return Shape{}, ps
	}
	s := Shape{
		Batch:      batch,
		InChannels: c.InChannels, InHeight: height, InWidth: width,
		OutChannels: c.OutChannels,
		Kernel:      c.Kernel, Stride: c.Stride, Dilation: c.Dilation,
		PaddingMode: c.PaddingMode, Groups: c.Groups, Bias: c.Bias,
	}
	rows, columns := c.axes(height, width)
	s.OutHeight = rows.resolve(&ps)
	s.OutWidth = columns.resolve(&ps)
	s.Pad = Sides{Top: rows.begin, Bottom: rows.end, Left: columns.begin, Right: columns.end}
	if len(ps) == 0 {
		s.checkCounts(&ps)
	}
	if len(ps) > 0 {
		return Shape{}, ps
	}
	return s, nil
}

// checkAttributes finds the mistakes that need no input size to be seen.
func (c Conv2d) checkAttributes(ps *Problems) {
	ps.size("in_channels", c.InChannels, 1)
	ps.size("out_channels", c.OutChannels, 1)
	ps.pair("kernel_size", c.Kernel)
	ps.pair("stride", c.Stride)
	ps.pair("dilation", c.Dilation)
	c.checkPadding(ps)
	if ps.size("groups", c.Groups, 1) {
		c.checkGroups(ps)
	}
}

func (c Conv2d) checkGroups(ps *Problems) {
	if c.InChannels >= 1 && c.InChannels%c.Groups != 0 {
		ps.add("groups", fmt.Sprint(c.Groups), fmt.Sprintf("a divisor of in_channels, %d", c.InChannels))
	}
	if c.OutChannels >= 1 && c.OutChannels%c.Groups != 0 {
		ps.add("groups", fmt.Sprint(c.Groups), fmt.Sprintf("a divisor of out_channels, %d", c.OutChannels))
	}
}

func (c Conv2d) checkPadding(ps *Problems) {
	if int(c.PaddingMode) >= len(paddingModes) {
		ps.add("padding_mode", c.PaddingMode.String(), strings.Join(paddingModes[:], ", "))
	}
	switch p := c.Padding; {
	case int(p.Kind) >= len(paddingKinds):
		ps.add("padding", p.Kind.String(), "a number, a pair, or a known word")
	case p.Kind == Explicit:
		for _, side := range []int{p.Sides.Top, p.Sides.Bottom, p.Sides.Left, p.Sides.Right} {
			if side < 0 || side > math.MaxInt32 {
				ps.add("padding", p.String(), fmt.Sprintf("0..%d on every side", math.MaxInt32))
				return
			}
		}
	case p.Kind == Same && (c.Stride.H > 1 || c.Stride.W > 1):
		ps.add("stride", c.Stride.String(), `1 with padding "same"`)
	}
}

// size notes a number out of lo..2^31-1, and reports whether it is in range.
// Below 2^31, products of two and their sums cannot overflow.
func (ps *Problems) size(key string, n, lo int) bool {
	if n >= lo && n <= math.MaxInt32 {
		return true
	}
	ps.add(key, fmt.Sprint(n), fmt.Sprintf("%d..%d", lo, math.MaxInt32))
	return false
}

// pair is size for the two numbers of a pair, from 1 on.
func (ps *Problems) pair(key string, p Pair) {
	if min(p.H, p.W) < 1 || max(p.H, p.W) > math.MaxInt32 {
		ps.add(key, p.String(), fmt.Sprintf("1..%d, each", math.MaxInt32))
	}
}
