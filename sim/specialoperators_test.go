package sim

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/tensor"
)

// TestOperatorsOfSpecialNumbers streams numbers that compare, add or print unlike others
// through every operator of floats: each is its definition on them, too, bit for bit.
func TestOperatorsOfSpecialNumbers(t *testing.T) {
	numbers := []float32{float32(math.Copysign(0, -1)), 0, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 1, -1, 1e-42, 3e38}
	hw, _ := parse(t, `{name: a, array: {simd: 2, pe: 2}}`, stopLayer)
	for i, o := range operators(rand.New(rand.NewPCG(5, 6))) {
		if o.dtype != tensor.Float32 {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			g, inputs := o.graph(rand.New(rand.NewPCG(7, uint64(i))))
			n, err := NewNetwork(hw, g)
			if err != nil {
				t.Fatal(err)
			}
			for first := range 3 { // nothing but -0, then ordinary zeros among them, then all
				r := rand.New(rand.NewPCG(9, uint64(first)))
				for _, x := range inputs {
					for k := range x.Len() {
						x.Data.([]float32)[k] = numbers[r.IntN([]int{1, 2, len(numbers)}[first])]
					}
				}
				out, err := n.Run(context.Background(), inputs, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if out.Wrong != nil {
					t.Error(out.Wrong)
				}
			}
		})
	}
}
