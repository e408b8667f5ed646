package dse_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/dse"
)

// TestSeveralLayers checks that times, MACs and energy of a list are sums, resources maxima, and rates those
// of the sums.
func TestSeveralLayers(t *testing.T) {
	const other = "op: conv2d\nin_channels: 12\nout_channels: 5\nkernel_size: 1\ninput: {height: 4, width: 9}\n"
	const text = "name: list\nworkload: WORKLOAD\nhardware: {name: base, clock_mhz: 50, array: {pe: 3, simd: 2}}\nboard: pynq-z2\n" +
		"axes: {fifo.depth: [2]}\nobjectives: [minimize: cycles]\n"
	of := func(workload string) map[string]float64 {
		s, err := dse.Load(write(t, strings.Replace(text, "WORKLOAD", workload, 1), layerText, other))
		if err != nil {
			t.Fatal(err)
		}
		return runIn(t, s, dse.Options{Out: filepath.Join(t.TempDir(), "out")}).Front[0].Metrics
	}
	a, b, list := of("layer.yaml"), of("other.yaml"), of("[layer.yaml, other.yaml, layer.yaml]")
	for _, name := range []string{"cycles", "interval", "latency", "macs", "energy_pj"} {
		if want := 2*a[name] + b[name]; list[name] != want {
			t.Errorf("%s is %v, want the sum %v", name, list[name], want)
		}
	}
	for _, name := range []string{"dsp", "lut", "ff", "bram18", "uram", "buffer_bram18", "multipliers"} {
		if want := max(a[name], b[name]); list[name] != want {
			t.Errorf("%s is %v, want the larger %v", name, list[name], want)
		}
	}
	for name, want := range map[string]float64{
		"latency_us":     list["latency"] / 50,
		"fps":            50e6 / list["interval"],
		"macs_per_cycle": 3 * list["macs"] / list["cycles"],
		"utilization":    3 * list["macs"] / list["cycles"] / list["multipliers"],
	} {
		if list[name] != want {
			t.Errorf("%s is %v, want %v", name, list[name], want)
		}
	}
}
