package sim

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// TestElementsAreCollectedWhereTheyLie: in whatever order axes cross, and however the rows are
// cut, every element gets the place that mapping.Places says.
func TestElementsAreCollectedWhereTheyLie(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		shape, axes, frames := []int{1}, []int{}, r.IntN(4)
		for a := range 1 + r.IntN(4) {
			shape, axes = append(shape, r.IntN(20)), append(axes, 1+a)
		}
		if first := r.IntN(len(axes)); r.IntN(4) > 0 {
			axes = slices.Concat(axes[first:], axes[:first])
		} else {
			r.Shuffle(len(axes), func(i, k int) { axes[i], axes[k] = axes[k], axes[i] })
		}
		typ := network.Type{DType: []tensor.DType{tensor.Int16, tensor.Int64}[r.IntN(2)], Shape: shape}
		c, err := newCollector(typ, axes, frames)
		if err != nil {
			t.Fatal(err)
		}
		places := mapping.Places(shape, axes)
		data := make([]int32, frames*len(places))
		want := make([]int64, len(data))
		for i := range data {
			data[i] = int32(int16(r.Uint32()))
			want[i/len(places)*len(places)+int(places[i%len(places)])] = int64(data[i])
		}
		for rest := data; len(rest) > 0; {
			n := min(len(rest), 1+r.IntN(1+r.IntN(200)))
			add(c, typ.DType, rest[:n])
			rest = rest[n:]
		}
		got, err := c.tensor()
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range want {
			if got.Int(i) != v {
				t.Fatalf("shape %v, axes %v, %d frames: element %d is %d, want %d", shape, axes, frames, i, got.Int(i), v)
			}
		}
		add(c, typ.DType, []int32{1})
		if _, err := c.tensor(); err == nil {
			t.Fatalf("shape %v, %d frames: an element too many is taken", shape, frames)
		}
	}
}

// add hands a row to a collector in the type in which it crosses.
func add(c collector, typ tensor.DType, row []int32) {
	if typ == tensor.Int64 {
		c.add(flow.NewSlab(row, 0))
		return
	}
	narrow := make([]int16, len(row))
	for i, v := range row {
		narrow[i] = int16(v)
	}
	c.add(flow.NewSlab(narrow, 0))
}
