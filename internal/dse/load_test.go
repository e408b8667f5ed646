package dse_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/sweepfile"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestMistakes compares what is said of files with many mistakes, places included, with golden files.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, err := dse.Load(file)
			if err == nil {
				t.Fatal("no error")
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(err.Error()+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(read(t, golden)), err.Error()+"\n"); diff != "" {
				t.Errorf("mistakes mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSchemaIsGenerated(t *testing.T) {
	want, err := sweepfile.Schema()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, read(t, "../../configs/schema/sweep.schema.json")) {
		t.Error("schema/sweep.schema.json is not what go generate ./configs writes")
	}
}

// TestShippedSweeps checks that every shipped sweep loads and has legal points, and names its schema.
func TestShippedSweeps(t *testing.T) {
	files, err := filepath.Glob("../../configs/sweeps/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s, err := dse.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := s.DryRun(context.Background(), dse.Options{Shard: journal.Shard{Index: 1, Count: 7}}, func(*journal.Row) {})
			if err != nil || p.Runs == 0 || p.Illegal > 0 {
				t.Errorf("dry run %+v, %v", p, err)
			}
			if want := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".yaml"), "_", "-"); s.Definition.Name != want {
				t.Errorf("name %s, want %s", s.Definition.Name, want)
			}
			if !bytes.HasPrefix(s.Text, []byte("# yaml-language-server: $schema=../schema/sweep.schema.json\n")) {
				t.Error("does not name its schema")
			}
		})
	}
}

// TestAxisRules checks the values that the rules of axes make, by the points of a dry run.
func TestAxisRules(t *testing.T) {
	for name, c := range map[string]struct{ axis, want string }{
		"range":            {"array.pe: {range: [2, 8, 3]}", "2 5 8"},
		"falling range":    {"array.pe: {range: [3, 1, -1]}", "3 2 1"},
		"powers":           {"array.pe: {powers_of_two: [3, 20]}", "4 8 16"},
		"divisors":         {"array.pe: {divisors_of: 12, min: 2, max: 6}", "2 3 4 6"},
		"divisors of size": {"array.simd: {divisors_of: in_channels}", "1 2 3 6"},
		"fractions":        {"clock_mhz: {range: [99.5, 100.5, 0.5]}", "99.5 100 100.5"},
		"texts":            {"window.style: [parallel, serial]", "parallel serial"},
		"truth":            {"window.frame_overlap: [true, false]", "true false"},
		"an edge":          {"fifo.edges.window.array: [3, 4]", "3 4"},
		"handshake":        {"source.every: [2, 3]", "2 3"},
	} {
		t.Run(name, func(t *testing.T) {
			s := load(t, "name: x\nworkload: layer.yaml\nhardware: {name: b, source: {burst: {on: 1, off: 1}}}\naxes: {"+c.axis+"}\nobjectives: [minimize: cycles]\n")
			var got []string
			_, err := s.DryRun(context.Background(), dse.Options{}, func(row *journal.Row) {
				if row.Status != journal.OK {
					t.Errorf("%v is %s: %s", row.Values, row.Status, row.Reason)
				}
				got = append(got, row.Values[0].String())
			})
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("values %v, want %s (%v)", got, c.want, err)
			}
		})
	}
}

// TestHardwareOfPoints checks that a hardware file says what the point says, on a base with everything in it.
func TestHardwareOfPoints(t *testing.T) {
	base := "{name: 'a: b', source: {cycles: [1, 5], repeat: 9}, fifo: {depth: 3, edges: {pad.window: 7}}}"
	s := load(t, "name: 'x: y'\nworkload: layer.yaml\nhardware: "+base+
		"\naxes:\n  window.style: [parallel]\n  fifo.edges.window.array: [5]\n  sink.every: [4]\nobjectives: [minimize: cycles]\n")
	got, err := s.HardwareText(0)
	if err != nil {
		t.Fatal(err)
	}
	want := "name: 'x: y-0'\nsource: {cycles: [1, 5], repeat: 9}\nfifo: {depth: 3, edges: {pad.window: 7, window.array: 5}}\n" +
		"window: {style: parallel}\nsink: {every: 4}\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("hardware mismatch (-want +got):\n%s", diff)
	}
}
