package sim

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// TestFunctionsOfSpecialNumbers streams zeros of both signs, infinities, nan and the
// smallest numbers through every function of one number, bit for bit.
func TestFunctionsOfSpecialNumbers(t *testing.T) {
	inf, small := float32(math.Inf(1)), float32(math.SmallestNonzeroFloat32)
	numbers := []float32{0, float32(math.Copysign(0, -1)), inf, -inf, float32(math.NaN()), small, -small, 1, -1, 6, math.MaxFloat32, -math.MaxFloat32}
	x, err := tensor.From(tensor.Float32, numbers, 1, 1, 3, 4)
	if err != nil {
		t.Fatal(err)
	}
	zero, six := 0.0, 6.0
	r := rand.New(rand.NewPCG(5, 6))
	ops := append(operators(r), operator{"relu6", network.Clip{Lo: &zero, Hi: &six}, tensor.Float32, [][]int{{1}}, nil})
	for _, o := range ops {
		switch o.op.(type) {
		case network.Unary, network.LeakyRelu, network.Elu, network.HardSigmoid, network.Gelu, network.Clip:
		default:
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			o.inputs = [][]int{{1, 1, 3, 4}}
			g, inputs := o.graph(r)
			inputs["x0"] = x
			hw, _ := parse(t, `{name: a}`, stopLayer)
			streams(t, hw, g, inputs)
		})
	}
}
