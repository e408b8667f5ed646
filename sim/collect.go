package sim

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/simd"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// collector puts the elements of a tensor that crosses an edge where they lie in memory,
// row by row as they come: nobody has to keep the rows.
type collector interface {
	add(row flow.Slab)
	tensor() (*tensor.Tensor, error) // what was collected, once all rows have come
}

// newCollector makes the collector of a tensor of so many frames, whose axes cross an edge in
// this order.
func newCollector(typ network.Type, axes []int, frames int) (collector, error) {
	shape := slices.Clone(typ.Shape)
	shape[0] = frames
	switch typ.DType {
	case tensor.Int8, tensor.Int4:
		return placing[int8](typ.DType, shape, axes), nil
	case tensor.UInt8, tensor.UInt4:
		return placing[uint8](typ.DType, shape, axes), nil
	case tensor.Int16:
		return placing[int16](typ.DType, shape, axes), nil
	case tensor.Int32:
		return placing[int32](typ.DType, shape, axes), nil
	case tensor.Float32:
		return placing[float32](typ.DType, shape, axes), nil
	case tensor.Int64:
		return wide{placing[int32](tensor.Int32, shape, axes)}, nil
	}
	return nil, fmt.Errorf("%s does not cross an edge", typ)
}

// collect makes tensors of all that was collected.
func collect(kept map[string]collector) (map[string]*tensor.Tensor, error) {
	tensors := map[string]*tensor.Tensor{}
	for name, c := range kept {
		t, err := c.tensor()
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		tensors[name] = t
	}
	return tensors, nil
}

// placed are elements of a type.
type placed[T flow.Element] struct {
	dtype  tensor.DType
	shape  []int
	data   []T // once elements come
	all    int // elements that come
	per    int // elements of a frame
	come   int
	inner  int     // of a frame seen as rows of a matrix that cross column by column: how many rows; 0 where it is none
	places []int32 // of its elements in memory, where it is none
}

func placing[T flow.Element](dtype tensor.DType, shape, axes []int) *placed[T] {
	p := &placed[T]{dtype: dtype, shape: shape, per: 1}
	for _, n := range shape[1:] {
		p.per *= n
	}
	p.all = shape[0] * p.per
	if p.inner = rowsCrossed(shape, axes); p.inner == 0 {
		p.places = mapping.Places(shape, axes)
	}
	return p
}

// rowsCrossed is how many rows a frame has if it is seen as a matrix that crosses column by
// column: its outer axes cross last. It is 1 where the axes cross as they lie, and 0
// where it is no such matrix.
func rowsCrossed(shape, axes []int) int {
	rows := 1
	for i, a := range axes {
		if a != 1+(axes[0]-1+i)%len(axes) {
			return 0
		}
		if a < axes[0] {
			rows *= shape[a]
		}
	}
	return rows
}

// add implements collector.
func (p *placed[T]) add(slab flow.Slab) {
	row := flow.Of[T](slab)
	if p.data == nil {
		p.data = make([]T, p.all)
	}
	for len(row) > 0 && p.come < p.all {
		at := p.come % p.per
		n := min(len(row), p.per-at)
		p.place(p.data[p.come-at:][:p.per], at, row[:n])
		p.come, row = p.come+n, row[n:]
	}
	p.come += len(row) // too many
}

// place puts elements into a frame of which so many have come.
func (p *placed[T]) place(frame []T, at int, row []T) {
	switch p.inner {
	case 0:
		for i, v := range row {
			frame[p.places[at+i]] = v
		}
		return
	case 1:
		copy(frame[at:], row)
		return
	}
	columns := p.per / p.inner
	for ; len(row) > 0 && at%p.inner > 0; at, row = at+1, row[1:] { // what is left of a column
		frame[at%p.inner*columns+at/p.inner] = row[0]
	}
	whole := len(row) / p.inner
	simd.Transpose(frame[at/p.inner:], columns, row, p.inner, whole, p.inner)
	for i, v := range row[whole*p.inner:] {
		frame[i*columns+at/p.inner+whole] = v
	}
}

// tensor implements collector.
func (p *placed[T]) tensor() (*tensor.Tensor, error) {
	if p.come != p.all {
		return nil, fmt.Errorf("%d elements crossed, want %d", p.come, p.all)
	}
	return tensor.From(p.dtype, p.data, p.shape...)
}

// wide are elements of int64 that cross as int32.
type wide struct{ *placed[int32] }

// tensor implements collector.
func (w wide) tensor() (*tensor.Tensor, error) {
	if _, err := w.placed.tensor(); err != nil {
		return nil, err
	}
	data := make([]int64, len(w.data))
	for i, v := range w.data {
		data[i] = int64(v)
	}
	return tensor.From(tensor.Int64, data, w.shape...)
}
