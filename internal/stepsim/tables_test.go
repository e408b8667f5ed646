package stepsim

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/compare"
)

// generous is more cycles than any row of the tables takes.
const generous = 20_000_000

// row is one line of a table.
type row struct {
	t     *testing.T
	cells map[string]string
}

func (r row) text(column string) string {
	v, ok := r.cells[column]
	if !ok {
		r.t.Fatalf("no column %q", column)
	}
	return v
}

func (r row) int(column string) int {
	v, err := strconv.Atoi(r.text(column))
	if err != nil {
		r.t.Fatalf("column %s: %v", column, err)
	}
	return v
}

func (r row) bool(column string) bool { return r.int(column) == 1 }

// readTable returns the rows of testdata/finn/name; with -short every k-th of them and those the RTL fails on.
func readTable(t *testing.T, name string, k int) []row {
	return readRows(t, filepath.Join("..", "..", "testdata", "finn", name), k)
}

func readRows(t *testing.T, path string, k int) []row {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for i, line := range lines[1:] {
		cells := map[string]string{}
		for j, column := range lines[0] {
			cells[column] = line[j]
		}
		if !testing.Short() || i%k == 0 || strings.HasPrefix(cells["status"], "rtl_") {
			rows = append(rows, row{t, cells})
		}
	}
	return rows
}

// gates returns the source's and the sink's gate of a handshake mode.
func gates(t *testing.T, mode string) (src, snk Gate) {
	third := Every{N: 3}
	switch mode {
	case "full":
		return Full{}, Full{}
	case "src3":
		return third, Full{}
	case "snk3":
		return Full{}, third
	case "both3":
		return third, third
	case "rnd":
		return Random{Seed: 1}, Random{Seed: 2}
	case "stall":
		second := Listed{Period: 32}
		for t := Cycle(16); t < 32; t++ {
			second.Cycles = append(second.Cycles, t)
		}
		return Full{}, second
	}
	t.Fatalf("unknown mode %q", mode)
	return nil, nil
}

// simulate runs stages between a source and a sink that are gated by the row's mode.
func (r row) simulate(frames int, stages ...Stage) Result {
	r.t.Helper()
	src, snk := gates(r.t, r.text("mode"))
	all := append([]Stage{Source{Gate: src}}, stages...)
	got, err := Chain{Stages: append(all, Sink{Gate: snk}), Frames: frames, Handshakes: true}.Run(generous)
	if err != nil {
		r.t.Fatalf("%v: %v", r.cells, err)
	}
	checkAccounts(r.t, got)
	return got
}

// compare checks the columns the simulator knows, unless the RTL failed on the row.
func (r row) compare(got map[string]string) {
	r.t.Helper()
	if s := r.text("status"); s != "ok" && s != "deadlock" && s != "rtl_wrong_data" { // wrong values, in time
		return
	}
	want := map[string]string{}
	for column := range got {
		want[column] = r.text(column)
	}
	if diff := compare.Diff(want, got); diff != "" {
		r.t.Errorf("%v\n(-want +got)\n%s", r.cells, diff)
	}
}

func hashText(r Result) string {
	return fmt.Sprintf("%016x", TraceHash(r.Edges[0].Cycles, r.Edges[len(r.Edges)-1].Cycles))
}

func text[T ~int | ~int64](v T) string { return strconv.FormatInt(int64(v), 10) }

// checkAccounts holds the invariant that every cycle of every process has one name.
func checkAccounts(t *testing.T, r Result) {
	t.Helper()
	for _, p := range r.Processes {
		sum := Cycle(0)
		for _, n := range p.Counts {
			sum += n
		}
		if sum != r.Total {
			t.Errorf("%v: %v sum to %d, want %d", p, p.Counts, sum, r.Total)
		}
	}
}
