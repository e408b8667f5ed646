package regress

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/configs"
)

const anew = "\n\tto record it: go run ./cmd/convsim regress --update --hw configs/hardware --workload FILE --into regress/expectations --frames 3"

// The project's own expectations hold, and cover every shipped hardware with
// every shipped layer and workload.
func TestProjectExpectations(t *testing.T) {
	paths := []string{"../../regress/expectations"}
	if testing.Short() {
		paths = []string{"../../regress/expectations/parallel-4x16.expect.yaml"}
	}
	_, report := run(t, paths, Options{})
	if report.Failed > 0 || report.Skipped > 0 {
		t.Errorf("%v\n%s", report, failures(report))
	}
}

func TestProjectExpectationsAreWhole(t *testing.T) {
	files, err := filepath.Glob("../../regress/expectations/*" + suffix)
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, file := range files {
		var e struct {
			Hardware string
			Runs     []struct{ Workload string }
		}
		if err := yaml.Unmarshal([]byte(read(t, file)), &e); err != nil {
			t.Fatal(err)
		}
		for _, r := range e.Runs {
			covered[filepath.Join("../../regress/expectations", e.Hardware)+" "+filepath.Join("../../regress/expectations", r.Workload)] = true
		}
	}
	var workloads []string
	for _, pattern := range []string{"layers/*.yaml", "layers/*/*.yaml", "workloads/*.yaml"} {
		found, err := filepath.Glob(filepath.Join("../../configs", pattern))
		if err != nil {
			t.Fatal(err)
		}
		workloads = append(workloads, found...)
	}
	for _, hw := range hardware(t) {
		for _, w := range workloads {
			if !configs.IsOperation(w) && !covered[hw+" "+w] {
				t.Errorf("no expectation of %s on %s%s", w, hw, anew)
			}
		}
	}
}

// folder makes a folder with a hardware, a layer and a workload of two.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "hw/small.yaml", "name: small\narray: {pe: 2, simd: 2}\n")
	write(t, dir, "hw/wide.yaml", "name: wide\narray: {pe: 4, simd: 4}\n")
	write(t, dir, "one.yaml", layer)
	write(t, dir, "two.yaml", "name: pair\nlayers:\n  - {name: a, "+flow+"}\n  - {name: b, "+flow+"}\n")
	return dir
}

const (
	layer = "op: conv2d\nin_channels: 4\nout_channels: 4\nkernel_size: 3\npadding: 1\ninput: {height: 5, width: 5}\n"
	flow  = "op: conv2d, in_channels: 2, out_channels: 4, kernel_size: 3, input: {height: 5, width: 5}"
)

// record makes expectations of everything in a folder.
func recordAll(t *testing.T, dir string, n New) {
	t.Helper()
	n.Workloads = []string{filepath.Join(dir, "one.yaml"), filepath.Join(dir, "two.yaml")}
	n.Into = filepath.Join(dir, "expect")
	text, report := run(t, nil, Options{Update: true, Hardware: []string{filepath.Join(dir, "hw")}, New: &n})
	if report.Failed > 0 {
		t.Fatal(text)
	}
}

const (
	small     = "expect/small" + suffix
	otherHash = "00000000000000000000000000000000000000000000000000000000000000ff"
)

func TestCreate(t *testing.T) {
	dir := folder(t)
	recordAll(t, dir, New{Frames: 3, Seed: 1})
	text := read(t, filepath.Join(dir, small))
	if !strings.HasPrefix(text, heading+"hardware: ../hw/small.yaml\nruns:\n  - workload: ../one.yaml\n    frames: 3\n    layers:\n      - {name: one, cycles: ") {
		t.Errorf("the file is\n%s", text)
	}
	if n := strings.Count(text, "      - {name: "); n != 3 {
		t.Errorf("%d layers, want 3:\n%s", n, text)
	}
	out, report := run(t, []string{filepath.Join(dir, "expect")}, Options{})
	if report.Passed != 6 || report.Failed > 0 {
		t.Errorf("what was just recorded: %s", out)
	}
	want := filepath.Join(dir, small) + " pair/b"
	if got := report.Cases[2].ID; got != want {
		t.Errorf("id is %s, want %s", got, want)
	}
}

