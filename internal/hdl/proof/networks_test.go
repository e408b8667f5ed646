package proof_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// TestWholeNetworks simulates networks as they are, every layer hardware of its
// own. The small one is quick in Icarus; the others take minutes to build.
func TestWholeNetworks(t *testing.T) {
	golden := os.Getenv("CONVSIM_GOLDEN")
	if golden == "" {
		golden = "../../../../shared/golden"
	}
	for _, n := range []struct {
		path string
		s    proof.Simulator
	}{
		{"../../../testdata/models/digits_lenet.onnx", proof.Icarus},
		{"../../../testdata/models/resnet8.onnx", proof.Verilator},
		{filepath.Join(golden, "networks", "unet_slim.qop_arb.onnx"), proof.Verilator},
	} {
		t.Run(filepath.Base(n.path), func(t *testing.T) {
			if n.s == proof.Verilator && os.Getenv("CONVSIM_DESIGNS") == "" {
				t.Skip("minutes of building: set CONVSIM_DESIGNS")
			}
			if _, err := os.Stat(n.path); err != nil {
				t.Skipf("%v; CONVSIM_GOLDEN names the folder of golden models", err)
			}
			s := simulator(t, n.s)
			check(t, whole(t, n.path), s)
		})
	}
}

// whole is a model on a hardware, with random inputs.
func whole(t *testing.T, path string) proof.Design {
	t.Helper()
	hw, err := configs.LoadHardware("edge-8x8")
	if err != nil {
		t.Fatal(err)
	}
	n, err := sim.NewNetwork(hw, models.Integers(t, path))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 13))
	inputs := map[string]*tensor.Tensor{}
	for _, in := range n.Graph.Inputs {
		x, err := tensor.New(in.Type.DType, in.Type.Shape...)
		if err != nil {
			t.Fatal(err)
		}
		data := x.Data.([]float32)
		for i := range data {
			data[i] = 4*r.Float32() - 2
		}
		inputs[in.Name] = x
	}
	d, err := proof.Network("network", n, inputs, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
