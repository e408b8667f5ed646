package sched

import (
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
)

// drawFold draws a small legal layer folded onto a small array.
func drawFold(t *rapid.T, modes ...conv.PaddingMode) Fold {
	n := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	pair := func(name string, hi int) conv.Pair { return conv.Pair{H: n(name+" h", 1, hi), W: n(name+" w", 1, hi)} }
	mode := rapid.SampledFrom(modes).Draw(t, "padding mode")
	height, width := n("height", 1, 9), n("width", 1, 9)
	most := func(size int) int {
		switch mode {
		case conv.Reflect:
			return size - 1
		case conv.Circular:
			return size
		}
		return 4
	}
	groups := n("groups", 1, 3)
	layer := conv.Conv2d{Groups: groups, InChannels: groups * n("channels", 1, 4), OutChannels: groups * n("outputs", 1, 4),
		Kernel: pair("kernel", 3), Stride: pair("stride", 4), Dilation: pair("dilation", 3), PaddingMode: mode,
		Padding: conv.Padding{Sides: conv.Sides{Top: n("top", 0, min(4, most(height))), Bottom: n("bottom", 0, min(4, most(height))),
			Left: n("left", 0, min(4, most(width))), Right: n("right", 0, min(4, most(width)))}}}
	for layer.Dilation.H*(layer.Kernel.H-1) >= height+layer.Padding.Sides.Top+layer.Padding.Sides.Bottom {
		layer.Kernel.H--
	}
	for layer.Dilation.W*(layer.Kernel.W-1) >= width+layer.Padding.Sides.Left+layer.Padding.Sides.Right {
		layer.Kernel.W--
	}
	shape, err := layer.Resolve(1, height, width)
	if err != nil {
		t.Fatalf("%+v on %dx%d: %v", layer, height, width, err)
	}
	array := Array{PE: n("pe", 1, 3), SIMD: n("simd", 1, 3), GroupParallel: n("parallel groups", 1, 3)}
	return NewFold(shape, array, Style(n("style", 0, 1)))
}

// drawReads draws a window's nest, that of a padding stage, or one whose rows
// overlap.
func drawReads(t *rapid.T) *Reads {
	switch rapid.SampledFrom([]string{"window", "padding", "overlapping"}).Draw(t, "nest") {
	case "window":
		return drawFold(t, conv.Zeros, conv.Circular).WindowReads()
	case "overlapping":
		down, right := rapid.Int64Range(1, 6).Draw(t, "down"), rapid.Int64Range(1, 3).Draw(t, "right")
		row, col := steps(rapid.IntRange(1, 5).Draw(t, "rows"), down), steps(rapid.IntRange(1, 5).Draw(t, "columns"), right)
		return NewReads(row, col, []int32{0, 1}, row[len(row)-1]+col[len(col)-1]+2)
	}
	return drawFold(t, conv.Reflect, conv.Replicate, conv.Circular).PadReads()
}

// addresses lists the beats of all steps in order.
func (r *Reads) addresses() []int64 {
	var out []int64
	for _, row := range r.Row {
		for _, col := range r.Col {
			for _, off := range r.Inner {
				out = append(out, row+col+int64(off))
			}
		}
	}
	return out
}
