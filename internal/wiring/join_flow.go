package wiring

import (
	"context"
	"fmt"
	"slices"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// Kernel adds rows up.
func (j Join) Kernel(flow.Constants) (flow.Kernel, error) {
	if j.How != nil {
		return flow.Cases{Int8: combined[int8]{j}, UInt8: combined[uint8]{j}, Int16: combined[int16]{j}, Int32: combined[int32]{j},
			Float32: combined[float32]{j}}.For(j.Out.Elem)
	}
	if j.Out.Elem == tensor.Float32 {
		return added[float32]{j}, nil
	}
	return added[int32]{j}, nil
}

// added makes rows of sums.
type added[S int32 | float32] struct{ join Join }

// Run adds up all frames.
func (k added[S]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	pool := flow.NewPool[S]()
	for range int64(frames) * k.join.Out.Rows {
		var made flow.Slab
		var row []S
		for i, s := range in {
			slab, err := s.Receive(ctx)
			if err != nil {
				return err
			}
			if i == 0 {
				made, row = pool.Take(slab.Len(), k.join.Out.Idle)
			}
			if err := add(row, slab, i == 0); err != nil {
				return err
			}
			slab.Release()
		}
		if err := out[0].Send(ctx, made); err != nil {
			return err
		}
	}
	return nil
}

// add adds the elements of a slab to a row, or sets the row to them.
func add[S int32 | float32](row []S, slab flow.Slab, set bool) error {
	switch x := slab.Data.(type) {
	case []int8:
		accumulate(row, x, set)
	case []uint8:
		accumulate(row, x, set)
	case []int16:
		accumulate(row, x, set)
	case []int32:
		accumulate(row, x, set)
	case []float32:
		accumulate(row, x, set)
	default:
		return fmt.Errorf("wiring: a sum of %T", x)
	}
	return nil
}

func accumulate[S int32 | float32, T flow.Element](row []S, x []T, set bool) {
	if set {
		for i, v := range x {
			row[i] = S(v)
		}
		return
	}
	for i, v := range x {
		row[i] += S(v)
	}
}

// combined makes rows of elements S, each of one element of either input.
type combined[S flow.Element] struct{ join Join }

// Run combines all frames.
func (k combined[S]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	pool := flow.NewPool[S]()
	var ab [2][]float64
	for range int64(frames) * k.join.Out.Rows {
		for i, s := range in {
			slab, err := s.Receive(ctx)
			if err != nil {
				return err
			}
			if ab[i], err = wide(ab[i], slab); err != nil {
				return err
			}
			slab.Release()
		}
		made, row := pool.Take(len(ab[0]), k.join.Out.Idle)
		for i, a := range ab[0] {
			row[i] = S(k.join.How.Of(a, ab[1][i]))
		}
		if err := out[0].Send(ctx, made); err != nil {
			return err
		}
	}
	return nil
}

// wide returns the elements of a slab as float64, which holds them all, in the place of x.
func wide(x []float64, slab flow.Slab) ([]float64, error) {
	x = slices.Grow(x[:0], slab.Len())[:slab.Len()]
	switch data := slab.Data.(type) {
	case []int8:
		widen(x, data)
	case []uint8:
		widen(x, data)
	case []int16:
		widen(x, data)
	case []int32:
		widen(x, data)
	case []float32:
		widen(x, data)
	default:
		return nil, fmt.Errorf("wiring: elements of %T", data)
	}
	return x, nil
}

func widen[T flow.Element](x []float64, data []T) {
	for i, v := range data {
		x[i] = float64(v)
	}
}
