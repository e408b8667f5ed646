package regress

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the schema anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run runs a plan and returns what the command would print, and the report.
func run(t *testing.T, paths []string, o Options) (string, *Report) {
	t.Helper()
	return runJobs(t, paths, o, 4)
}

func runJobs(t *testing.T, paths []string, o Options, jobs int) (string, *Report) {
	t.Helper()
	plan, err := Open(paths, o)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	report, err := plan.Run(context.Background(), jobs, func(r Result) {
		if line := r.Line(); line != "" {
			text.WriteString(line + "\n")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := report.WriteSummary(&text); err != nil {
		t.Fatal(err)
	}
	if len(report.Cases) != plan.Len() || report.Passed+report.Failed+report.Skipped != plan.Len() {
		t.Errorf("%d cases planned, %d reported: %s", plan.Len(), len(report.Cases), report)
	}
	return text.String(), report
}

// failures are the failed cases as printed, without the summary.
func failures(r *Report) string {
	var b strings.Builder
	for _, one := range r.Cases {
		if one.Status == Failed {
			b.WriteString(one.Line() + "\n")
		}
	}
	return b.String()
}

// write puts a file into a folder and returns its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// edited is a text with one place changed; it has to be there exactly once.
func edited(t *testing.T, text, old, fresh string) string {
	t.Helper()
	if n := strings.Count(text, old); n != 1 {
		t.Fatalf("%q is there %d times, not once", old, n)
	}
	return strings.Replace(text, old, fresh, 1)
}

func hardware(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../configs/hardware/*.yaml")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	return files
}

// narrow is the hardware whose accumulator does not hold every suite's sums.
const narrow = "narrow-accumulator-8x8"

// Every case of every suite comes out of the pipeline of every shipped hardware
// as the other frameworks say, unless its accumulator is too narrow for it.
func TestGoldenSuites(t *testing.T) {
	hw := hardware(t)
	if testing.Short() {
		hw = []string{"../../configs/hardware/edge-8x8.yaml", "../../configs/hardware/parallel-4x16.yaml", "../../configs/hardware/grouped-4x4x4.yaml"}
	}
	var suites []string // those of single convolutions
	for _, name := range []string{"conv2d_errors", "conv2d_f32", "conv2d_int", "digits_layers", "qconv"} {
		suites = append(suites, "../../testdata/golden/"+name+".zip")
	}
	_, report := run(t, suites, Options{Hardware: hw})
	if want := len(hw) * (157 + 24 + 58 + 4 + 100); len(report.Cases) != want || report.Skipped != 0 {
		t.Errorf("%d cases, %d skipped; want %d, none skipped", len(report.Cases), report.Skipped, want)
	}
	overflows := 0
	for _, r := range report.Cases {
		switch {
		case r.Status == Passed:
		case strings.HasSuffix(r.ID, narrow) && strings.Contains(r.Reason, "the accumulator of 18 bits overflows"):
			overflows++
		default:
			t.Error(r.Line())
		}
	}
	if slices.ContainsFunc(hw, func(p string) bool { return strings.Contains(p, narrow) }) && overflows == 0 {
		t.Errorf("nothing overflows on %s", narrow)
	}
}

// Package rtl holds every row of the tables; here they are counted.
func TestRTLTables(t *testing.T) {
	if testing.Short() {
		t.Skip("4272 rows")
	}
	text, report := run(t, []string{"../../testdata/finn"}, Options{})
	want := "62 finished but not compared (rtl_overflow)\n3 finished but not compared (rtl_deadlock)\n4207 passed, 0 failed, 65 skipped\n"
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("output mismatch (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("../../testdata/finn/chain_cycles.csv:2 h1=12", report.Cases[0].ID[:len("../../testdata/finn/chain_cycles.csv:2 h1=12")]); diff != "" {
		t.Errorf("id mismatch (-want +got):\n%s", diff)
	}
}

// A folder is searched in sorted order, files of other kinds are passed over,
// and what is reached twice runs once.
func TestFolders(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "b/layer_cycles.csv", firstLines(t, "../../testdata/finn/layer_cycles.csv", 3))
	write(t, dir, "a/mvu_cycles.csv", firstLines(t, "../../testdata/finn/mvu_cycles.csv", 2))
	write(t, dir, "a/results.csv", "point,cycles\n1,2\n")
	write(t, dir, "a/broken.csv", "\"")
	write(t, dir, "a/notes.txt", "nothing")
	write(t, dir, "a/other.zip", "no zip")
	_, report := run(t, []string{filepath.Join(dir, "b"), dir}, Options{})
	var files []string
	for _, c := range report.Cases {
		name, err := filepath.Rel(dir, c.Source)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.ToSlash(name))
	}
	want := []string{"b/layer_cycles.csv", "b/layer_cycles.csv", "a/mvu_cycles.csv"}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("files mismatch (-want +got):\n%s", diff)
	}
}

// firstLines is the head of a file.
func firstLines(t *testing.T, path string, n int) string {
	t.Helper()
	lines := strings.SplitAfter(read(t, path), "\n")
	return strings.Join(lines[:n], "")
}

// The order and the text are the same however many cases run at a time.
func TestJobsChangeNothing(t *testing.T) {
	o := Options{Hardware: []string{"../../configs/hardware/" + narrow + ".yaml"}}
	paths := []string{"../../testdata/golden/qconv.zip", write(t, t.TempDir(), "layer.csv", firstLines(t, "../../testdata/finn/layer_cycles.csv", 20))}
	want, _ := runJobs(t, paths, o, 1)
	if strings.Count(want, "FAIL qconv/") < 2 {
		t.Fatalf("nothing fails:\n%s", want)
	}
	for _, jobs := range []int{2, 8} {
		got, _ := runJobs(t, paths, o, jobs)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d jobs mismatch (-want +got):\n%s", jobs, diff)
		}
	}
}

func TestFastForwardChangesNothing(t *testing.T) {
	path := []string{"../../regress/expectations/edge-8x8.expect.yaml"}
	plan, err := Open(path, Options{EveryBeat: true})
	if err != nil {
		t.Fatal(err)
	}
	small := plan.cases[:0]
	for _, c := range plan.cases {
		if strings.Contains(c.id, "textbook") || strings.Contains(c.id, "reflect") || strings.Contains(c.id, "digits") {
			small = append(small, c)
		}
	}
	plan.cases = small
	report, err := plan.Run(context.Background(), 2, nil)
	if err != nil || report.Failed > 0 || report.Passed < 6 {
		t.Errorf("%v, %v\n%s", report, err, failures(report))
	}
}

func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	plan, err := Open([]string{"../../testdata/finn/mvu_cycles.csv"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	report, err := plan.Run(ctx, 2, func(Result) { stop() })
	if err != context.Canceled || report != nil {
		t.Errorf("a stopped run ends in %v, %v", report, err)
	}
}
