package proof_test

import (
	"os"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/sim"
)

// shipped are designs, one for every module and rule.
var shipped = []struct {
	hw, layer string
	frames    int
	cycles    int64 // 0: not stated
}{
	{"edge-8x8", "digits_conv2", 200, 57621},
	{"parallel-4x16", "digits_conv1", 2, 0},
	{"grouped-4x4x4", "textbook_grouped", 2, 0},
	{"depthwise-32", "textbook_depthwise", 3, 0},
	{"edge-8x8", "textbook_pointwise", 2, 0},
	{"edge-8x8", "reflect", 1, 0},
	{"edge-8x8", "circular", 1, 0},
	{"edge-8x8", "replicate", 1, 0},
	{"edge-8x8", "dilation", 1, 0},
	{"edge-8x8", "quantised_onnx", 1, 0},
	{"edge-8x8", "quantised_shift", 1, 0},
	{"narrow-accumulator-8x8", "digits_conv2", 3, 0},
}

// TestShippedDesigns simulates shipped designs in Verilator. Building them takes minutes.
func TestShippedDesigns(t *testing.T) {
	if os.Getenv("CONVSIM_DESIGNS") == "" {
		t.Skip("minutes of building: set CONVSIM_DESIGNS, or make test-rtl")
	}
	s := simulator(t, proof.Verilator)
	for _, d := range shipped {
		t.Run(d.hw+" "+d.layer, func(t *testing.T) {
			hw, err := configs.LoadHardware(d.hw)
			if err != nil {
				t.Fatal(err)
			}
			layer, err := configs.LoadLayer(d.layer)
			if err != nil {
				t.Fatal(err)
			}
			design, err := sim.NewDesign(hw, layer)
			if err != nil {
				t.Fatal(err)
			}
			data, err := design.LoadData(t.Context(), sim.Paths{}, 1, d.frames)
			if err != nil {
				t.Fatal(err)
			}
			p := check(t, proof.Layer(design, data, d.frames), s)
			if d.cycles != 0 && p.Cycles != d.cycles {
				t.Errorf("%d cycles; want %d", p.Cycles, d.cycles)
			}
		})
	}
}
