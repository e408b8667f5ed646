package sim

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/sourcegraph/conc/pool"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// collector puts the elements of a tensor that crosses an edge back into the order
// in which they lie in memory.
type collector struct {
	typ    network.Type
	axes   []int
	frames int
	rows   []flow.Slab
}

func (c *collector) add(s flow.Slab) { c.rows = append(c.rows, s) }

// tensor is what was collected, as many frames as ran.
func (c *collector) tensor() (*tensor.Tensor, error) {
	shape := slices.Clone(c.typ.Shape)
	shape[0] = c.frames
	places := mapping.Places(shape, c.axes)
	switch c.typ.DType {
	case tensor.Int8, tensor.Int4:
		return placed[int8](c, shape, places)
	case tensor.UInt8, tensor.UInt4:
		return placed[uint8](c, shape, places)
	case tensor.Int16:
		return placed[int16](c, shape, places)
	case tensor.Int32:
		return placed[int32](c, shape, places)
	case tensor.Float32:
		return placed[float32](c, shape, places)
	case tensor.Int64:
		return placedAs[int32](c, shape, places, func(v int32) int64 { return int64(v) })
	}
	return nil, fmt.Errorf("%s does not cross an edge", c.typ)
}

// collect makes tensors of all that was collected, side by side.
func collect(kept map[string]*collector) (map[string]*tensor.Tensor, error) {
	var mu sync.Mutex
	tensors := map[string]*tensor.Tensor{}
	p := pool.New().WithErrors().WithMaxGoroutines(runtime.GOMAXPROCS(0))
	for name, c := range kept {
		p.Go(func() error {
			t, err := c.tensor()
			if err != nil {
				return fmt.Errorf("tensor %q: %w", name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			tensors[name] = t
			return nil
		})
	}
	return tensors, p.Wait()
}

func placed[T flow.Element](c *collector, shape []int, places []int32) (*tensor.Tensor, error) {
	return placedAs(c, shape, places, func(v T) T { return v })
}

func placedAs[T flow.Element, S any](c *collector, shape []int, places []int32, as func(T) S) (*tensor.Tensor, error) {
	per := len(places)
	data := make([]S, c.frames*per)
	i := 0
	for _, row := range c.rows {
		for _, v := range flow.Of[T](row) {
			if i == len(data) {
				return nil, fmt.Errorf("more than %d elements crossed", len(data))
			}
			data[i/per*per+int(places[i%per])] = as(v)
			i++
		}
	}
	if i != len(data) {
		return nil, fmt.Errorf("%d elements crossed, want %d", i, len(data))
	}
	return tensor.From(c.typ.DType, data, shape...)
}
