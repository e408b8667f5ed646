package dse_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/results"
)

// TestEmpty holds the reasons of a sweep without a feasible design against the table of all its points, and
// those of the pruned sweep against what is known without simulating.
func TestEmpty(t *testing.T) {
	text := strings.NewReplacer("fits && dsp <= 100", "dsp <= 0 && fits", "fps > 20000", "fps > 1e9").Replace(sweepText)
	s := load(t, text)
	out := filepath.Join(t.TempDir(), "out")
	summary := runIn(t, s, dse.Options{Out: out, NoPrune: true})
	if summary.Empty == nil {
		t.Fatal("no reason is given")
	}
	rows, err := csv.NewReader(bytes.NewReader(read(t, out, results.TableFile))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	least, evaluated := 1e9, int64(0)
	breaks := map[string]int64{}
	illegal := int64(0)
	for _, row := range rows[1:] {
		if row[column("status")] == "illegal" {
			illegal++
		}
		if row[column("status")] != "ok" {
			continue
		}
		evaluated++
		for _, c := range strings.Split(row[column("breaks")], "; ") {
			breaks[c]++
		}
		dsp, err := strconv.ParseFloat(row[column("dsp")], 64)
		if err != nil {
			t.Fatal(err)
		}
		least = min(least, dsp)
	}
	for _, c := range summary.Empty.Constraints {
		if c.Breaks != breaks[c.Constraint] || c.Breaks+c.Holds != evaluated || c.Unknown != 0 {
			t.Errorf("%+v; in the table %d of %d break it", c, breaks[c.Constraint], evaluated)
		}
	}
	counted := int64(0)
	for _, r := range summary.Empty.Reasons {
		counted += r.Points
	}
	if counted == 0 || counted > illegal {
		t.Errorf("reasons of %d points, %d are illegal", counted, illegal)
	}
	near := summary.Empty.Closest[0]
	if len(near.Misses) != 2 || near.Misses[0].Text != "dsp <= 0" || near.Misses[1].Text != "fps > 1000000000" {
		t.Fatalf("the closest misses %+v", near.Misses)
	}

	pruned := filepath.Join(t.TempDir(), "pruned")
	summary = runIn(t, s, dse.Options{Out: pruned})
	if got := summary.Empty.Constraints[0]; got.Breaks != evaluated || got.Unknown != 0 {
		t.Errorf("pruned: %+v, want all %d points to break it", got, evaluated)
	}
	if got := summary.Empty.Constraints[1]; got.Unknown != evaluated || got.Breaks != 0 {
		t.Errorf("pruned: %+v, want it unknown in all %d points", got, evaluated)
	}
	near = summary.Empty.Closest[0]
	if len(near.Misses) != 1 || *near.Misses[0].By != least || *near.Misses[0].Is != least || len(near.Unknown) != 1 {
		t.Errorf("pruned: the closest is %+v, want dsp = %v", near, least)
	}

	_, err = results.Choose(out, results.Choice{Objective: "fps", Constraints: []string{"cycles < 5"}})
	var none *results.NoneFeasible
	if !errors.As(err, &none) || len(none.Constraints) != 3 || none.Constraints[2].Breaks != evaluated {
		t.Errorf("choosing: %v, %+v", err, none)
	}
}

// TestFitsByResource: fits is told apart into the resources that the board lacks.
func TestFitsByResource(t *testing.T) {
	text := "name: x\nworkload: layer.yaml\nhardware: {name: b, array: {simd: 6}}\nboard: pynq-z2\naxes: {array.pe: [1024, 2048]}\n" +
		"derived: {small: fits && lut < 1}\nconstraints: [small]\nobjectives: [minimize: cycles]\n"
	summary := runIn(t, load(t, text), dse.Options{Out: filepath.Join(t.TempDir(), "out")})
	var misses []string
	for _, m := range summary.Empty.Closest[0].Misses {
		misses = append(misses, m.Text)
	}
	if got := strings.Join(misses, ", "); got != "dsp <= board.dsp, lut <= board.lut, ff <= board.ff, lut < 1" {
		t.Errorf("misses %s", got)
	}
}
