package second

import (
	"context"
	"unsafe"

	"github.com/convsim/convsim/internal/abreast"
)

// channelwise computes layers whose groups have one input channel each, of bytes: rows of
// the padded image stay bytes as they are, and the windows of all outputs of a row are
// read from them side by side.
type channelwise[T, W Integer] struct {
	*Layer[W]
	loop    channelLoop
	width   int     // of the padded image
	taps    []int   // where those of the first window lie
	weights []int32 // by output, tap: the lower half of 32 bits
	start   []int32 // one an output
	shown   []int   // which row of the image every padded one shows, -1 for none
	around  bool    // whether padding shows some of the image
	beside  []shown // what padded columns show that are none of the image itself
}

// shown is column at of the image, in column to of the padded one.
type shown struct{ to, at int }

const (
	vector = 8       // outputs
	slack  = 32 * 8  // bytes that may be read behind an image
	band   = 1 << 13 // sums that are visited together, about
)

// newChannelwise is nil where there is no loop for the layer.
func newChannelwise[T, W Integer](l *Layer[W]) *channelwise[T, W] {
	s := &l.Shape
	loops := byChannel.signed
	switch any(T(0)).(type) {
	case uint8:
		loops = byChannel.unsigned
	case int8:
	default:
		return nil
	}
	least, most := l.span()
	if s.GroupInChannels() != 1 || s.Stride.W >= len(loops) || loops[s.Stride.W].rows == nil && loops[s.Stride.W].row == nil || least < -1<<15 || most >= 1<<15 {
		return nil
	}
	c := &channelwise[T, W]{Layer: l, loop: loops[s.Stride.W], width: s.PaddedWidth(), start: make([]int32, s.OutChannels)}
	for ky := range s.Kernel.H {
		for kx := range s.Kernel.W {
			c.taps = append(c.taps, ky*s.Dilation.H*c.width+kx*s.Dilation.W)
		}
	}
	for y := range s.PaddedHeight() {
		at, ok := s.SourceRow(y)
		if !ok {
			at = -1
		}
		c.around = c.around || ok && y-s.Pad.Top != at
		c.shown = append(c.shown, at)
	}
	for to := range c.width {
		if at, ok := s.SourceColumn(to); ok && (to < s.Pad.Left || to >= s.Pad.Left+s.InWidth) {
			c.beside, c.around = append(c.beside, shown{to, at}), true
		}
	}
	copy(c.start, l.Bias)
	c.weights = make([]int32, len(l.Weights))
	for o := range c.start {
		zero, at := l.wZero(o), o*len(c.taps)
		for i, v := range l.Weights[at:][:len(c.taps)] {
			w := int32(v) - zero
			c.start[o] -= l.XZero * w
			c.weights[at+i] = int32(uint16(w))
		}
	}
	return c
}

// run computes all images, channels side by side.
func (c *channelwise[T, W]) run(ctx context.Context, x []T, visit func(image, channel, y int, sums []int32)) {
	s := &c.Shape
	plane, outputs := s.InHeight*s.InWidth, s.GroupOutChannels()
	rows := max(1, band/s.OutWidth)
	abreast.Do(ctx, s.Batch*s.InChannels, abreast.All, func() func(int) {
		image := make([]T, s.PaddedHeight()*c.width+slack)
		for i := range image {
			image[i] = T(c.XZero)
		}
		sums := make([]int32, rows*s.OutWidth+4*vector)
		return func(i int) {
			c.pad(image, x[i*plane:][:plane])
			for o := i % s.InChannels * outputs; o < (i%s.InChannels+1)*outputs; o++ {
				for y := 0; y < s.OutHeight; y += rows {
					n := min(rows, s.OutHeight-y)
					c.rows(sums, image, o, y, n)
					visit(i/s.InChannels, o, y, sums[:n*s.OutWidth])
				}
			}
		}
	})
}

// rows computes n rows of an output, from row y on.
func (c *channelwise[T, W]) rows(sums []int32, image []T, output, y, n int) {
	s := &c.Shape
	w := c.weights[output*len(c.taps):][:len(c.taps)]
	if c.loop.rows != nil {
		from := (*uint8)(unsafe.Pointer(&image[y*s.Stride.H*c.width]))
		c.loop.rows(&sums[0], from, s.Stride.H*c.width, &c.taps[0], len(c.taps), &w[0], c.start[output], n, s.OutWidth)
		return
	}
	for i := range n {
		from := (*uint8)(unsafe.Pointer(&image[(y+i)*s.Stride.H*c.width]))
		c.loop.row(&sums[i*s.OutWidth], from, &c.taps[0], len(c.taps), &w[0], c.start[output], (s.OutWidth+vector-1)/vector)
	}
}

// pad puts an image into its padded one; zeros are there already.
func (c *channelwise[T, W]) pad(padded, x []T) {
	s := &c.Shape
	if c.around {
		c.padAround(padded, x)
		return
	}
	inside := padded[s.Pad.Top*c.width+s.Pad.Left:]
	if byChannel.lay != nil {
		byChannel.lay(byteOf(inside), c.width, byteOf(x), s.InWidth, s.InHeight)
		return
	}
	for y := range s.InHeight {
		copy(inside[y*c.width:], x[y*s.InWidth:][:s.InWidth])
	}
}

// padAround is pad where padding shows some of the image.
func (c *channelwise[T, W]) padAround(padded, x []T) {
	width, left := c.Shape.InWidth, c.Shape.Pad.Left
	for y, from := range c.shown {
		if from < 0 {
			continue
		}
		row, to := x[from*width:][:width], padded[y*c.width:][:c.width]
		copy(to[left:], row)
		for _, b := range c.beside {
			to[b.to] = row[b.at]
		}
	}
}
