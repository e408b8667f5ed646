package convsim_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim"
	"github.com/convsim/convsim/configs"
)

// FuzzLiterals: a literal, however wrong, is an error and never a panic; one that is
// right runs.
func FuzzLiterals(f *testing.F) {
	f.Add(4, 4, 3, 1, 1, 1, 1, 5, 5, 2, 2, 1, 2, 32, int64(0), "", "serial", "zeros")
	f.Add(0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, int64(-1), "int9", "x", "y")
	f.Add(6, 6, 2, 2, 3, 2, 3, 9, 8, 3, 3, 2, -1, 8, int64(3), "uint8", "parallel", "reflect")
	f.Fuzz(func(t *testing.T, in, out, kernel, stride, padding, dilation, groups, height, width, pe, simd, parallel, depth, bits int,
		every int64, dtype, style, mode string) {
		layer := convsim.Conv2d{In: in, Out: out, Kernel: kernel, Stride: stride, Padding: padding, Dilation: dilation, Groups: groups,
			PaddingMode: mode}.On(height, width)
		layer.Input = dtype
		hw := convsim.Hardware{Array: convsim.Array{PE: pe, SIMD: simd, GroupParallel: parallel}, Window: convsim.Window{Style: style},
			FIFO: convsim.FIFO{Depth: depth}, Accumulator: convsim.Accumulator{Bits: bits}, Source: convsim.Port{Every: every}}
		plan, err := convsim.Map(layer, hw)
		if err != nil {
			if _, ok := convsim.IsInvalid(err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		for _, n := range []int{in, out, kernel, stride, padding, dilation, groups, height, width, int(every)} {
			if n > 9 {
				return // right, but long
			}
		}
		_, err = convsim.Run(context.Background(), plan, nil)
		var dead *convsim.Deadlock
		var over *convsim.Overflow
		if err != nil && !errors.As(err, &dead) && !errors.As(err, &over) {
			t.Fatal(err)
		}
	})
}

// TestWrongTensors: tensors that do not fit are named, all of them.
func TestWrongTensors(t *testing.T) {
	plan, err := convsim.Map(convsim.Conv2d{In: 2, Out: 1, Kernel: 1}.On(3, 3), convsim.Hardware{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := convsim.Run(context.Background(), plan, convsim.Tensors{"inptu": nil, "bias": &convsim.Tensor{}, "weight": &convsim.Tensor{},
		"expect": &convsim.Tensor{}})
	mistakes, ok := convsim.IsInvalid(err)
	if out != nil || !ok || len(mistakes) != 4 {
		t.Errorf("%v, %v", out, err)
	}
}

// TestLayersOfLiterals: keys of layers hold for the layers of their names, in order.
func TestLayersOfLiterals(t *testing.T) {
	layer := convsim.Conv2d{In: 4, Out: 4, Kernel: 1}.On(3, 3)
	cycles := func(l ...convsim.LayerHardware) int64 {
		plan, err := convsim.Map(layer, convsim.Hardware{Layers: l})
		if err != nil {
			t.Fatal(err)
		}
		out, err := convsim.Time(context.Background(), plan, 1)
		if err != nil {
			t.Fatal(err)
		}
		return out.Cycles
	}
	wide := convsim.LayerHardware{Name: "lay*", Array: convsim.Array{PE: 4, SIMD: 4}}
	narrow := convsim.LayerHardware{Name: "*", Array: convsim.Array{PE: 1}}
	other := convsim.LayerHardware{Name: "head", Array: convsim.Array{PE: 4, SIMD: 4}}
	if plain, got := cycles(), cycles(wide); got >= plain || cycles(other) != plain || cycles(wide, narrow) <= got || cycles(narrow, wide) != got {
		t.Errorf("%d cycles, %d with four PEs", plain, got)
	}
	_, err := convsim.Map(layer, convsim.Hardware{Layers: convsim.Layers{{Name: "layer", Array: convsim.Array{PE: -1}}}})
	if mistakes, ok := convsim.IsInvalid(err); !ok || len(mistakes) != 1 {
		t.Errorf("%v", err)
	}
}

// TestLiteralsHaveTheKeysOfFiles: whatever a hardware file can say of a pipeline, a literal can.
func TestLiteralsHaveTheKeysOfFiles(t *testing.T) {
	literal := keys(reflect.TypeFor[convsim.Hardware]())
	layers := keys(reflect.TypeFor[convsim.LayerHardware]())
	for _, key := range keys(reflect.TypeFor[configs.Hardware]()) {
		if key != "mode" && !slices.Contains(literal, key) {
			t.Errorf("no field for %s", key)
		}
	}
	for _, key := range keys(reflect.TypeFor[configs.LayerHardware]()) {
		if !slices.Contains(layers, key) {
			t.Errorf("no field of layers for %s", key)
		}
	}
}

func keys(t reflect.Type) (list []string) {
	for _, f := range reflect.VisibleFields(t) {
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key != "" && key != "-" {
			list = append(list, key)
		}
	}
	return list
}

// TestWeightsOfLiterals: weights that come by the DRAM and ends at its port take their time, zero points
// change what is computed.
func TestWeightsOfLiterals(t *testing.T) {
	layer := convsim.Conv2d{In: 4, Out: 4, Kernel: 3}.On(6, 6)
	layer.WeightZero = []int64{3, -2, 0, 1}
	run := func(hw convsim.Hardware) *convsim.Outcome {
		plan, err := convsim.Map(layer, hw)
		if err != nil {
			t.Fatal(err)
		}
		out, err := convsim.Run(context.Background(), plan, nil)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	chip := run(convsim.Hardware{Resources: convsim.Resources{DSP: "lut"}})
	dram := run(convsim.Hardware{Weights: convsim.Weights{From: "dram", Reuse: "pixel"}, DRAM: convsim.DRAM{BytesPerCycle: 0.5},
		Source: convsim.Port{DRAM: true}})
	if chip.DSPKind != "lut" || dram.Cycles <= 2*chip.Cycles || dram.OutputSHA256 != chip.OutputSHA256 {
		t.Errorf("on chip %d cycles of %s, by the DRAM %d", chip.Cycles, chip.DSPKind, dram.Cycles)
	}
	layer.WeightZero = nil
	if plain := run(convsim.Hardware{}); plain.OutputSHA256 == chip.OutputSHA256 {
		t.Error("zero points of weights change nothing")
	}
}
