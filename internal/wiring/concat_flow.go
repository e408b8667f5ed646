package wiring

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// Kernel puts pixels together.
func (c Concat) Kernel(flow.Constants) (flow.Kernel, error) {
	return flow.Cases{Int8: together[int8]{c.In}, UInt8: together[uint8]{c.In}, Int16: together[int16]{c.In},
		Int32: together[int32]{c.In}, Float32: together[float32]{c.In}}.For(c.In[0].Elem)
}

// together makes rows of whole pixels.
type together[T flow.Element] struct{ in []sched.Stream }

// Run puts together all frames.
func (k together[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	width, all := int(k.in[0].Pixels), 0
	for _, s := range k.in {
		all += channels(s)
	}
	pool := flow.NewPool[T]()
	for range int64(frames) * k.in[0].Rows {
		made, row := pool.Take(width*all, 0)
		first := 0
		for i, s := range in {
			slab, err := s.Receive(ctx)
			if err != nil {
				return err
			}
			pixels, c := flow.Of[T](slab), channels(k.in[i])
			for x := range width {
				copy(row[x*all+first:x*all+first+c], pixels[x*c:])
			}
			first += c
			slab.Release()
		}
		if err := out[0].Send(ctx, made); err != nil {
			return err
		}
	}
	return nil
}

// Kernel takes pixels apart.
func (s Split) Kernel(flow.Constants) (flow.Kernel, error) {
	return flow.Cases{Int8: apart[int8]{s}, UInt8: apart[uint8]{s}, Int16: apart[int16]{s},
		Int32: apart[int32]{s}, Float32: apart[float32]{s}}.For(s.Out[0].Elem)
}

// apart makes rows of parts of pixels.
type apart[T flow.Element] struct{ split Split }

// Run takes apart all frames.
func (k apart[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	parts := k.split.Out
	width, pools := int(parts[0].Pixels), make([]flow.Pool[T], len(parts))
	for range int64(frames) * parts[0].Rows {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		pixels, first := flow.Of[T](slab), 0
		all := len(pixels) / width
		port := 0
		for i, part := range parts {
			c := channels(part)
			if k.split.dropped(i) {
				first += c
				continue
			}
			made, row := pools[i].Take(width*c, 0)
			for x := range width {
				copy(row[x*c:(x+1)*c], pixels[x*all+first:])
			}
			first += c
			if err := out[port].Send(ctx, made); err != nil {
				return err
			}
			port++
		}
		slab.Release()
	}
	return nil
}
