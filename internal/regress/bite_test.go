package regress

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const edge = "../../configs/hardware/edge-8x8.yaml"

// wantLines checks what is printed, the folder of the test cut out.
func wantLines(t *testing.T, dir, text string, want ...string) {
	t.Helper()
	got := strings.ReplaceAll(text, dir+string(filepath.Separator), "")
	if diff := cmp.Diff(strings.Join(want, "\n")+"\n", got); diff != "" {
		t.Errorf("output mismatch (-want +got):\n%s", diff)
	}
}

// A cell of a table that is another than what the blocks do is found.
func TestAlteredTable(t *testing.T) {
	const row = "k3x3_s1x1_d1x1_i8x8_c4_simd2_std_p0,default,3,3,1,1,1,1,8,8,4,2,0,0,6,6,38,686,full,128,648,0,2,39,635,669,670,672,1339,2009,670,1,f5bc305a528dee1d,ok"
	dir := t.TempDir()
	table := firstLines(t, "../../testdata/finn/swg_cycles.csv", 3)
	altered := edited(t, row, ",670,1,", ",671,1,")
	altered = edited(t, altered, "6,6,38,", "6,6,0,")
	path := write(t, dir, "swg.csv", edited(t, table, row, altered))
	text, _ := run(t, []string{path}, Options{})
	wantLines(t, dir, text,
		"FAIL swg.csv:2 k3x3_s1x1_d1x1_i8x8_c4_simd2_std_p0 full: buffer_depth 0 -> 38 (+38); steady_interval 671 -> 670 (-1, -0.15 %)",
		"1 passed, 1 failed, 0 skipped")
}

// Where a trace is known, the first handshake that diverges is named.
func TestAlteredTrace(t *testing.T) {
	dir := t.TempDir()
	traces := firstLines(t, "../../testdata/finn/swg_traces.csv", 3)
	path := write(t, dir, "swg_traces.csv", edited(t, traces, "1-2;5-6;9-10;", "1-2;5-7;9-10;"))
	text, report := run(t, []string{path}, Options{})
	if report.Failed != 1 || report.Passed != 1 {
		t.Errorf("%v", report)
	}
	const want = "output handshakes: measured cycles 5-7, simulated 5-6; cycles 1-2;5-7;9-10;"
	if !strings.Contains(text, want) {
		t.Errorf("no %q in:\n%s", want, text)
	}
	if line, _, _ := strings.Cut(text, "\n"); len(line) > 500 {
		t.Errorf("a line of %d characters", len(line))
	}
}

// A row with a defect of the RTL is run to the end: one that cannot run fails.
func TestRowThatCannotRun(t *testing.T) {
	dir := t.TempDir()
	table := firstLines(t, "../../testdata/finn/layer_cycles.csv", 2)
	path := write(t, dir, "layer.csv", edited(t, edited(t, table, ",ok\n", ",rtl_deadlock\n"), "\n8,8,4,", "\n8,x,4,"))
	text, _ := run(t, []string{path}, Options{})
	if want := `cannot be run: column w: "x" is not a whole number`; !strings.Contains(text, want) || !strings.HasSuffix(text, "0 passed, 1 failed, 0 skipped\n") {
		t.Errorf("no %q in:\n%s", want, text)
	}
}

