package pe

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/conv"
)

// TestTriples holds three weights a word to plain sums, at the limits of what 21 bits hold.
func TestTriples(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		least, most, weight int32
		chunk               bool // three weights a word at all
	}{{-128, 127, 128, true}, {-255, 255, 128, true}, {-1, 0, 1, true}, {-32768, 32767, 4, false}, {0, 255, 300, false}} {
		for _, outputs := range []int{11, 12, 26, 40} {
			const elements, vectors = 203, 3
			value := func(least, most int32) int32 {
				return []int32{least, least, most, least + r.Int32N(most-least+1)}[r.IntN(4)]
			}
			extreme := r.IntN(2) == 0 // every product at its greatest
			rows, x := make([][]int32, outputs), make([]int32, vectors*elements)
			for o := range rows {
				for range elements {
					w := value(-c.weight, c.weight-1)
					if extreme {
						w = -c.weight
					}
					rows[o] = append(rows[o], w)
				}
			}
			for i := range x {
				if x[i] = value(c.least, c.most); extreme {
					x[i] = c.least
				}
			}
			w := NewIntWeights(rows, nil, Uniform(29, 7), conv.Accumulator{Bits: 32}, Span{int64(c.least), int64(c.most)})
			if (w.dozens.chunk > 0) != c.chunk {
				t.Errorf("%+v: chunks of %d", c, w.dozens.chunk)
			}
			got, want := make([]int32, vectors*outputs), make([]int32, vectors*outputs)
			w.Multiply(got, x, vectors)
			for i := range want {
				for e, weight := range rows[i%outputs] {
					want[i] += weight * x[i/outputs*elements+e]
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%+v, %d outputs: sums differ", c, outputs)
			}
		}
	}
}
