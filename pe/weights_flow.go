package pe

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
	"github.com/sourcegraph/conc/pool"
)

// Kernel sends the weights, the constant "weight" in OIHW, for every tile.
func (w Weights) Kernel(c flow.Constants) (flow.Kernel, error) {
	t := c["weight"]
	if t == nil {
		return nil, errors.New("pe: no weights to load")
	}
	order, s := w.Fold.WeightOrder(), w.stream()
	if t.Len() != len(order) || t.DType() != w.Weight {
		return nil, fmt.Errorf("pe: %d weights of %s to load where %d of %s are used", t.Len(), t.DType(), len(order), w.Weight)
	}
	return flow.Cases{Int8: repeated[int8]{t, order, s.Rows, s.Idle}, UInt8: repeated[uint8]{t, order, s.Rows, s.Idle},
		Int16: repeated[int16]{t, order, s.Rows, s.Idle}, Int32: repeated[int32]{t, order, s.Rows, s.Idle},
		Float32: repeated[float32]{t, order, s.Rows, s.Idle}}.For(w.Weight)
}

// repeated sends a tensor's elements in some order, again and again.
type repeated[T flow.Element] struct {
	tensor *tensor.Tensor
	order  []int32
	rows   int64 // of a frame
	idle   int64
}

// Run sends all frames; every row is the same memory.
func (k repeated[T]) Run(ctx context.Context, _, out []*flow.Stream, frames int) error {
	data := k.tensor.Data.([]T)
	row := make([]T, len(k.order))
	for i, at := range k.order {
		row[i] = data[at]
	}
	for range int64(frames) * k.rows {
		if err := out[0].Send(ctx, flow.NewSlab(row, k.idle)); err != nil {
			return err
		}
	}
	return nil
}

// loaded is the kernel of arrays whose weights come: it computes by those of the first
// tile, and sees to it that all later ones are the same.
type loaded[T flow.Element] struct {
	array     Array
	constants flow.Constants
	held      Span
}

// loadedKernel is Kernel for arrays whose weights come.
func (a Array) loadedKernel(c flow.Constants) (flow.Kernel, error) {
	return flow.Cases{Int8: &loaded[int8]{array: a, constants: c}, UInt8: &loaded[uint8]{array: a, constants: c},
		Int16: &loaded[int16]{array: a, constants: c}, Int32: &loaded[int32]{array: a, constants: c},
		Float32: &loaded[float32]{array: a, constants: c}}.For(a.Weight)
}

// Held is that of ArrayKernel.
func (k *loaded[T]) Held() Span { return k.held }

// Run multiplies all frames.
func (k *loaded[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	tiles := int(k.array.Fold.Tiles(k.array.tile())) * frames
	if tiles == 0 {
		return nil
	}
	slab, err := in[1].Receive(ctx)
	if err != nil {
		return err
	}
	row := linebuffer.LoadedOf[T](slab)
	c := flow.Constants{"bias": k.constants["bias"], "weight_zero": k.constants["weight_zero"]}
	if c["weight"], err = k.tensor(row); err != nil {
		return err
	}
	still := k.array
	still.Load, still.Tile = clock.Share{}, 0
	kernel, err := still.Kernel(c)
	if err != nil {
		return err
	}
	err = k.together(ctx, kernel, row, in, out, frames, tiles)
	if s, ok := kernel.(Summing); ok {
		k.held = s.Held()
	}
	return err
}

// tensor puts weights that have come where they belong in OIHW.
func (k *loaded[T]) tensor(row []T) (*tensor.Tensor, error) {
	s, order := k.array.Fold.Shape, k.array.Fold.WeightOrder()
	if len(row) != len(order) {
		return nil, fmt.Errorf("pe: %d weights have come where %d are used", len(row), len(order))
	}
	data := make([]T, len(row))
	for i, at := range order {
		data[at] = row[i]
	}
	return tensor.From(k.array.Weight, data, s.OutChannels, s.GroupInChannels(), s.Kernel.H, s.Kernel.W)
}

// together multiplies while the weights of all other tiles come.
func (k *loaded[T]) together(ctx context.Context, kernel flow.Kernel, row []T, in, out []*flow.Stream, frames, tiles int) error {
	f, tile := k.array.Fold, k.array.tile()
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	group.Go(func(ctx context.Context) error {
		for range tiles - 1 {
			slab, err := in[1].Receive(ctx)
			if err != nil {
				return err
			}
			if again := linebuffer.LoadedOf[T](slab); &again[0] != &row[0] && !slices.Equal(again, row) {
				return errors.New("pe: the weights that come are not those that came before")
			}
		}
		return nil
	})
	to := out[0]
	if f.OutFolds > 1 && tile > 1 {
		to = flow.NewStream(1)
		group.Go(func(ctx context.Context) error {
			if k.array.Sum.IsFloat() {
				return linebuffer.Tiled[float32](ctx, f, int(tile), to, out[0], frames)
			}
			return linebuffer.Tiled[int32](ctx, f, int(tile), to, out[0], frames)
		})
	}
	group.Go(func(ctx context.Context) error { return kernel.Run(ctx, in[:1], []*flow.Stream{to}, frames) })
	return group.Wait()
}
