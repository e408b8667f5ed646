package sizing_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/pipeline"
)

// planOf is a model on a shipped hardware.
func planOf(t *testing.T, hardware, model string) *pipeline.Plan {
	t.Helper()
	hw, err := configs.LoadHardware(hardware)
	if err != nil {
		t.Fatal(err)
	}
	net, err := mapping.MapNetwork(hw, models.Integers(t, model))
	if err != nil {
		t.Fatal(err)
	}
	return net.Plan
}

// TestJudgedTooSoon: one FIFO makes up for parts that were sized by runs that say too little. What
// comes before parts of SqueezeNet makes frames in bursts, which sources that keep time do not;
// and on parallel-4x16 the first frames of ResNet-8 are late, later ones are not.
func TestJudgedTooSoon(t *testing.T) {
	golden := filepath.Join("..", "..", "..", "shared", "golden")
	for _, c := range []struct {
		hardware, model string
		most            int64 // bits
	}{
		{"edge-8x8", filepath.Join(golden, "real_models", "light_squeezenet.onnx"), 900_000},
		{"parallel-4x16", filepath.Join(golden, "networks", "resnet8.qop_arb.onnx"), 130_000},
	} {
		found, err := sizing.Size(t.Context(), planOf(t, c.hardware, c.model), sizing.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if bits := sizing.TotalsOf(found.Plan).Bits; !found.Proven || bits > c.most {
			t.Errorf("%s on %s: proven: %t, %d bits", c.model, c.hardware, found.Proven, bits)
		}
	}
}

// TestNetworks: whole networks keep the throughput that FIFOs without end would
// give, with fewer bits than any rule of thumb, and with one entry less in any FIFO
// above the least they do not. CONVSIM_DESIGNS adds ResNet-50, which takes a minute.
func TestNetworks(t *testing.T) {
	golden := filepath.Join("..", "..", "..", "shared", "golden")
	models := map[string]string{
		"resnet8":           filepath.Join("..", "..", "testdata", "models", "resnet8.onnx"),
		"mobilenet_v2_slim": filepath.Join(golden, "networks", "mobilenet_v2_slim.qop_arb.onnx"),
		"resnet8_cifar10":   filepath.Join(golden, "mlperf_tiny", "resnet8_cifar10.onnx"), // stages that all take as long
		"unet_slim":         filepath.Join(golden, "networks", "unet_slim.qop_arb.onnx"),
	}
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		models["resnet50"] = filepath.Join(golden, "topologies", "resnet50_224.onnx")
	}
	for name, model := range models {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := planOf(t, "edge-8x8", model)
			found, err := sizing.Size(t.Context(), p, sizing.Options{})
			if err != nil {
				t.Fatal(err)
			}
			bits := sizing.TotalsOf(found.Plan).Bits
			t.Logf("a frame every %g cycles, %d bits, %d simulations", *found.Interval, bits, found.Runs)
			if !found.Proven || *found.Interval > found.Unbounded {
				t.Errorf("a frame every %g cycles, without end every %g", *found.Interval, found.Unbounded)
			}
			rules, err := sizing.Rules(t.Context(), p, sizing.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rules {
				t.Logf("%s: %d bits", r.Name, r.Bits)
				if r.Bits <= bits {
					t.Errorf("%s gives %d bits, found are %d", r.Name, r.Bits, bits)
				}
			}
			if name == "resnet50" {
				return // a run of it takes seconds; the small ones hold that each depth is needed
			}
			for _, f := range found.FIFOs {
				if f.Depth <= 2 {
					continue
				}
				if less, ok := pace(t, found.Plan.WithDepth(f.Edge, f.Depth-1)); ok && less <= found.Unbounded {
					t.Errorf("%s of %d is deeper than it must be", f.Edge, f.Depth)
				}
			}
		})
	}
}
