package regress

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestLayerwiseExpectation: a model on one array for all its layers is recorded with a
// line for all of it and one for each layer, holds to that, and every line bites; so does
// another mode.
func TestLayerwiseExpectation(t *testing.T) {
	dir := t.TempDir()
	const hardware = "name: overlay\nmode: layerwise\narray: {pe: 2, simd: 2}\ndram: {bytes_per_cycle: 4}\n"
	write(t, dir, "hw.yaml", hardware)
	write(t, dir, "net.yaml", netFile)
	write(t, dir, "all"+suffix, "hardware: hw.yaml\nruns:\n  - {model: net.yaml, frames: 3}\n")
	path := filepath.Join(dir, "all"+suffix)
	if _, r := run(t, []string{path}, Options{Update: true}); r.Failed > 0 || r.Passed != 1+2 {
		t.Fatalf("recording: %d, %s", r.Passed, failures(r))
	}
	for _, everyBeat := range []bool{false, true} {
		if _, r := run(t, []string{path}, Options{EveryBeat: everyBeat}); r.Failed > 0 || r.Skipped > 0 {
			t.Fatal(failures(r))
		}
	}
	recorded := read(t, path)
	for _, tt := range []struct{ from, to, want string }{
		{"whole network, cycles: ", "whole network, cycles: 1", "net/whole network"},
		{"{name: conv.sum, cycles: ", "{name: conv.sum, cycles: 1", "net/conv.sum"},
		{"pool: [", "pool: [1", "stages.pool.busy"},
		{"read_bytes: ", "read_bytes: 1", "dram.read_bytes"},
		{"constants_bytes: ", "constants_bytes: 1", "dram.constants_bytes"},
		{"compute: ", "compute: 1", "dram.compute"},
		{"verified: true", "verified: true, resources: {dsp: 1, lut: 1, ff: 1, bram18: 1}", "resources"},
	} {
		if !strings.Contains(recorded, tt.from) {
			t.Fatalf("no %q in\n%s", tt.from, recorded)
		}
		write(t, dir, "all"+suffix, strings.Replace(recorded, tt.from, tt.to, 1))
		if _, r := run(t, []string{path}, Options{}); r.Failed == 0 || !strings.Contains(failures(r), tt.want) {
			t.Errorf("%s -> %s: %q; want %q", tt.from, tt.to, failures(r), tt.want)
		}
	}
	write(t, dir, "all"+suffix, recorded)
	write(t, dir, "hw.yaml", strings.Replace(hardware, "mode: layerwise", "mode: streaming", 1))
	if _, r := run(t, []string{path}, Options{}); !strings.Contains(failures(r), "dram") {
		t.Errorf("in mode streaming: %q", failures(r))
	}
}
