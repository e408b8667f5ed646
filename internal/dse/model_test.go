package dse_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/modelfile"
	"github.com/convsim/convsim/sim"
)

const modelSweep = `name: lenet
model: MODEL
hardware: {name: base, clock_mhz: 50, array: {pe: 2, simd: 2}}
board: pynq-z2
axes:
  array.pe: [1, 2, 4]
  array.simd: {divisors_of: in_channels, max: 4}
  "layers.*QLinearConv.array.pe": [1, 8]
objectives: [minimize: cycles, minimize: dsp, maximize: fps]
`

// TestModel: a point of a sweep over a network has the numbers of a run of the network
// on its hardware, and no run beats its bound.
func TestModel(t *testing.T) {
	model, err := filepath.Abs("../../testdata/onnx/digits_lenet.qop_pow2.onnx")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(modelSweep, "MODEL", model, 1)
	s, err := dse.Load(write(t, text, layerText, layerText))
	if err != nil {
		t.Fatal(err)
	}
	report := runIn(t, s, dse.Options{Out: filepath.Join(t.TempDir(), "out"), NoPrune: true})
	if len(report.Front) < 3 {
		t.Errorf("%d points on the front", len(report.Front))
	}
	m, err := modelfile.Load(model, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range report.Front {
		written, err := s.HardwareText(one.Index)
		if err != nil {
			t.Fatal(err)
		}
		hw, err := configs.ParseHardware("point", written)
		if err != nil {
			t.Fatal(err)
		}
		n, err := sim.NewNetwork(hw, m.Graph)
		if err != nil {
			t.Fatal(err)
		}
		o := sim.Options{NoValues: true, Frames: 3}
		out, err := n.Run(context.Background(), nil, o)
		if err != nil {
			t.Fatal(err)
		}
		r, bound := n.Report(out, o), n.Bound(3)
		for name, want := range map[string]float64{"cycles": float64(r.Cycles), "interval": *r.SteadyInterval, "latency_us": r.LatencyUS,
			"fps": r.FPS, "macs": float64(r.MACs) / 3, "multipliers": float64(r.Multipliers), "utilization": r.Utilization, "dsp": float64(r.Cost.DSP)} {
			if got := one.Metrics[name]; got != want {
				t.Errorf("point %d: %s is %v, the run says %v", one.Index, name, got, want)
			}
		}
		if bound.Cycles > r.Cycles || bound.Interval > *r.SteadyInterval || float64(bound.Latency) > one.Metrics["latency"] || bound.Cycles < r.Cycles/20 {
			t.Errorf("point %d: bound %+v of %d cycles", one.Index, bound, r.Cycles)
		}
	}
}

// TestModelMistakes: what the file says of a model that is not there is told at its place.
func TestModelMistakes(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"model: MODEL", "model: MODEL\nworkload: layer.yaml", "workload and model; allowed: one of the two"},
		{"model: MODEL", "", "workload and model; allowed: one of the two"},
		{"MODEL", "missing.onnx", "missing.onnx: no such file"},
		{"\"layers.*QLinearConv.array.pe\"", "layers.conv9.array.pe", `"conv9"; allowed: the name of a layer of the network`},
		{"\"layers.*QLinearConv.array.pe\"", "layers.conv9.array.ep", "unknown key"},
	} {
		model, _ := filepath.Abs("../../testdata/onnx/digits_lenet.qop_pow2.onnx")
		text := strings.Replace(strings.Replace(modelSweep, tt.from, tt.to, 1), "MODEL", model, 1)
		if _, err := dse.Load(write(t, text, layerText, layerText)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s -> %s: %v; want %q", tt.from, tt.to, err, tt.want)
		}
	}
}
