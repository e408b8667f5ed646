package network_test

import (
	"fmt"
	"log"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// A network of one node, computed node by node.
func ExampleExecute() {
	g := &network.Graph{
		Inputs:    []network.Input{{Name: "x", Type: network.Type{DType: tensor.Float32, Shape: []int{1, 2}}}},
		Outputs:   []string{"y"},
		Constants: map[string]*tensor.Tensor{"w": f32(values{3, 4}, 2, 1)},
		Nodes:     []network.Node{{Name: "product", Op: network.MatMul{}, Inputs: []string{"x", "w"}, Outputs: []string{"y"}}},
	}
	in := map[string]*tensor.Tensor{"x": f32(values{1, 10}, 1, 2)}
	out, err := network.Execute(g, in, func(n network.Node, name string, t *tensor.Tensor) error {
		fmt.Println(n.Name, "makes", name, t, t.Data)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out["y"].Float(0))
	// Output:
	// product makes y float32 [1 1] [43]
	// 43
}
