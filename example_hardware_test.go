package convsim_test

import (
	"context"
	"fmt"

	"github.com/convsim/convsim"
)

// must is the value, where an example has no error to show.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// frame is how a frame of a layer went on a hardware, without values.
func frame(layer convsim.Layer, hw convsim.Hardware) *convsim.Outcome {
	return must(convsim.Time(context.Background(), must(convsim.Map(layer, hw)), 1))
}

// The example's layer: 8 to 8 channels on 6 x 6 pixels.
var small = convsim.Conv2d{In: 8, Out: 8, Kernel: 3, Padding: 1}.On(6, 6)

// What a board offers bounds what fits; the kind of its DSP slices follows from it.
func ExampleHardware() {
	hw := convsim.Hardware{Board: "zcu104", ClockMHz: 300, Array: convsim.Array{PE: 8, SIMD: 8}}
	out := frame(small, hw)
	fmt.Println(out.Cycles, out.DSPKind, out.Cost.DSP)
	// Output: 349 dsp48e2 32
}

// A layer takes an array of more multipliers in fewer cycles.
func ExampleArray() {
	for _, a := range []convsim.Array{{}, {SIMD: 8}, {PE: 8, SIMD: 8}} {
		out := frame(small, convsim.Hardware{Array: a})
		fmt.Printf("%d multipliers: %d cycles, used %.0f %%\n", out.Multipliers, out.Cycles, 100*out.Utilization)
	}
	// Output:
	// 1 multipliers: 20829 cycles, used 100 %
	// 8 multipliers: 2615 cycles, used 99 %
	// 64 multipliers: 345 cycles, used 94 %
}

// A parallel window shows all nine taps at once.
func ExampleWindow() {
	for _, style := range []string{"serial", "parallel"} {
		out := frame(small, convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}, Window: convsim.Window{Style: style}})
		fmt.Println(style, out.Multipliers, out.Cycles)
	}
	// Output:
	// serial 64 345
	// parallel 576 74
}

// Sums of 16 bits that saturate, and are allowed to.
func ExampleAccumulator() {
	hw := convsim.Hardware{Accumulator: convsim.Accumulator{Bits: 16, Overflow: "saturate", AllowOverflow: true}}
	out, err := convsim.Run(context.Background(), must(convsim.Map(small, hw)), nil)
	fmt.Println(*out.Verified, out.Overflow, err)
	// Output:
	// true accumulators overflow (16 bits, saturate): 202 of 288 outputs are not Conv2d's, by at most 112843: output[0 7 3 4] is 27858 instead of 140701; 19 bits would do <nil>
}

// A depth for all FIFOs, and one for a single edge.
func ExampleFIFO() {
	hw := convsim.Hardware{FIFO: convsim.FIFO{Depth: 4, Edges: map[string]int{"window.array": 16}}}
	fmt.Print(must(convsim.Map(small, hw)))
	// Output:
	// source -[4]-> pad     288 beats of 8 bits
	// pad -[4]-> window     512 beats of 8 bits
	// window -[16]-> array  2592 beats of 8 bits
	// array -[4]-> sink     288 beats of 32 bits
}

// Without a FIFO, stages are joined by wires.
func ExampleWire() {
	fmt.Print(must(convsim.Map(small, convsim.Hardware{FIFO: convsim.FIFO{Depth: convsim.Wire}})))
	// Output:
	// source -> pad    288 beats of 8 bits
	// pad -> window    512 beats of 8 bits
	// window -> array  2592 beats of 8 bits
	// array -> sink    288 beats of 32 bits
}

// The outside world offers a beat every 16 cycles, or eight in a burst.
func ExamplePort() {
	for _, source := range []convsim.Port{{}, {Every: 16}, {On: 8, Off: 120}} {
		out := frame(small, convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}, Source: source})
		fmt.Println(out.Cycles, out.Stage("array").Starved)
	}
	// Output:
	// 345 15
	// 636 306
	// 853 523
}

