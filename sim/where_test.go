package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// TestWhereStreams: streams and constants at all inputs of a Where, and repeated ones.
func TestWhereStreams(t *testing.T) {
	hw, _ := parse(t, `{name: a, array: {simd: 4}}`, stopLayer)
	r := rand.New(rand.NewPCG(1, 2))
	w := func(d tensor.DType, shape ...int) *tensor.Tensor { return testTensor(r, d, shape...) }
	for name, constants := range map[string]map[string]*tensor.Tensor{
		"three streams":       {},
		"a constant choice":   {"b": w(tensor.Float32, 1)},
		"a choice by place":   {"a": w(tensor.Float32, 3, 1, 5)},
		"a constant mask":     {"c": w(tensor.UInt8, 1, 3, 4, 5)},
		"a mask and a choice": {"c": w(tensor.UInt8, 4, 5), "a": w(tensor.Float32)},
	} {
		t.Run(name, func(t *testing.T) {
			g := &network.Graph{Name: "where", Constants: constants, Outputs: []string{"y"}}
			inputs := map[string]*tensor.Tensor{}
			for i, name := range []string{"c", "a", "b"} {
				if constants[name] != nil {
					continue
				}
				shape := [][]int{{2, 3, 4, 5}, {2, 1, 4, 5}, {2, 3, 4, 5}}[i]
				inputs[name] = w([]tensor.DType{tensor.UInt8, tensor.Float32, tensor.Float32}[i], shape...)
				g.Inputs = append(g.Inputs, network.Input{Name: name, Type: network.TypeOf(inputs[name])})
			}
			for i := range length(inputs["c"]) {
				if i%2 == 0 {
					inputs["c"].Data.([]uint8)[i] = 0
				}
			}
			g.Nodes = []network.Node{{Name: "where", Op: network.Where{}, Inputs: []string{"c", "a", "b"}, Outputs: []string{"y"}}}
			streams(t, hw, g, inputs)
		})
	}
}

// length is 0 of no tensor.
func length(x *tensor.Tensor) int {
	if x == nil {
		return 0
	}
	return x.Len()
}
