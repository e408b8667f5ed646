package dse_test

import (
	"context"
	"testing"
	"time"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/journal"
)

func preview(t *testing.T, s *dse.Sweep) (*dse.Preview, []journal.Row) {
	t.Helper()
	var rows []journal.Row
	p, err := s.DryRun(context.Background(), dse.Options{}, func(row *journal.Row) { rows = append(rows, *row) })
	if err != nil {
		t.Fatal(err)
	}
	return p, rows
}

const previewText = `name: x
workload: layer.yaml
hardware: {name: b}
axes:
  array.pe: {range: [1, 30, 1]}
  array.simd: {range: [1, 20, 1]}
  zip: {fifo.depth: [0, 1, 2, 3, 4], window.buffer_depth: [100, 90, 80, 70, 60]}
  clock_mhz: [100, 200]
constraints:
  - array.pe % array.simd == 0
  - twice < 60
  - array.pe <= 28 || fifo.depth > 1
  - clock_mhz > 100
  - dsp < 1000
derived: {twice: array.simd * 2, thrice: dsp * 3}
objectives: [minimize: cycles]
`

// TestExcluded holds the count of points that break constraints on parameters alone against a listing of all points.
func TestExcluded(t *testing.T) {
	s := load(t, previewText)
	p, rows := preview(t, s)
	if p.Sampled || p.Checked != 6000 || len(rows) != 1000 || p.Listed != 1000 || p.Points != 6000 || p.Runs+p.Illegal+p.Pruned != 6000 {
		t.Fatalf("%+v; want all of 6000 points", p)
	}
	broken := int64(0)
	for index := range s.Space().Size() {
		values := s.Space().Point(index)
		pe, simd, depth, clock := values[0].Int(), values[1].Int(), values[2].Int(), values[4].Int()
		if pe%simd != 0 || 2*simd >= 60 || pe > 28 && depth <= 1 || clock <= 100 {
			broken++
		}
	}
	if e := p.Excluded; e == nil || e.Points != broken || len(e.Constraints) != 4 {
		t.Errorf("excluded %+v, want %d points by four constraints", e, broken)
	}
}

// TestHugePreview: a space that no one could list is counted at once, and so is a sample too large to draw in passing.
func TestHugePreview(t *testing.T) {
	const axes = "  array.pe: {range: [1, 1000, 1]}\n  array.simd: {range: [1, 1000, 1]}\n  fifo.depth: {range: [0, 999999, 1]}\n" +
		"  window.buffer_depth: {range: [1, 1000, 1]}\n"
	const text = "name: x\nworkload: layer.yaml\nhardware: {name: b}\naxes:\n" + axes +
		"constraints: [array.pe % array.simd == 0, fifo.depth < 10, dsp < 100]\nobjectives: [minimize: cycles]\n"
	// Sum of 1000 / simd, the pairs that divide, is 7069.
	const divide = 7069 * 10 * 1000
	for name, c := range map[string]struct {
		strategy       string
		points, listed int64
	}{
		"grid":   {"", 1e15, 1000},
		"random": {"strategy: {random: {points: 100000000000}}\n", 1e11, 1000},
		"latin":  {"strategy: {latin_hypercube: {points: 16000000}}\n", 16_000_000, 0},
	} {
		t.Run(name, func(t *testing.T) {
			started := time.Now()
			p, rows := preview(t, load(t, text+c.strategy))
			if p.Space != 1e15 || p.Points != c.points || !p.Sampled || p.Checked == 0 || int64(len(rows)) != c.listed || p.Listed != c.listed {
				t.Errorf("%+v, want %d points of 1e15, a sample, and %d listed", p, c.points, c.listed)
			}
			if p.Excluded == nil || p.Excluded.Points != 1e15-divide {
				t.Errorf("excluded %+v, want all but %d", p.Excluded, divide)
			}
			if took := time.Since(started); took > 2*time.Minute { // a second on an idle machine; hours, if points were listed one by one
				t.Errorf("took %v", took)
			}
		})
	}
	part := dse.Options{Shard: journal.Shard{Index: 7, Count: 1 << 40}} // 909 points, too far apart to pass all others by
	if p, err := load(t, text).DryRun(context.Background(), part, func(*journal.Row) {}); err != nil || p.Points > 1000 || !p.Sampled {
		t.Errorf("%+v, %v; want a sample", p, err)
	}
	evolved := load(t, text+"strategy: {nsga2: {budget: 100000000, seed: 1}}\n")
	if p, _ := preview(t, evolved); p.Points != 1e8 || p.Checked == 0 || p.Sampled || !p.Learns {
		t.Errorf("%+v, want the first generation of 1e8 points", p)
	}
}
