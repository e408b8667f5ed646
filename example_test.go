package convsim_test

import (
	"context"
	"fmt"
	"slices"
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

// The plan can be looked at before anything runs.
func ExamplePlan() {
	var plan *convsim.Plan = must(convsim.Map(small, convsim.Hardware{}))
	bits := 0
	for _, e := range plan.Edges() {
		bits += e.Depth * e.Bits
	}
	fmt.Println(len(plan.Blocks()), "blocks,", bits, "bits in FIFOs")
	// Output: 5 blocks, 112 bits in FIFOs
}

func ExamplePlan_Blocks() {
	layer := small
	layer.Requantize = &convsim.Requantize{Rule: "shift", Shift: []int{7}}
	fmt.Println(must(convsim.Map(layer, convsim.Hardware{})).Blocks())
	// Output: [source pad window array requantize sink]
}

func ExamplePlan_Edges() {
	for _, e := range must(convsim.Map(small, convsim.Hardware{})).Edges() {
		fmt.Println(e.Name, e.Beats)
	}
	// Output:
	// source.pad 288
	// pad.window 512
	// window.array 2592
	// array.sink 288
}

// The widest edge of a plan.
func ExampleEdge() {
	plan := must(convsim.Map(small, convsim.Hardware{Array: convsim.Array{PE: 2, SIMD: 8}}))
	widest := slices.MaxFunc(plan.Edges(), func(a, b convsim.Edge) int { return a.Bits - b.Bits })
	fmt.Println(widest.Name, widest.Bits)
	// Output: source.pad 64
}

// What a run says, beside its output.
func ExampleOutcome() {
	hw := convsim.Hardware{ClockMHz: 250, Array: convsim.Array{PE: 8, SIMD: 8}}
	out := must(convsim.Run(context.Background(), must(convsim.Map(small, hw)), nil))
	fmt.Printf("%d cycles, %.2f us, %.1f MAC a cycle\n", out.Cycles, out.LatencyUS, out.MACsPerCycle)
	fmt.Println(out.Output, *out.Verified, out.OutputSHA256[:8])
	// Output:
	// 345 cycles, 1.38 us, 60.1 MAC a cycle
	// int32 [1 8 6 6] true 4dc7dbc7
}

func ExampleOutcome_Stage() {
	out := frame(small, convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}})
	fmt.Println(out.Stage("window").Busy, out.Stage("array").Busy, out.Stage("none").Total)
	// Output: 324 324 0
}

// Every cycle of a stage has a name.
func ExampleStageUse() {
	var array convsim.StageUse = frame(small, convsim.Hardware{Source: convsim.Port{Every: 64}}).Stage("array")
	fmt.Println(array.Busy, array.Starved, array.StarvedOn, array.Blocked, array.Other, array.Total)
	// Output: 20736 3969 window.array 0 6 24711
}

// A bias of one's own; image and weights are made up.
func ExampleTensors() {
	layer := convsim.Conv2d{In: 1, Out: 2, Kernel: 1, Bias: true}.On(1, 1)
	plan := must(convsim.Map(layer, convsim.Hardware{}))
	zero := must(tensor.New(tensor.Int8, 1, 1, 1, 1))
	bias := must(tensor.New(tensor.Int32, 2))
	bias.Data = []int32{3, -4}
	out := must(convsim.Run(context.Background(), plan, convsim.Tensors{"input": zero, "bias": bias}))
	fmt.Println(out.Output.Data)
	// Output: [3 -4]
}

func ExampleTensor() {
	var out *convsim.Tensor = must(convsim.Run(context.Background(), must(convsim.Map(small, convsim.Hardware{})), nil)).Output
	fmt.Println(out, out.Len(), out.Coordinates(7))
	// Output: int32 [1 8 6 6] 288 [0 0 1 1]
}
