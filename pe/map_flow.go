package pe

import (
	"context"

	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// Kernel makes the elements.
func (m Map) Kernel(flow.Constants) (flow.Kernel, error) {
	return flow.Cases{Int8: mapFrom[int8](m), UInt8: mapFrom[uint8](m), Int16: mapFrom[int16](m), Int32: mapFrom[int32](m),
		Float32: mapFrom[float32](m)}.For(m.In.Elem)
}

// mapFrom is the kernel for elements that come as T, nil if it cannot make them.
func mapFrom[T flow.Element](m Map) flow.Kernel {
	k, err := flow.Cases{Int8: mapped[T, int8]{m}, UInt8: mapped[T, uint8]{m}, Int16: mapped[T, int16]{m}, Int32: mapped[T, int32]{m},
		Float32: mapped[T, float32]{m}}.For(m.Out.Elem)
	if err != nil {
		return nil
	}
	return k
}

// mapped makes elements S of elements T.
type mapped[T, S flow.Element] struct{ m Map }

// Run maps all frames.
func (k mapped[T, S]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	apply, made := k.function(), flow.NewPool[S]()
	for range int64(frames) * k.m.In.Rows {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		x := flow.Of[T](slab)
		row, y := made.Take(len(x), slab.Idle)
		apply(y, x)
		slab.Release()
		if err := out[0].Send(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// function is what is done to a row: 8-bit elements are looked up, in a table for
// all channels or one a channel.
func (k mapped[T, S]) function() func(y []S, x []T) {
	channels := int((k.m.In.Pixels*k.m.In.Beats*int64(k.m.In.Lanes) - k.m.In.Idle) / k.m.In.Pixels)
	f := k.m.F
	if k.m.In.Elem == tensor.Float32 || k.m.In.Elem.Bits() > 8 {
		return func(y []S, x []T) {
			for i, v := range x {
				y[i] = S(f.Of(float64(v), i%channels))
			}
		}
	}
	lo, hi := k.m.In.Elem.Range()
	tables := channels
	if scalar.Uniform(f) {
		tables = 1
	}
	table := make([]S, tables<<8)
	for c := range tables {
		for v := lo; v <= hi; v++ {
			table[c<<8|int(uint8(v))] = S(f.Of(float64(v), c))
		}
	}
	return func(y []S, x []T) {
		for i, v := range x {
			y[i] = table[i%channels%tables<<8|int(uint8(int64(v)))]
		}
	}
}
