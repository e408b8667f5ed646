package regress

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const netFile = `inputs: [{name: x, shape: [1, 4, 6, 6]}]
outputs: pool
layers:
- {name: conv, op: conv2d, inputs: x, in_channels: 4, out_channels: 8, kernel_size: 3, padding: 1}
- {name: pool, op: max_pool2d, inputs: conv, kernel_size: 2}
`

// TestModelExpectation: a model is recorded with a line for all of it and one for
// each layer, holds to that, and every line bites.
func TestModelExpectation(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "hw.yaml", "name: small\narray: {pe: 2, simd: 2}\n")
	write(t, dir, "net.yaml", netFile)
	write(t, dir, "all"+suffix, "hardware: hw.yaml\nruns:\n  - {model: net.yaml, frames: 3}\n  - {model: numerical_average_pooling}\n")
	path := filepath.Join(dir, "all"+suffix)
	if _, r := run(t, []string{path}, Options{}); r.Failed != len(r.Cases) || !strings.Contains(failures(r), "no expectation for this layer") {
		t.Fatalf("before recording: %s", failures(r))
	}
	if _, r := run(t, []string{path}, Options{Update: true}); r.Failed > 0 || r.Passed != 5+6 {
		t.Fatalf("recording: %d, %s", r.Passed, failures(r))
	}
	if _, r := run(t, []string{path}, Options{}); r.Failed > 0 || r.Skipped > 0 {
		t.Fatal(failures(r))
	}
	recorded := read(t, path)
	for _, tt := range []struct{ from, to, want string }{
		{"whole network, cycles: ", "whole network, cycles: 1", "net/whole network"},
		{"{name: conv, first_output_cycle: ", "{name: conv, first_output_cycle: 1", "net/conv"},
		{"pool: [", "pool: [1", "stages.pool.busy"},
		{"output_sha256: ", "output_sha256: ffff", "output_sha256"},
		{"{name: x,", "{name: y,", "net.yaml has no such layer"},
	} {
		if !strings.Contains(recorded, tt.from) {
			t.Fatalf("no %q in\n%s", tt.from, recorded)
		}
		text := strings.Replace(recorded, tt.from, tt.to, 1)
		if tt.from == "output_sha256: " {
			text = strings.Replace(text, "ffff"+hash(recorded)[:4], "ffff", 1)
		}
		write(t, dir, "all"+suffix, text)
		if _, r := run(t, []string{path}, Options{}); r.Failed == 0 || !strings.Contains(failures(r), tt.want) {
			t.Errorf("%s -> %s: %q; want %q", tt.from, tt.to, failures(r), tt.want)
		}
	}
}

// hash is the first hash of a text.
func hash(text string) string {
	_, after, _ := strings.Cut(text, "output_sha256: ")
	return after[:64]
}

// TestModelMistakes: a run names a model or a workload.
func TestModelMistakes(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "hw.yaml", "name: small\n")
	write(t, dir, "net.yaml", netFile)
	for text, want := range map[string]string{
		"{frames: 3}":                             "runs[0].workload and model; allowed: one of the two",
		"{model: net.yaml, workload: net.yaml}":   "runs[0].workload and model; allowed: one of the two",
		"{model: missing.onnx}":                   "missing.onnx: no such file",
		"{model: net.yaml}\n  - {model: hw.yaml}": "inputs: missing",
	} {
		write(t, dir, "all"+suffix, "hardware: hw.yaml\nruns:\n  - "+text+"\n")
		if _, err := Open([]string{filepath.Join(dir, "all"+suffix)}, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
}

// TestNodeSuite: ONNX's tests of single operators stream, every one.
func TestNodeSuite(t *testing.T) {
	manifest := filepath.Join(goldenFolder(t), "onnx_node", "manifest.json")
	text, r := run(t, []string{manifest}, Options{Hardware: []string{"../../configs/hardware/edge-8x8.yaml"}})
	if r.Failed > 0 || r.Passed < 86 || r.Skipped > 0 {
		t.Errorf("%d passed, %d failed, %d skipped\n%s", r.Passed, r.Failed, r.Skipped, text)
	}
}

// goldenFolder is where the suites of other frameworks lie, which is outside of the
// repository.
func goldenFolder(t *testing.T) string {
	t.Helper()
	dir := cmp.Or(os.Getenv("CONVSIM_GOLDEN"), "../../../shared/golden")
	if _, err := os.Stat(filepath.Join(dir, "onnx_node")); err != nil {
		t.Skipf("%s is not there; CONVSIM_GOLDEN names the folder of the suites", dir)
	}
	return dir
}
