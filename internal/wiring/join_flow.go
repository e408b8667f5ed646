package wiring

import (
	"context"
	"fmt"

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
	for range int64(frames) * k.join.Out.Rows {
		var row []S
		for i, s := range in {
			slab, err := s.Receive(ctx)
			if err != nil {
				return err
			}
			if i == 0 {
				row = make([]S, slab.Len())
			}
			if err := add(row, slab, i == 0); err != nil {
				return err
			}
		}
		if err := out[0].Send(ctx, flow.NewSlab(row, k.join.Out.Idle)); err != nil {
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
	for range int64(frames) * k.join.Out.Rows {
		var ab [2][]float64
		for i, s := range in {
			slab, err := s.Receive(ctx)
			if err != nil {
				return err
			}
			if ab[i], err = wide(slab); err != nil {
				return err
			}
		}
		row := make([]S, len(ab[0]))
		for i, a := range ab[0] {
			row[i] = S(k.join.How.Of(a, ab[1][i]))
		}
		if err := out[0].Send(ctx, flow.NewSlab(row, k.join.Out.Idle)); err != nil {
			return err
		}
	}
	return nil
}

// wide returns the elements of a slab as float64, which holds them all.
func wide(slab flow.Slab) ([]float64, error) {
	x := make([]float64, slab.Len())
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
