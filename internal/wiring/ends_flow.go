package wiring

import (
	"context"
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/simd"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Kernel sends images: the constant "images" holds them, NCHW or CHW. With more
// frames than images they are taken again from the first on.
func (s Source) Kernel(c flow.Constants) (flow.Kernel, error) {
	images := c["images"]
	if images == nil {
		return nil, errors.New("wiring: a source without images")
	}
	if per := s.Stream.Rows * (s.Stream.Pixels*s.Stream.Beats*int64(s.Stream.Lanes) - s.Stream.Idle); int64(images.Len())%per != 0 {
		return nil, fmt.Errorf("wiring: images of %d elements where an image has %d", images.Len(), per)
	}
	return flow.Cases{Int8: sent[int8]{s.Stream, images}, UInt8: sent[uint8]{s.Stream, images}, Int16: sent[int16]{s.Stream, images},
		Int32: sent[int32]{s.Stream, images}, Float32: sent[float32]{s.Stream, images}}.For(s.Stream.Elem)
}

// channels is how many channels a pixel of a stream has.
func channels(s sched.Stream) int {
	return int((s.Pixels*s.Beats*int64(s.Lanes) - s.Idle) / s.Pixels)
}

// sent sends images row by row, channels innermost.
type sent[T flow.Element] struct {
	stream sched.Stream
	images *tensor.Tensor
}

// Run sends all frames.
func (k sent[T]) Run(ctx context.Context, _, out []*flow.Stream, frames int) error {
	h, w, c := int(k.stream.Rows), int(k.stream.Pixels), channels(k.stream)
	data, ok := k.images.Data.([]T)
	if !ok {
		return fmt.Errorf("wiring: images of %s on a stream of %s", k.images.DType(), k.stream.Elem)
	}
	have, rows, band := len(data)/(h*w*c), flow.NewPool[T](), newBand[T](h, w, c)
	for frame := range frames {
		image := data[frame%have*h*w*c:][:h*w*c]
		for y := range h {
			slab, row := rows.Take(w*c, k.stream.Idle)
			if first, n := band.of(y); n == 1 {
				simd.Transpose(row, c, image[y*w:], h*w, c, w)
			} else {
				if y == first {
					simd.Transpose(band.pixels, c, image[y*w:], h*w, c, n*w)
				}
				copy(row, band.pixels[(y-first)*w*c:])
			}
			if err := out[0].Send(ctx, slab); err != nil {
				return err
			}
		}
	}
	return nil
}

// band is some rows of an image that are turned round together, since turning a few pixels
// round takes as long as turning many.
type band[T flow.Element] struct {
	pixels       []T // with their channels innermost; none where a row is long enough
	rows, height int
}

func newBand[T flow.Element](h, w, c int) band[T] {
	const pixels = 64
	b := band[T]{rows: min(h, (pixels+w-1)/max(1, w)), height: h}
	if b.rows > 1 {
		b.pixels = make([]T, b.rows*w*c)
	}
	return b
}

// of is the band of a row: its first one, and how many it has.
func (b *band[T]) of(y int) (first, rows int) {
	first = y / b.rows * b.rows
	return first, min(b.rows, b.height-first)
}

// Kernel collects the frames into a tensor.
func (s Sink) Kernel(flow.Constants) (flow.Kernel, error) {
	k := &SinkKernel{stream: s.Stream}
	return flow.Cases{Int8: collected[int8]{k}, UInt8: collected[uint8]{k}, Int16: collected[int16]{k}, Int32: collected[int32]{k},
		Float32: collected[float32]{k}}.For(s.Stream.Elem)
}

// SinkKernel is what the kernels of sinks share.
type SinkKernel struct {
	stream   sched.Stream
	tensor   *tensor.Tensor
	progress func(done, total int) // nil for none
}

// Report has the kernel tell how many rows it has taken, from its own goroutine.
func (k *SinkKernel) Report(progress func(done, total int)) { k.progress = progress }

// Tensor is what was collected, NCHW. Call it after the run.
func (k *SinkKernel) Tensor() *tensor.Tensor { return k.tensor }

// Collector is a kernel that collects.
type Collector interface{ Sink() *SinkKernel }

// collected collects rows of one element type.
type collected[T flow.Element] struct{ *SinkKernel }

// Sink returns what all such kernels share.
func (k collected[T]) Sink() *SinkKernel { return k.SinkKernel }

// Run collects all frames.
func (k collected[T]) Run(ctx context.Context, in, _ []*flow.Stream, frames int) error {
	h, w, c := int(k.stream.Rows), int(k.stream.Pixels), channels(k.stream)
	var err error
	if k.tensor, err = tensor.New(k.stream.Elem, frames, c, h, w); err != nil {
		return err
	}
	data, band := k.tensor.Data.([]T), newBand[T](h, w, c)
	for frame := range frames {
		image := data[frame*h*w*c:][:h*w*c]
		for y := range h {
			slab, err := in[0].Receive(ctx)
			if err != nil {
				return err
			}
			first, n := band.of(y)
			if row := flow.Of[T](slab); n == 1 {
				simd.Transpose(image[y*w:], h*w, row, c, w, c)
			} else {
				copy(band.pixels[(y-first)*w*c:], row)
			}
			if slab.Release(); y != first+n-1 {
				continue
			}
			if n > 1 {
				simd.Transpose(image[first*w:], h*w, band.pixels, c, n*w, c)
			}
			for row := first; row <= y && k.progress != nil; row++ {
				k.progress(frame*h+row+1, frames*h)
			}
		}
	}
	return nil
}
