//go:build !race

package sim

import (
	"fmt"
	"testing"

	"github.com/convsim/convsim/pipeline/flow"
)

// TestRowsCostNoMemory: a layer of many more rows allocates no more often: what was made for a
// row is made again in the same place. Pools may drop a few (under the race detector a quarter,
// which is why it does not run there); an allocation a row is none of them.
func TestRowsCostNoMemory(t *testing.T) {
	const rows, more = 150, 600
	for name, keys := range map[string]string{
		"dense":     "in_channels: 16, out_channels: 24, kernel_size: 3, padding: 1, requantize: {rule: shift, shift: 7}",
		"stride":    "in_channels: 8, out_channels: 8, kernel_size: 3, stride: 2, padding: 1, requantize: {rule: tflite, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.1}",
		"depthwise": "in_channels: 16, out_channels: 16, groups: 16, kernel_size: 3, padding: 1, padding_mode: reflect, requantize: {rule: onnx, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.1}",
		"sums":      "in_channels: 16, out_channels: 16, kernel_size: 1",
		"floats":    "in_channels: 8, out_channels: 16, kernel_size: 3, padding: 1, dtype: {input: float32, weight: float32, accumulator: float32, output: float32}",
	} {
		t.Run(name, func(t *testing.T) {
			allocations := func(height int) float64 {
				hw, layer := parse(t, smallHardware, fmt.Sprintf("{op: conv2d, %s, input: {height: %d, width: 20}}", keys, height))
				d, err := NewDesign(hw, layer)
				if err != nil {
					t.Fatal(err)
				}
				data, err := d.LoadData(t.Context(), Paths{}, 1, 1)
				if err != nil {
					t.Fatal(err)
				}
				constants := d.Constants(data)
				return testing.AllocsPerRun(5, func() {
					if _, err := flow.Run(t.Context(), d.Plan, constants, flow.Options{Frames: 1}); err != nil {
						t.Fatal(err)
					}
				})
			}
			few, many := allocations(rows), allocations(rows+more)
			if t.Logf("%.0f allocations for %d rows, %.0f for %d more", few, rows, many-few, more); many-few > more/4 {
				t.Errorf("%d rows more cost %.0f allocations", more, many-few)
			}
		})
	}
}