// Weights on the chip, and some that come while they are used: once a frame, once a row of outputs.
func ExampleWeights() {
	for _, w := range []convsim.Weights{{}, {From: "dram", Reuse: "frame"}, {From: "dram", Reuse: "row"}} {
		hw := convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}, Weights: w, DRAM: convsim.DRAM{BytesPerCycle: 8}}
		fmt.Println(frame(small, hw).Cycles)
	}
	// Output:
	// 345
	// 397
	// 487
}

// Image and result share a port with so many bytes a cycle.
func ExampleDRAM() {
	for _, bytes := range []float64{1, 4, 16} {
		hw := convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}, DRAM: convsim.DRAM{BytesPerCycle: bytes},
			Source: convsim.Port{DRAM: true}, Sink: convsim.Port{DRAM: true}}
		fmt.Println(bytes, frame(small, hw).Cycles)
	}
	// Output:
	// 1 1440
	// 4 364
	// 16 346
}

// Multipliers of DSP slices, or of lookup tables.
func ExampleResources() {
	for _, kind := range []string{"dsp48e2", "dsp58", "lut"} {
		out := frame(small, convsim.Hardware{Array: convsim.Array{PE: 4, SIMD: 4}, Resources: convsim.Resources{DSP: kind}})
		fmt.Println(kind, out.Cycles, out.Cost.DSP, out.Cost.LUT)
	}
	// Output:
	// dsp48e2 1332 8 1068
	// dsp58 1329 8 620
	// lut 1328 0 2183
}

// Sums become int8 by a multiplier or by thresholds.
func ExampleRequantizer() {
	layer := small
	layer.Requantize = &convsim.Requantize{Rule: "shift", Shift: []int{7}}
	for _, style := range []string{"register", "threshold"} {
		out := frame(layer, convsim.Hardware{Requantize: convsim.Requantizer{Style: style}})
		fmt.Println(style, out.Cycles, out.Cost.LUT)
	}
	// Output:
	// register 20831 581
	// threshold 20840 658
}

// Layers of a network with an array of their own, by patterns of their names.
func ExampleLayers() {
	layers := convsim.Layers{
		{Name: "*Relu*", Array: convsim.Array{PE: 16}},
		{Name: "output_conv_q.QLinearConv", Array: convsim.Array{PE: 2}},
	}
	m := must(convsim.ReadModel("testdata/models/resnet8.onnx", nil))
	p := must(convsim.MapModel(m, convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}, Layers: layers}))
	out := must(convsim.TimeModel(context.Background(), p, 1))
	for _, l := range out.Layers {
		if l.Multipliers > 0 {
			fmt.Println(l.Name, l.Multipliers, l.Busy)
		}
	}
	// Output:
	// f_f.0_f.0.2_Relu_output_0_q.QLinearConv 24 9216
	// f_f.1_a_a.2_Relu_output_0_q.QLinearConv 64 9216
	// f_f.1_b_b.0_Conv_output_0_q.QLinearConv 64 9216
	// f_f.2_a_a.2_Relu_output_0_q.QLinearConv 128 2304
	// f_f.2_b_b.0_Conv_output_0_q.QLinearConv 64 9216
	// f_f.2_d_d.0_Conv_output_0_q.QLinearConv 64 1024
	// f_f.3_a_a.2_Relu_output_0_q.QLinearConv 128 2304
	// f_f.3_b_b.0_Conv_output_0_q.QLinearConv 64 9216
	// f_f.3_d_d.0_Conv_output_0_q.QLinearConv 64 512
	// output_conv_q.QLinearConv 16 20
}

// What is laid over the hardware for one layer: here a wider array.
func ExampleLayerHardware() {
	plain := convsim.Hardware{Array: convsim.Array{PE: 2, SIMD: 2}}
	wide := plain
	wide.Layers = convsim.Layers{{Name: "layer", Array: convsim.Array{PE: 8}}}
	fmt.Println(frame(small, plain).Multipliers, frame(small, wide).Multipliers)
	// Output: 4 16
}