// Recording what holds already changes nothing, not even the file's time.
func TestUpdateIsStable(t *testing.T) {
	dir := folder(t)
	recordAll(t, dir, New{Frames: 3, Seed: 1})
	path := filepath.Join(dir, small)
	before, text := stat(t, path), read(t, path)
	recordAll(t, dir, New{Frames: 3, Seed: 1})
	out, _ := run(t, []string{path}, Options{Update: true})
	if !os.SameFile(before, stat(t, path)) || text != read(t, path) || out != "3 passed, 0 failed, 0 skipped\n" {
		t.Errorf("an update without a change wrote the file: %s", out)
	}
}

func stat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// A change of any number is told by key, from, to, and by how much, and an
// update takes it back and keeps comments.
func TestAlteredExpectation(t *testing.T) {
	dir := folder(t)
	recordAll(t, dir, New{Frames: 3, Seed: 1})
	path := filepath.Join(dir, small)
	good := read(t, path)
	for _, c := range []struct{ key, old, fresh, want string }{
		{"cycles", "cycles: ", "cycles: 1", "cycles 1%[1]s -> %[1]s (-"},
		{"first output", "first_output_cycle: ", "first_output_cycle: 1", "first_output_cycle 1%[1]s -> %[1]s (-"},
		{"interval", "steady_interval: ", "steady_interval: 1", "steady_interval 1%[1]s -> %[1]s (-"},
		{"stage", "array: [", "array: [1", "stages.array.busy 1%[1]s -> %[1]s (-"},
		{"stage gone", "sink: [", "outlet: [", "stages.sink none -> {%[1]s"},
		{"resources", "lut: ", "lut: 1", "resources.lut 1%[1]s -> %[1]s (-"},
		{"hash", "output_sha256: ", "", "output_sha256 " + otherHash + " -> %[1]s"},
	} {
		t.Run(c.key, func(t *testing.T) {
			at := strings.Index(good, c.old)
			value, _, _ := strings.Cut(strings.NewReplacer(",", " ", "}", " ").Replace(good[at+len(c.old):]), " ")
			altered := good[:at] + c.fresh + good[at+len(c.old):]
			if c.key == "hash" {
				altered = strings.Replace(good, value, otherHash, 1)
			}
			write(t, dir, small, "# mine\n"+strings.Replace(altered, "      - {name: one", "      # of one\n      - {name: one", 1))
			text, report := run(t, []string{path}, Options{})
			want := "FAIL " + path + " one: " + fmt.Sprintf(c.want, value)
			if report.Failed != 1 || report.Passed != 2 || !strings.HasPrefix(text, want) {
				t.Errorf("want %q, got\n%s", want, text)
			}
			text, _ = run(t, []string{path}, Options{Update: true})
			if !strings.HasPrefix(text, "recorded "+path+" one: ") || !strings.HasSuffix(text, "3 passed, 0 failed, 0 skipped\n") {
				t.Errorf("update says\n%s", text)
			}
			back := "# mine\n" + strings.Replace(good, "      - {name: one", "      # of one\n      - {name: one", 1)
			if diff := cmp.Diff(back, read(t, path)); diff != "" {
				t.Errorf("updated file mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// What is left out is not compared, and nobody's order of lines matters.
func TestPartialExpectation(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, small, "hardware: ../hw/small.yaml\nruns:\n- workload: ../two.yaml\n  layers:\n  - {name: b, verified: true}\n  - {name: a, cycles: 1}\n")
	text, report := run(t, []string{path}, Options{})
	if report.Passed != 1 || !strings.HasPrefix(text, "FAIL "+path+" pair/a: cycles 1 -> ") || strings.Contains(text, ";") {
		t.Errorf("got\n%s", text)
	}
}

// Layers that came or went are failures that an update settles.
func TestLayersComeAndGo(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, small, "hardware: ../hw/small.yaml\nruns:\n- workload: ../two.yaml\n  stages: false\n  layers:\n  - {name: c, cycles: 1}\n  - {name: b, verified: true}\n")
	text, _ := run(t, []string{path}, Options{})
	wantLines(t, dir, text,
		"FAIL "+small+" pair/a: no expectation for this layer; --update records one",
		"FAIL "+small+" pair/c: ../two.yaml has no such layer; --update removes it",
		"1 passed, 2 failed, 0 skipped")
	run(t, []string{path}, Options{Update: true})
	updated := read(t, path)
	if strings.Contains(updated, "name: c") || strings.Contains(updated, "array:") || strings.Index(updated, "name: a") > strings.Index(updated, "name: b") {
		t.Errorf("updated file is\n%s", updated)
	}
	if text, _ := run(t, []string{path}, Options{}); text != "2 passed, 0 failed, 0 skipped\n" {
		t.Errorf("after the update:\n%s", text)
	}
}

// Nothing but a line too many, or lines in another order, is a change too.
func TestOrderIsRestored(t *testing.T) {
	dir := folder(t)
	recordAll(t, dir, New{Frames: 3, Seed: 1})
	path := filepath.Join(dir, small)
	good := read(t, path)
	a, b := good[strings.Index(good, "      - {name: a"):strings.Index(good, "      - {name: b")], good[strings.Index(good, "      - {name: b"):]
	for name, lines := range map[string]string{"one too many": a + "      - {name: gone, cycles: 1}\n" + b, "swapped": b + a} {
		write(t, dir, small, strings.Replace(good, a+b, lines, 1))
		run(t, []string{path}, Options{Update: true})
		if diff := cmp.Diff(good, read(t, path)); diff != "" {
			t.Errorf("%s mismatch (-want +got):\n%s", name, diff)
		}
	}
}

// A wrong output is never recorded of itself, only where its line says so.
func TestWrongOutput(t *testing.T) {
	dir := folder(t)
	write(t, dir, "hw/small.yaml", "name: small\narray: {pe: 2, simd: 2}\naccumulator: {bits: 8, overflow: saturate}\n")
	write(t, dir, "one.yaml", layer+"tensors: {expect: y.npy}\n")
	writeZeros(t, filepath.Join(dir, "y.npy"), 1, 4, 5, 5)
	const head = "hardware: ../hw/small.yaml\nruns:\n  - workload: ../one.yaml\n"
	path := write(t, dir, small, head)
	for _, update := range []bool{false, true} {
		text, report := run(t, []string{path}, Options{Update: update})
		if report.Failed != 1 || !strings.Contains(text, "mismatch with the expected output: output[0 0 0 0] is ") {
			t.Errorf("update %v: %s", update, text)
		}
	}
	if got := read(t, path); got != head {
		t.Errorf("recorded all the same:\n%s", got)
	}
	write(t, dir, small, head+"    layers:\n      - {name: one, verified: false}\n")
	run(t, []string{path}, Options{Update: true})
	if got := read(t, path); !strings.Contains(got, "cycles: ") || !strings.Contains(got, "verified: false, overflow: {elements: 100, ") {
		t.Errorf("not recorded:\n%s", got)
	}
	if text, _ := run(t, []string{path}, Options{}); text != "1 passed, 0 failed, 0 skipped\n" {
		t.Error(text)
	}
}

// Outputs that are not Conv2d's because sums overflow fail, unless the line or
// the hardware says so; then how far they are off is recorded and held.
func TestOverflow(t *testing.T) {
	const narrow = "name: small\narray: {pe: 2, simd: 2}\naccumulator: {bits: 12%s}\n"
	const head = "hardware: ../hw/small.yaml\nruns:\n  - workload: ../one.yaml\n"
	dir := folder(t)
	path := write(t, dir, small, head)
	write(t, dir, "hw/small.yaml", fmt.Sprintf(narrow, ""))
	text, report := run(t, []string{path}, Options{Update: true})
	if want := "accumulators overflow (12 bits, wrap): "; report.Failed != 1 || !strings.Contains(text, want) || read(t, path) != head {
		t.Errorf("no %q in\n%s", want, text)
	}
	write(t, dir, small, head+"    layers:\n      - {name: one, verified: false}\n")
	run(t, []string{path}, Options{Update: true})
	byLine := read(t, path)
	write(t, dir, "hw/small.yaml", fmt.Sprintf(narrow, ", allow_overflow: true"))
	path = write(t, dir, small, head)
	run(t, []string{path}, Options{Update: true})
	byHardware := read(t, path)
	if diff := cmp.Diff(byLine, strings.Replace(byHardware, "verified: true", "verified: false", 1)); diff != "" {
		t.Errorf("by line and by hardware (-line +hardware):\n%s", diff)
	}
	at := strings.Index(byHardware, ", overflow: {elements: ")
	for name, c := range map[string]struct{ text, want string }{
		"holds":      {byHardware, "1 passed, 0 failed, 0 skipped"},
		"more off":   {edited(t, byHardware, "largest_difference: ", "largest_difference: 1"), "one: overflow.largest_difference 1"},
		"more bits":  {edited(t, byHardware, "bits_needed: 18", "bits_needed: 19"), "one: overflow.bits_needed 19 -> 18"},
		"no mention": {byHardware[:at] + "}\n", "one: overflow.elements 0 -> "},
	} {
		write(t, dir, small, c.text)
		if text, _ := run(t, []string{path}, Options{}); !strings.Contains(text, c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, text)
		}
	}
}

// New expectations where they cannot be are an error.
func TestUnwritable(t *testing.T) {
	dir := folder(t)
	write(t, dir, "expect", "a file where a folder should be")
	for into, want := range map[string]string{"expect": "this is a file; allowed: a folder", "expect/deeper": "not a directory"} {
		plan, err := Open(nil, Options{Update: true, Hardware: []string{filepath.Join(dir, "hw/small.yaml")},
			New: &New{Workloads: []string{filepath.Join(dir, "one.yaml")}, Into: filepath.Join(dir, into), Seed: 1}})
		if err == nil {
			_, err = plan.Run(context.Background(), 1, nil)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v", into, err)
		}
	}
}

func TestSchemaIsCurrent(t *testing.T) {
	got, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	const path = "expectation.schema.json"
	if *update {
		write(t, ".", path, string(got))
	}
	if want := read(t, path); want != string(got) {
		t.Error("the schema is old: run go generate ./regress")
	}
}

// Reading any text as an expectation file gives mistakes, never a panic, and
// what can be read can be updated.
func FuzzExpectation(f *testing.F) {
	f.Add("hardware: ../hw/small.yaml\nruns:\n- workload: ../two.yaml\n  layers:\n  - {name: c, cycles: 1}\n")
	f.Add("runs: [{workload: x, layers: [{name: a, stages: {pad: [1, 2, 3]}}]}]\n")
	f.Add("hardware: 1\nruns: {}\n")
	f.Fuzz(func(t *testing.T, text string) {
		e := &expectation{path: "fuzz" + suffix, text: []byte(text)}
		if e.parse() != nil {
			return
		}
		for _, r := range e.runs {
			r.measured = make([]*layerFile, len(r.workload.Layers))
		}
		if _, err := e.updated(); err != nil {
			t.Error(err)
		}
	})
}

func TestNewRunsAreAdded(t *testing.T) {
	dir := folder(t)
	recordAll(t, dir, New{Frames: 3, Seed: 1})
	before := read(t, filepath.Join(dir, small))
	write(t, dir, "three.yaml", layer+"requantize: {rule: shift, shift: 7}\n")
	n := New{Workloads: []string{dir + "/one.yaml", dir + "/three.yaml"}, Into: filepath.Join(dir, "expect"), Seed: 5, NoStages: true}
	text, _ := run(t, nil, Options{Update: true, Hardware: []string{filepath.Join(dir, "hw/small.yaml")}, New: &n})
	wantLines(t, dir, text, "recorded "+small+" three", "4 passed, 0 failed, 0 skipped")
	after := read(t, filepath.Join(dir, small))
	added, ok := strings.CutPrefix(after, before)
	if !ok || !strings.HasPrefix(added, "  - workload: ../three.yaml\n    seed: 5\n    stages: false\n    layers:\n      - {name: three, cycles: ") {
		t.Errorf("the file is\n%s", after)
	}
	if slices.Contains(strings.Fields(added), "stages:") && strings.Contains(added, "array: [") {
		t.Errorf("stages are recorded:\n%s", added)
	}
}
