package sim

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/flow"
)

// TestBandsChangeNothing: values, accumulators and what moves on every edge are those of a run
// that goes row by row from stage to stage, into however many bands a layer is cut, and
// however many processors there are.
func TestBandsChangeNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	types := []string{"", "dtype: {input: uint8, weight: int8}, zero_point: {input: 9}, ", "dtype: {input: int16, weight: int8}, ", "dtype: {input: float32, weight: float32}, "}
	rules := []string{"", "requantize: {rule: shift, shift: 7}, ", "requantize: {rule: onnx, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.1}, "}
	for i := range int(blocktest.Designs(t, 60)) {
		kernel, pad := 1+r.IntN(4), r.IntN(3)
		mode := []string{"zeros", "zeros", "reflect", "replicate", "circular"}[r.IntN(5)]
		elements, rule := types[r.IntN(len(types))], rules[r.IntN(len(rules))]
		if elements == types[3] {
			rule = ""
		}
		shape := []string{"in_channels: 5, out_channels: 6", "in_channels: 6, out_channels: 6, groups: 6", "in_channels: 4, out_channels: 8, groups: 2"}[r.IntN(3)]
		layer := fmt.Sprintf("{op: conv2d, %s, kernel_size: [%d, 3], stride: [%d, 1], dilation: [%d, 1], padding: [%d, 1], padding_mode: %s, %s%sinput: {batch: 2, height: %d, width: %d}}",
			shape, kernel, 1+r.IntN(3), 1+r.IntN(2), pad, mode, elements, rule, 8+r.IntN(30), []int{7, 9, 40, 70}[r.IntN(4)])
		hw, l := parse(t, smallHardware, layer)
		d, data := mustLoad(t, hw, l, l.Batch)
		want := runOf(t, d, data, flow.Options{Frames: 3, Watch: map[int]func(flow.Slab){0: func(flow.Slab) {}}})
		for _, bands := range []int{1, 2, 3, 1 + r.IntN(d.Fold.Shape.OutHeight)} {
			before := runtime.GOMAXPROCS([]int{1, 2, 3, 8}[r.IntN(4)])
			got := runOf(t, d, data, flow.Options{Frames: 3, Bands: min(bands, d.Fold.Shape.OutHeight)})
			runtime.GOMAXPROCS(before)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("layer %d %s, %d bands (-in rows +in bands):\n%s", i, layer, bands, diff)
			}
		}
	}
}

// runOf is what a run of values makes.
func runOf(t *testing.T, d *Design, data *Data, o flow.Options) map[string]any {
	t.Helper()
	rows := 0
	o.Progress = func(done, _ int) {
		if rows++; done != rows {
			t.Fatalf("row %d is told as %d", rows, done)
		}
	}
	run, err := flow.Run(t.Context(), d.Plan, d.Constants(data), o)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]any{"elements": run.Elements, "rows": rows}
	for _, k := range run.Kernels {
		if k, ok := k.(wiring.Collector); ok {
			made["output"] = k.Sink().Tensor().Data
		}
		if k, ok := k.(pe.Summing); ok {
			made["held"] = k.Held()
		}
	}
	return made
}