// unpack unpacks a suite of the repository.
func unpack(t *testing.T, suite string) string {
	t.Helper()
	z, err := zip.OpenReader(filepath.Join("../../testdata/golden", suite+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := filepath.Join(t.TempDir(), suite)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		write(t, dir, f.Name, string(text))
	}
	return dir
}

// An element of an expected output that is another than what leaves the
// pipeline is found, and so is a file that is not the manifest's.
func TestAlteredSuite(t *testing.T) {
	dir := unpack(t, "conv2d_int")
	name := "seed_conv_10_20_k3_g2_halves.y.npy"
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	y := []byte(read(t, filepath.Join(dir, name)))
	sum := func() string { s := sha256.Sum256(y); return hex.EncodeToString(s[:]) }
	before := sum()
	y[len(y)-4] ^= 4 // 45 becomes 41: the last int32, little endian
	write(t, dir, name, string(y))
	_, report := run(t, []string{dir}, Options{Hardware: []string{edge}})
	if got := failures(report); report.Failed != 1 || !strings.Contains(got, "seed_conv_10_20_k3_g2_halves: ") || !strings.Contains(got, "has SHA-256 "+sum()) {
		t.Errorf("a file altered: %v\n%s", report, got)
	}
	m := read(t, filepath.Join(dir, manifest))
	write(t, dir, manifest, edited(t, m, before, sum()))
	_, report = run(t, []string{filepath.Join(dir, manifest)}, Options{Hardware: []string{edge}})
	if got := failures(report); report.Failed != 1 || !strings.Contains(got, "FAIL conv2d_int/seed_conv_10_20_k3_g2_halves: 1 of ") || !strings.Contains(got, "want 41, got 45; largest difference 4 at [") {
		t.Errorf("an element altered: %v\n%s", report, got)
	}
}

// Cases without tensors are held to what is accepted and what shape it gives.
func TestAlteredAcceptance(t *testing.T) {
	dir := unpack(t, "conv2d_errors")
	m := read(t, filepath.Join(dir, manifest))
	for _, c := range []struct{ name, old, fresh, want string }{
		{"shape", `"out_shape": [1, 1, 18, 18]`, `"out_shape": [1, 1, 18, 17]`,
			"FAIL conv2d_errors/padding_larger_than_image: output shape [1 1 18 17] -> [1 1 18 18]\n"},
		{"unbatched shape", `"out_shape": [1, 4, 4]`, `"out_shape": [1, 1, 4, 4]`,
			"FAIL conv2d_errors/unbatched: output shape [1 1 4 4] -> [1 4 4]\n"},
		{"now legal", `"x_shape": [1, 3, 6, 6]`, `"x_shape": [1, 4, 6, 6]`,
			"FAIL conv2d_errors/channels_mismatch: accepted; output shape refused -> [1 4 4 4]\n"},
		{"now illegal", `"x_shape": [3, 6, 6]`, `"x_shape": [3, 2, 6]`,
			"FAIL conv2d_errors/unbatched: refused: kernel_size is "},
	} {
		t.Run(c.name, func(t *testing.T) {
			write(t, dir, manifest, edited(t, m, c.old, c.fresh))
			_, report := run(t, []string{dir}, Options{Hardware: []string{edge}})
			if got := failures(report); report.Failed != 1 || !strings.HasPrefix(got, c.want) {
				t.Errorf("want %q, got %v\n%s", c.want, report, got)
			}
		})
	}
}

// What is not supported is skipped by name, and counted.
func TestSkipped(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/manifest.json", `{"suite": "a", "cases": [
		{"id": "t", "op": "LSTM", "inputs": {}}, {"id": "u", "op": "LSTM", "inputs": {}},
		{"id": "q", "op": "QLinearConv", "model": {"file": "q/model.onnx"}},
		{"id": "n", "op": "network", "float": {"model": {"package_file_sha256": "00"}}}]}`)
	write(t, dir, "b/manifest.json", `{"suite": "b", "cases": [{"file": "resnet.json"}]}`)
	text, _ := run(t, []string{dir}, Options{Hardware: []string{edge}})
	wantLines(t, dir, text,
		"2 op LSTM is not supported yet",
		"1 no model with data sets",
		"1 the model is not in the suite: it is in a package only",
		"1 manifest without operations is not supported yet",
		"0 passed, 0 failed, 5 skipped")
}

// A case that cannot be run fails and says why.
func TestCaseThatCannotRun(t *testing.T) {
	dir := unpack(t, "qconv")
	m := read(t, filepath.Join(dir, manifest))
	const attrs = `{"id": "ci_k1", "op": "ConvInteger", "attrs": {"kernel_shape": `
	write(t, dir, manifest, edited(t, m, attrs+"[1, 1]", attrs+"[2, 1]"))
	_, report := run(t, []string{dir}, Options{Hardware: []string{edge}})
	const want = "FAIL qconv/ci_k1: weights have shape [5 6 1 1]; allowed: [5 6 2 1]\n"
	if got := failures(report); got != want {
		t.Errorf("want %q, got %v\n%s", want, report, got)
	}
}
