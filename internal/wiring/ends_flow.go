package wiring

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/convsim/convsim/internal/reuse"
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
	return flow.Through(ctx, k, int(k.stream.Rows), 0, nil, out[0], frames)
}

// Takes implements flow.Banded.
func (sent[T]) Takes(flow.Span) flow.Span { return flow.Span{} }

// Band implements flow.Banded.
func (k sent[T]) Band(made, _ flow.Span, _ flow.Rows, _ int) flow.Band {
	return &sentBand[T]{sent: k, at: made.From, rows: flow.NewPool[T](), band: newBand[T](made, int(k.stream.Pixels), channels(k.stream))}
}

// sentBand are some rows of images.
type sentBand[T flow.Element] struct {
	sent[T]
	frame, at int
	rows      *flow.Pool[T]
	band      band[T]
}

// Next implements flow.Band.
func (b *sentBand[T]) Next(context.Context) (flow.Slab, error) {
	h, w, c := int(b.stream.Rows), int(b.stream.Pixels), channels(b.stream)
	data, ok := b.images.Data.([]T)
	if !ok {
		return flow.Slab{}, fmt.Errorf("wiring: images of %s on a stream of %s", b.images.DType(), b.stream.Elem)
	}
	image := data[b.frame%(len(data)/(h*w*c))*h*w*c:][:h*w*c]
	slab, row := b.rows.Take(w*c, b.stream.Idle)
	if first, n := b.band.of(b.at); n == 1 {
		simd.Transpose(row, c, image[b.at*w:], h*w, c, w)
	} else {
		if b.at == first {
			simd.Transpose(b.band.pixels, c, image[b.at*w:], h*w, c, n*w)
		}
		copy(row, b.band.pixels[(b.at-first)*w*c:])
	}
	b.at++
	return slab, nil
}

// End implements flow.Band.
func (b *sentBand[T]) End(context.Context) error {
	b.frame, b.at = b.frame+1, b.band.span.From
	return nil
}

// Close implements flow.Band.
func (b *sentBand[T]) Close() {
	b.rows.Close()
	reuse.Give(b.band.pixels)
}

// band is some rows of an image that are turned round together, since turning a few pixels
// round takes as long as turning many.
type band[T flow.Element] struct {
	pixels []T // with their channels innermost; none where a row is long enough
	rows   int
	span   flow.Span // of the rows of the image that are wanted
}

func newBand[T flow.Element](span flow.Span, w, c int) band[T] {
	const pixels = 64
	b := band[T]{rows: max(1, min(span.To-span.From, (pixels+w-1)/max(1, w))), span: span}
	if b.rows > 1 {
		b.pixels = reuse.Take[T](b.rows * w * c)
	}
	return b
}

// of is the band of a row: its first one, and how many it has.
func (b *band[T]) of(y int) (first, rows int) {
	first = y - (y-b.span.From)%b.rows
	return first, min(b.rows, b.span.To-first)
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
	open     sync.Once
	tensor   *tensor.Tensor
	forget   func() // leaves its memory to others, nil where it is nobody else's
	mu       sync.Mutex
	done     int
	progress func(done, total int) // nil for none
}

// Report has the kernel tell how many rows it has taken, one more each time.
func (k *SinkKernel) Report(progress func(done, total int)) { k.progress = progress }

// took tells that some rows more have come, of all frames.
func (k *SinkKernel) took(rows, frames int) {
	if k.progress == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for range rows {
		k.done++
		k.progress(k.done, frames*int(k.stream.Rows))
	}
}

// Tensor is what was collected, NCHW. Call it after the run.
func (k *SinkKernel) Tensor() *tensor.Tensor { return k.tensor }

// Forget leaves the memory of the tensor to others, once nobody looks at it any more.
func (k *SinkKernel) Forget() {
	if k.tensor = nil; k.forget != nil {
		k.forget()
		k.forget = nil
	}
}

// Collector is a kernel that collects.
type Collector interface{ Sink() *SinkKernel }

// collected collects rows of one element type.
type collected[T flow.Element] struct{ *SinkKernel }

// Sink returns what all such kernels share.
func (k collected[T]) Sink() *SinkKernel { return k.SinkKernel }

// Run collects all frames.
func (k collected[T]) Run(ctx context.Context, in, _ []*flow.Stream, frames int) error {
	rows := int(k.stream.Rows)
	return flow.Through(ctx, k, rows, rows, in[0], nil, frames)
}

// Takes implements flow.Banded.
func (collected[T]) Takes(made flow.Span) flow.Span { return made }

// Band implements flow.Banded.
func (k collected[T]) Band(made, _ flow.Span, in flow.Rows, frames int) flow.Band {
	h, w, c := int(k.stream.Rows), int(k.stream.Pixels), channels(k.stream)
	var err error
	k.open.Do(func() { k.tensor, err = k.room(frames, c, h, w) })
	b := &collectedBand[T]{of: k, err: err, in: in, frames: frames, at: made.From, band: newBand[T](made, w, c)}
	if k.tensor != nil {
		b.data = k.tensor.Data.([]T)
	}
	return b
}

// room is a tensor to be filled: of memory used before where it is not large, and any values are
// some of the type.
func (k collected[T]) room(shape ...int) (*tensor.Tensor, error) {
	const large = 1 << 22 // elements: up to a quarter more are taken
	n := 1
	for _, side := range shape {
		n *= side
	}
	if k.stream.Elem.Bits() < 8 || n <= 0 || n > large {
		return tensor.New(k.stream.Elem, shape...)
	}
	data := reuse.Take[T](n)
	k.forget = func() { reuse.Give(data) }
	return tensor.From(k.stream.Elem, data, shape...)
}

// collectedBand collects some rows of images.
type collectedBand[T flow.Element] struct {
	of        collected[T]
	data      []T
	err       error // of the room for them
	in        flow.Rows
	frames    int
	frame, at int
	band      band[T]
}

// Next implements flow.Band.
func (b *collectedBand[T]) Next(ctx context.Context) (flow.Slab, error) {
	if b.err != nil {
		return flow.Slab{}, b.err
	}
	slab, err := b.in.Receive(ctx)
	if err != nil {
		return flow.Slab{}, err
	}
	h, w, c := int(b.of.stream.Rows), int(b.of.stream.Pixels), channels(b.of.stream)
	image := b.data[b.frame*h*w*c:][:h*w*c]
	first, n := b.band.of(b.at)
	if row := flow.Of[T](slab); n == 1 {
		simd.Transpose(image[b.at*w:], h*w, row, c, w, c)
	} else {
		copy(b.band.pixels[(b.at-first)*w*c:], row)
	}
	if slab.Release(); b.at == first+n-1 {
		if n > 1 {
			simd.Transpose(image[first*w:], h*w, b.band.pixels, c, n*w, c)
		}
		b.of.took(n, b.frames)
	}
	b.at++
	return flow.Slab{}, nil
}

// End implements flow.Band.
func (b *collectedBand[T]) End(context.Context) error {
	b.frame, b.at = b.frame+1, b.band.span.From
	return nil
}

// Close implements flow.Band.
func (b *collectedBand[T]) Close() { reuse.Give(b.band.pixels) }
