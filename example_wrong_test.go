package convsim_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/convsim/convsim"
	"github.com/convsim/convsim/tensor"
)

func ExampleInvalid() {
	_, err := convsim.Map(convsim.Conv2d{In: 3, Out: 4, Kernel: 3, Groups: 2}.On(4, 4),
		convsim.Hardware{Array: convsim.Array{PE: -1}, Accumulator: convsim.Accumulator{Bits: 99}})
	var wrong *convsim.Invalid
	if errors.As(err, &wrong) {
		fmt.Println(strings.Join(wrong.Mistakes, "\n"))
	}
	// Output:
	// groups: illegal value, got 2; allowed: a divisor of in_channels, 3
	// array.pe: out of range, got -1; allowed: whole number 1..65536
	// accumulator.bits: out of range, got 99; allowed: whole number 2..32
}

func ExampleIsInvalid() {
	plan := must(convsim.Map(convsim.Conv2d{In: 2, Out: 1, Kernel: 1}.On(3, 3), convsim.Hardware{}))
	_, err := convsim.Run(context.Background(), plan, convsim.Tensors{"weigth": nil})
	mistakes, ok := convsim.IsInvalid(err)
	fmt.Println(mistakes, ok)
	// Output: [weigth: no such tensor; allowed: input, weight, bias, expect] true
}

// An output that is not the expected one is found, and when it left.
func ExampleMismatch() {
	zeros := must(tensor.New(tensor.Int32, 1, 2, 3, 3))
	plan := must(convsim.Map(convsim.Conv2d{In: 4, Out: 2, Kernel: 3}.On(5, 5), convsim.Hardware{}))
	_, err := convsim.Run(context.Background(), plan, convsim.Tensors{"expect": zeros})
	var wrong *convsim.Mismatch
	if errors.As(err, &wrong) {
		fmt.Println(wrong.Against, wrong.Index, wrong.Got, wrong.Want, wrong.Cycle, wrong.Count)
	}
	// Output: expected output [0 0 0 0] -5730 0 63 18
}

func ExampleOverflow() {
	hw := convsim.Hardware{Accumulator: convsim.Accumulator{Bits: 12, Overflow: "saturate"}}
	plan := must(convsim.Map(convsim.Conv2d{In: 8, Out: 2, Kernel: 3}.On(5, 5), hw))
	_, err := convsim.Run(context.Background(), plan, nil)
	var o *convsim.Overflow
	if errors.As(err, &o) {
		fmt.Println(o.Elements, o.Of, o.BitsNeeded)
	}
	// Output: 18 18 18
}

// A shortcut around two convolutions needs a FIFO that holds what they hold back.
func ExampleDeadlock() {
	m, _, err := resnet()
	if err != nil {
		fmt.Println(err)
		return
	}
	shortcut := "f_f.0_f.0.2_Relu_output_0_q_dq5.DequantizeLinear.f_f.1_Add_output_0_f.Add"
	hw := convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}, FIFO: convsim.FIFO{Edges: map[string]int{shortcut: 2}}}
	_, err = convsim.TimeModel(context.Background(), must(convsim.MapModel(m, hw)), 1)
	var d *convsim.Deadlock
	if errors.As(err, &d) {
		fmt.Println(d.At, d.Loop, d.Relief.Depth)
		hw.FIFO.Edges[d.Relief.Edge] = d.Relief.Depth
	}
	_, err = convsim.TimeModel(context.Background(), must(convsim.MapModel(m, hw)), 1)
	fmt.Println(err)
	// Output:
	// 179 true 63
	// <nil>
}

// Accumulators of a network that are too narrow: the first node whose output is not what it should be.
func ExampleWrongNode() {
	m := must(convsim.ReadModel("testdata/models/resnet8.onnx", nil))
	hw := convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}, Accumulator: convsim.Accumulator{Bits: 14}}
	_, err := convsim.RunModel(context.Background(), must(convsim.MapModel(m, hw)), nil)
	var wrong *convsim.WrongNode
	if errors.As(err, &wrong) {
		fmt.Println(wrong.Node, wrong.Op, wrong.Overflow)
	}
	// Output:
	// f_f.0_f.0.2_Relu_output_0_q/QLinearConv QLinearConv its accumulators overflow (14 bits, wrap); 15 bits would do; accumulator.allow_overflow: true accepts it
}
