package convsim_test

import (
	"context"
	"fmt"

	"github.com/convsim/convsim"
)

// A depthwise convolution: as many groups as channels.
func ExampleConv2d() {
	depthwise := convsim.Conv2d{In: 8, Out: 8, Kernel: 3, Padding: 1, Groups: 8}
	dilated := convsim.Conv2d{In: 8, Out: 8, Kernel: 3, Padding: 2, Dilation: 2, PaddingMode: "reflect"}
	for _, c := range []convsim.Conv2d{depthwise, dilated} {
		out := frame(c.On(6, 6), convsim.Hardware{})
		fmt.Println(out.MACs, out.Cycles)
	}
	// Output:
	// 2592 2739
	// 20736 21151
}

func ExampleConv2d_On() {
	layer := convsim.Conv2d{In: 3, Out: 8, Kernel: 5, Stride: 2}.On(32, 24)
	fmt.Println(layer.Height, layer.Width, layer.Check())
	// Output: 32 24 <nil>
}

// A kernel of one row and seven columns, and padding of its own on either axis.
func ExamplePairs() {
	row := convsim.Conv2d{In: 4, Out: 4, Pairs: convsim.Pairs{Kernel: [2]int{1, 7}, Padding: [2]int{0, 3}}}
	out := must(convsim.Run(context.Background(), must(convsim.Map(row.On(5, 9), convsim.Hardware{})), nil))
	fmt.Println(out.Output)
	// Output: int32 [1 4 5 9]
}

// Images of uint8 with a zero point, two of them at once.
func ExampleLayer() {
	layer := convsim.Conv2d{In: 4, Out: 4, Kernel: 3, Bias: true}.On(5, 5)
	layer.Batch, layer.Input, layer.InputZero = 2, "uint8", 128
	out := must(convsim.Run(context.Background(), must(convsim.Map(layer, convsim.Hardware{})), nil))
	fmt.Println(out.Output, *out.Verified)
	// Output: int32 [2 4 3 3] true
}

// The rule of ONNX's QLinearConv.
func ExampleRequantize() {
	layer := convsim.Conv2d{In: 4, Out: 4, Kernel: 3}.On(5, 5)
	layer.Requantize = &convsim.Requantize{Rule: "onnx", InputScale: 0.02, WeightScale: []float64{0.01}, OutputScale: 0.5, OutputZero: 3}
	out := must(convsim.Run(context.Background(), must(convsim.Map(layer, convsim.Hardware{})), nil))
	fmt.Println(out.Output, *out.Verified)
	// Output: int8 [1 4 3 3] true
}
