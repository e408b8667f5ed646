package regress

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// suitesOfNetworks are the suites of the repository that stream as networks, and how
// many cases they have: one for every model.
var suitesOfNetworks = map[string]int{"networks": 16, "onnx_export": 28, "pool_misc": 55, "conv_transpose2d": 75, "conv_transpose2d_errors": 9}

// Every operator and every model comes out of the pipeline as the other frameworks
// say, intermediate tensors too, whatever the folding.
func TestGoldenNetworks(t *testing.T) {
	hw := []string{edge, "../../configs/hardware/parallel-4x16.yaml", "../../configs/hardware/grouped-4x4x4.yaml"}
	for name, want := range suitesOfNetworks {
		_, report := run(t, []string{"../../testdata/golden/" + name + ".zip"}, Options{Hardware: hw})
		if report.Passed != want*len(hw) || report.Failed+report.Skipped > 0 {
			t.Errorf("%s: %v; want: %d passed\n%s", name, report, want*len(hw), failures(report))
		}
	}
}

// The suites that are too large for the repository are read where they lie.
func TestGoldenLargeNetworks(t *testing.T) {
	if testing.Short() {
		t.Skip("large networks take a minute")
	}
	root := os.Getenv("CONVSIM_GOLDEN")
	if root == "" {
		root = "../../../shared/golden"
	}
	for name, want := range map[string][2]int{"networks": {36, 0}, "mlperf_tiny": {3, 0}, "real_models": {27, 2}} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(root, name, manifest)
			if _, err := os.Stat(path); err != nil {
				t.Skipf("the suite %s is not here: set CONVSIM_GOLDEN to the folder of the suites", name)
			}
			_, report := run(t, []string{path}, Options{Hardware: []string{edge}})
			if report.Passed != want[0] || report.Skipped != want[1] || report.Failed > 0 {
				t.Errorf("%v; want: %v\n%s", report, want, failures(report))
			}
		})
	}
}

// An element of an intermediate tensor that is another than what crosses the
// pipeline is found, and so is another share of right images.
func TestAlteredNetwork(t *testing.T) {
	dir := unpack(t, "networks")
	const name = "lenet5.qop_arb.L02.npy"
	y := []byte(read(t, filepath.Join(dir, name)))
	sum := func() string { s := sha256.Sum256(y); return hex.EncodeToString(s[:]) }
	before := sum()
	y[len(y)-1]++
	write(t, dir, name, string(y))
	m := read(t, filepath.Join(dir, manifest))
	m = edited(t, m, before, sum())
	write(t, dir, manifest, strings.Replace(m, `"accuracy": 0.96,`, `"accuracy": 0.955,`, 1))
	_, report := run(t, []string{dir}, Options{Hardware: []string{edge}})
	got := failures(report)
	for _, want := range []string{
		`FAIL networks/lenet5/qop_arb: tensor "f_f.4_Relu_output_0_q": 1 of 1600 elements differ, first at [0 15 9 9]: want `,
		"FAIL networks/digits_lenet/qop_arb: accuracy: want 0.955, got 0.96\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if report.Failed != 2 {
		t.Errorf("%v\n%s", report, got)
	}
}

// Tensors of which only the hash is there, and what is in no model, are found too.
func TestAlteredHash(t *testing.T) {
	dir := unpack(t, "onnx_export")
	path := filepath.Join(dir, manifest)
	m := read(t, path)
	const entry = `"outputs": {"output": {"file": "maxpool.y.npy", `
	write(t, dir, manifest, edited(t, m, entry, `"outputs": {"output": {"sha256_raw": "00", `))
	_, report := run(t, []string{path}, Options{Hardware: []string{edge}})
	if got := failures(report); report.Failed != 1 || !strings.HasPrefix(got, `FAIL onnx_export/maxpool: tensor "output": SHA-256 of the elements: want 00, got `) {
		t.Errorf("%v\n%s", report, got)
	}
	write(t, dir, manifest, edited(t, m, entry, `"outputs": {"other": {"file": "maxpool.y.npy", `))
	if _, report = run(t, []string{path}, Options{Hardware: []string{edge}}); report.Failed > 0 {
		t.Errorf("an output by another name: %v\n%s", report, failures(report))
	}
}

// A transposed convolution is held to what is accepted and what shape it gives.
func TestAlteredTransposed(t *testing.T) {
	dir := unpack(t, "conv_transpose2d_errors")
	m := read(t, filepath.Join(dir, manifest))
	write(t, dir, manifest, strings.ReplaceAll(m, `"accepts": false`, `"accepts": true`))
	_, report := run(t, []string{dir}, Options{Hardware: []string{edge}})
	if want := strings.Count(m, `"accepts": false`); report.Failed != want || want == 0 {
		t.Errorf("%v; want: %d failed\n%s", report, want, failures(report))
	}
}
