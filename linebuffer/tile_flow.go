package linebuffer

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// Kernel shows the weights of every pass again.
func (t Tile) Kernel(flow.Constants) (flow.Kernel, error) {
	return flow.Cases{Int8: tileRows[int8]{t}, UInt8: tileRows[uint8]{t}, Int16: tileRows[int16]{t}, Int32: tileRows[int32]{t},
		Float32: tileRows[float32]{t}}.For(t.Weight)
}

type tileRows[T flow.Element] struct{ tile Tile }

// Run shows all frames.
func (k tileRows[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	from, to := k.tile.Streams()
	for range int64(frames) * from[0].Rows {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		s := &passes[T]{flow.Of[T](slab), k.tile}
		if err := out[0].Send(ctx, flow.NewGathered(s, len(s.row)*k.tile.Pixels, to[0].Idle)); err != nil {
			return err
		}
	}
	return nil
}

// passes is a row of weights of which every pass comes several times.
type passes[T flow.Element] struct {
	row  []T
	tile Tile
}

// Elements lists them.
func (s *passes[T]) Elements() []T {
	f := s.tile.Fold
	list := make([]T, 0, len(s.row)*s.tile.Pixels)
	rest, perOutput := s.row, f.Shape.GroupInChannels()*f.Taps
	for pass := range f.OutFolds {
		n := len(f.PassChannels(pass)) * perOutput
		for range s.tile.Pixels {
			list = append(list, rest[:n]...)
		}
		rest = rest[n:]
	}
	return list
}

// LoadedOf are the weights of a slab as they were loaded, each of them once.
func LoadedOf[T flow.Element](slab flow.Slab) []T {
	if s, ok := slab.Data.(*passes[T]); ok {
		return s.row
	}
	return flow.Of[T](slab)
}

// Kernel puts results into the order of pixels.
func (t Turn) Kernel(flow.Constants) (flow.Kernel, error) {
	return flow.Cases{Int32: turned[int32]{t}, Float32: turned[float32]{t}}.For(t.Sum)
}

type turned[T flow.Element] struct{ turn Turn }

// Run turns all frames.
func (k turned[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	from, to := k.turn.Streams()
	channels := k.turn.Fold.Shape.OutChannels
	row := int(to[0].Pixels) * channels
	var ready []T
	for range int64(frames) * from[0].Rows {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		x := flow.Of[T](slab)
		y := make([]T, len(x))
		eachOfTile(k.turn.Fold, k.turn.Pixels, func(at, pixel, channel int) { y[pixel*channels+channel] = x[at] })
		for ready = append(ready, y...); len(ready) >= row; ready = ready[row:] {
			if err := out[0].Send(ctx, flow.NewSlab(ready[:row:row], to[0].Idle)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Tiled takes rows of pixels and sends them as arrays make them that work on tiles of
// so many pixels: pass by pass.
func Tiled[T flow.Element](ctx context.Context, f sched.Fold, pixels int, in, out *flow.Stream, frames int) error {
	channels, idle := f.Shape.OutChannels, f.TileOutputs(0, int64(pixels)).Idle
	var ready []T
	for range int64(frames) * f.Tiles(int64(pixels)) {
		for len(ready) < pixels*channels {
			slab, err := in.Receive(ctx)
			if err != nil {
				return err
			}
			ready = append(ready, flow.Of[T](slab)...)
		}
		x, y := ready[:pixels*channels], make([]T, pixels*channels)
		ready = ready[pixels*channels:]
		eachOfTile(f, pixels, func(at, pixel, channel int) { y[at] = x[pixel*channels+channel] })
		if err := out.Send(ctx, flow.NewSlab(y, idle)); err != nil {
			return err
		}
	}
	return nil
}

// eachOfTile calls do with every result of a tile as it comes.
func eachOfTile(f sched.Fold, pixels int, do func(at, pixel, channel int)) {
	at := 0
	for pass := range f.OutFolds {
		channels := f.PassChannels(pass)
		for pixel := range pixels {
			for _, c := range channels {
				do(at, pixel, c)
				at++
			}
		}
	}
}
