package convsim_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/convsim/convsim"
	"github.com/convsim/convsim/tensor"
)

func Example() {
	hw := convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}}
	layer := convsim.Conv2d{In: 16, Out: 16, Kernel: 3, Padding: 1}.On(8, 8)
	plan, err := convsim.Map(layer, hw)
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := convsim.Run(context.Background(), plan, nil)
	fmt.Println(out.Cycles, out.Stage("array").Busy, *out.Verified, err)
	// Output: 2345 2304 true <nil>
}

func ExampleRun() {
	// Ones through a 3x3 kernel of ones, without padding.
	ones := func(shape ...int) *convsim.Tensor {
		t, err := tensor.New(tensor.Int8, shape...)
		if err != nil {
			panic(err)
		}
		for i := range t.Data.([]int8) {
			t.Data.([]int8)[i] = 1
		}
		return t
	}
	plan, err := convsim.Map(convsim.Conv2d{In: 2, Out: 1, Kernel: 3}.On(3, 4), convsim.Hardware{})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := convsim.Run(context.Background(), plan, convsim.Tensors{"input": ones(1, 2, 3, 4), "weight": ones(1, 2, 3, 3)})
	fmt.Println(out.Output.Data, err)
	// Output: [18 18] <nil>
}

func ExampleMap() {
	plan, err := convsim.Map(convsim.Conv2d{In: 3, Out: 4, Kernel: 3, Padding: 1}.On(4, 4), convsim.Hardware{FIFO: convsim.FIFO{Depth: convsim.Wire}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Join(plan.Blocks(), " "))
	for _, e := range plan.Edges()[:2] {
		fmt.Println(e.Name, e.Depth, e.Bits, e.Beats)
	}
	// Output:
	// source pad window array sink
	// source.pad 0 8 48
	// pad.window 0 8 108
}

func ExamplePlan_String() {
	plan, err := convsim.Map(convsim.Conv2d{In: 3, Out: 4, Kernel: 3, Padding: 1}.On(4, 4), convsim.Hardware{Window: convsim.Window{Style: "parallel"}})
	fmt.Println(plan, err)
	// Output:
	// source -[2]-> pad    48 beats of 8 bits
	// pad -[2]-> window    108 beats of 8 bits
	// window -[2]-> array  48 beats of 72 bits
	// array -[2]-> sink    64 beats of 32 bits
	//  <nil>
}

func ExampleTime() {
	plan, err := convsim.Map(convsim.Conv2d{In: 4, Out: 4, Kernel: 1}.On(5, 5), convsim.Hardware{
		Array: convsim.Array{PE: 4, SIMD: 4}, Source: convsim.Port{Every: 2}})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := convsim.Time(context.Background(), plan, 4)
	fmt.Println(out.Cycles, *out.SteadyInterval, err)
	// Output: 208 50 <nil>
}

func ExampleInvalid() {
	_, err := convsim.Map(convsim.Conv2d{In: 3, Out: 4, Kernel: 3, Groups: 2}.On(4, 4),
		convsim.Hardware{Array: convsim.Array{PE: -1}, Accumulator: convsim.Accumulator{Bits: 99}})
	mistakes, _ := convsim.IsInvalid(err)
	fmt.Println(strings.Join(mistakes, "\n"))
	// Output:
	// groups: illegal value, got 2; allowed: a divisor of in_channels, 3
	// array.pe: out of range, got -1; allowed: whole number 1..65536
	// accumulator.bits: out of range, got 99; allowed: whole number 2..32
}

func ExampleHardware_Check() {
	fmt.Println(convsim.Hardware{Window: convsim.Window{Style: "paralel"}}.Check())
	// Output: convsim: window.style: not among the choices, got paralel; allowed: serial, parallel; did you mean parallel?
}

func ExampleLayer_Check() {
	layer := convsim.Conv2d{In: 4, Out: 6, Kernel: 5, Groups: 4}.On(3, 8)
	layer.Weight = "int9"
	fmt.Println(layer.Check())
	fmt.Println(convsim.Conv2d{In: 4, Out: 8, Kernel: 3, Groups: 4}.On(3, 8).Check())
	// Output:
	// convsim: dtype.weight: not among the choices, got int9; allowed: int4, uint4, int8, uint8, int16, float32; did you mean int4?
	// groups: illegal value, got 4; allowed: a divisor of out_channels, 6
	// <nil>
}

func ExampleOverflow() {
	hw := convsim.Hardware{Accumulator: convsim.Accumulator{Bits: 12, Overflow: "saturate"}}
	plan, err := convsim.Map(convsim.Conv2d{In: 8, Out: 2, Kernel: 3}.On(5, 5), hw)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = convsim.Run(context.Background(), plan, nil)
	var o *convsim.Overflow
	fmt.Println(errors.As(err, &o), o.BitsNeeded > 12)
	// Output: true true
}
