package regress

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/tensor"
)

func writeZeros(t *testing.T, path string, shape ...int) {
	t.Helper()
	zeros, err := tensor.New(tensor.Int32, shape...)
	if err != nil {
		t.Fatal(err)
	}
	if err := tensor.WriteNPY(path, zeros); err != nil {
		t.Fatal(err)
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct {
		diff Diff
		want string
	}{
		{Diff{"cycles", "200", "201"}, "cycles 200 -> 201 (+1, +0.50 %)"},
		{Diff{"cycles", "200", "100"}, "cycles 200 -> 100 (-100, -50.00 %)"},
		{Diff{"stages.pad.other", "0", "7"}, "stages.pad.other 0 -> 7 (+7)"},
		{Diff{"steady_interval", "12", ""}, "steady_interval 12 -> none"},
		{Diff{"verified", "true", "false"}, "verified true -> false"},
		{Diff{"trace_hash", "1111111111111111", "2222222222222222"}, "trace_hash 1111111111111111 -> 2222222222222222"},
		{Diff{"cycles", strings.Repeat("1;", 100), "1"}, "cycles " + strings.Repeat("1;", 40) + "... -> 1"},
	} {
		if got := c.diff.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// sample is a report with a case of every kind and ending.
func sample() *Report {
	r := &Report{Cases: []Result{}}
	many := Result{ID: "a.expect.yaml x", Kind: Expectation, Status: Failed, Source: "a.expect.yaml"}
	for i := range 10 {
		many.Diffs = append(many.Diffs, Diff{string(rune('a' + i)), "1", "2"})
	}
	r.add(many)
	r.add(Result{ID: "a.expect.yaml y", Kind: Expectation, Status: Passed, Source: "a.expect.yaml"})
	r.add(Result{ID: "t.csv:2 row", Kind: RTL, Status: Skipped, Reason: "finished but not compared (rtl_deadlock)", Source: "t.csv"})
	r.add(Result{ID: `s/<"&\x01">`, Kind: Golden, Status: Failed, Reason: "two\nlines & <more>\x01", Source: "s/manifest.json"})
	return r
}

func TestSummary(t *testing.T) {
	var b bytes.Buffer
	r := sample()
	if err := r.WriteSummary(&b); err != nil {
		t.Fatal(err)
	}
	const want = "1 finished but not compared (rtl_deadlock)\n1 passed, 2 failed, 1 skipped\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("summary mismatch (-want +got):\n%s", diff)
	}
	if got := r.Cases[0].Line(); !strings.HasSuffix(got, "; h 1 -> 2 (+1, +100.00 %); and 2 more") {
		t.Errorf("line is %q", got)
	}
	if got := r.Cases[3].Line(); strings.Contains(got, "\n") {
		t.Errorf("a failure on two lines: %q", got)
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Passed, Failed, Skipped int
		Cases                   []map[string]any
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"id": "t.csv:2 row", "kind": "rtl", "status": "skipped",
		"reason": "finished but not compared (rtl_deadlock)", "diffs": []any{}}
	if diff := cmp.Diff(want, got.Cases[2]); diff != "" {
		t.Errorf("case mismatch (-want +got):\n%s", diff)
	}
	if n := len(got.Cases[0]["diffs"].([]any)); n != 10 || got.Passed != 1 || got.Failed != 2 || got.Skipped != 1 {
		t.Errorf("%d diffs in\n%s", n, b.String())
	}
}

// The XML can be read by others, whatever is in names and messages.
func TestJUnit(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteJUnit(&b); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if got.Tests != 4 || got.Failures != 2 || got.Skipped != 1 || len(got.Suites) != 3 {
		t.Errorf("got %+v", got)
	}
	first, last := got.Suites[0], got.Suites[2]
	if first.Name != "a.expect.yaml" || first.Tests != 2 || first.Failures != 1 || strings.Count(first.Cases[0].Failure.Text, "\n") != 10 {
		t.Errorf("the first suite is %+v", first)
	}
	if got := last.Cases[0].Failure.Message; got != "two lines & <more>\uFFFD" {
		t.Errorf("message is %q", got)
	}
}

// All mistakes are told at once, each with what is allowed, before anything
// runs.
func TestMistakes(t *testing.T) {
	dir := folder(t)
	write(t, dir, "cycles.csv", "point,cycles\n1,2\n")
	write(t, dir, "x/bad"+suffix, "hardware: ../hw/none.yaml\nruns:\n- workload: ../two.yaml\n  frame: 3\n  layers: [{name: a, stages: {pad: [1, 2]}}]\n")
	write(t, dir, "x/gone"+suffix, "hardware: ../hw/none.yaml\nruns:\n- workload: ../two.yaml\n  layers: [{name: a}, {name: a}]\n")
	write(t, dir, "x/inner"+suffix, "hardware: ../broken.yaml\nruns: [{workload: ../one.yaml}]\n")
	write(t, dir, "broken.yaml", "name: x\nclock: 3\n")
	write(t, dir, "s/manifest.json", `{"suite": "s", "cases": [{"id": "a", "op": "Conv2d"}]}`)
	write(t, dir, "notes.txt", "")
	write(t, dir, "empty/readme", "")
	var paths []string
	for _, name := range []string{"none", "notes.txt", "cycles.csv", "x", "s", "empty"} {
		paths = append(paths, filepath.Join(dir, name))
	}
	_, err := Open(paths, Options{})
	var all Mistakes
	if !errors.As(err, &all) || len(all) != 8 {
		t.Fatalf("%d mistakes: %v", len(all), err)
	}
	var inFile *strictyaml.Errors
	if !errors.As(all[3], &inFile) {
		t.Errorf("no position in %v", all[3])
	}
	text := strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
	for _, want := range []string{
		"none: no such file or directory; allowed: NAME.expect.yaml",
		"notes.txt: unknown kind of file; allowed: ",
		"cycles.csv:1: not a table of RTL handshakes",
		"x/bad.expect.yaml:4:3: runs[0].frame: unknown key",
		"x/bad.expect.yaml:5:36: runs[0].layers[0].stages.pad: not four counts, got a list of 2; allowed: a list of four counts: [busy, starved, blocked, other]",
		"x/gone.expect.yaml:1:11: hardware: illegal value, got ../hw/none.yaml (no such file or directory); allowed: a file that can be read",
		"x/gone.expect.yaml:4:30: runs[0].layers[1].name: illegal value, got a; allowed: a name of its own; layers[0] has it",
		"broken.yaml:2:1: clock: unknown key",
		"s/manifest.json: a golden suite needs hardware to run on; allowed: --hw HW.yaml, once or more",
		"empty: nothing to run in this folder; allowed: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestMistakesOfMaking(t *testing.T) {
	dir := folder(t)
	hw, one := filepath.Join(dir, "hw"), filepath.Join(dir, "one.yaml")
	write(t, dir, "other/small.yaml", "name: other\n")
	write(t, dir, "empty/readme", "")
	for _, c := range []struct {
		name string
		o    Options
		want string
	}{
		{"no update", Options{Hardware: []string{hw}, New: &New{Workloads: []string{one}, Into: dir}}, "allowed: --update, --hw, --workload and --into together"},
		{"no hardware", Options{Update: true, New: &New{Workloads: []string{one}, Into: dir}}, "allowed: --update, --hw, --workload and --into together"},
		{"no folder", Options{Update: true, Hardware: []string{hw}, New: &New{Workloads: []string{one}}}, "allowed: --update, --hw, --workload and --into together"},
		{"one name twice", Options{Update: true, Hardware: []string{hw, filepath.Join(dir, "other")}, New: &New{Workloads: []string{one}, Into: dir}}, "another hardware file of this name is given"},
		{"empty folder", Options{Update: true, Hardware: []string{hw}, New: &New{Workloads: []string{filepath.Join(dir, "empty")}, Into: dir}}, "no YAML file in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Open(nil, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want %q, got %v", c.want, err)
			}
		})
	}
}

// Hardware of one name is told apart by its file.
func TestHardwareNames(t *testing.T) {
	dir := folder(t)
	again := write(t, dir, "again.yaml", "name: small\n")
	_, report := run(t, []string{"../../testdata/golden/conv2d_errors.zip"}, Options{Hardware: []string{filepath.Join(dir, "hw"), again}})
	var on []string
	for i := 0; i < len(report.Cases); i += 24 {
		_, label, _ := strings.Cut(report.Cases[i].ID, " on ")
		on = append(on, label)
	}
	if diff := cmp.Diff([]string{filepath.Join(dir, "hw/small.yaml"), "wide", again}, on); diff != "" {
		t.Errorf("names mismatch (-want +got):\n%s", diff)
	}
}
