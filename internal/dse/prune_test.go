package dse

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/metric"
)

// loadText loads a sweep over a small layer.
func loadText(t *testing.T, text string) *Sweep {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"sweep.yaml": text,
		"layer.yaml": "op: conv2d\nin_channels: 4\nout_channels: 6\nkernel_size: 3\npadding: 1\ninput: {height: 6, width: 5}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(filepath.Join(dir, "sweep.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const boundedSpace = `name: bounded
workload: layer.yaml
hardware: {name: base}
axes:
  array.pe: [1, 2, 4, 6]
  array.simd: [1, 3, 4]
  window.style: [serial, parallel]
  window.frame_overlap: [false, true]
  fifo.depth: [0, 2]
  sink.every: [1, 3]
  clock_mhz: [100, 200]
`

// TestLowestIsABound: whatever is minimized or maximized, no point is better than its bound; objectives of
// one direction have one, those of the other have none.
func TestLowestIsABound(t *testing.T) {
	text := boundedSpace + "objectives:\n"
	bounded := map[string]bool{"dsp * 2 - lut": true, "cycles - dsp": false}
	for _, m := range metric.Table {
		if m.Kind == expr.Number {
			bounded[m.Name] = true
		}
	}
	for name := range bounded {
		text += fmt.Sprintf("  - minimize: %s\n  - maximize: %s\n", name, name)
	}
	e := newEvaluator(loadText(t, text))
	p := &pruner{evaluator: e}
	for _, o := range e.sweep.Judge.Objectives {
		want := !bounded[o.Expr]
		if o.Metric >= 0 && metric.Table[o.Metric].Bounds != metric.Exact {
			want = o.Maximize == (metric.Table[o.Metric].Bounds == metric.AtLeast)
		}
		if got := o.Unbounded(); got != want {
			t.Errorf("%s: unbounded %v, want %v", o.Objective, got, want)
		}
	}
	for index := range e.sweep.Axes.Size() {
		candidate, err := e.prepare(index)
		if err != nil {
			t.Fatal(err)
		}
		low := p.lowest(candidate, e.static(candidate))
		row, _ := e.evaluate(index)
		v := e.sweep.Judge.Judge(row.Values, &row.Metrics)
		for i, o := range e.sweep.Judge.Objectives {
			if low[i] > v.Objectives[i] || math.IsInf(low[i], -1) != o.Unbounded() {
				t.Fatalf("point %d, %s: bound %v, in fact %v", index, o.Objective, low[i], v.Objectives[i])
			}
		}
	}
}

// TestScoutsAreAmongThePoints: a point that the strategy leaves out must not prune one it asks for.
func TestScoutsAreAmongThePoints(t *testing.T) {
	for name, strategy := range map[string]string{
		"default": "", "grid": "strategy: grid\n",
		"random": "strategy: {random: {points: 60, seed: 5}}\n",
		"latin":  "strategy: {latin_hypercube: {points: 60, seed: 5}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			e := newEvaluator(loadText(t, boundedSpace+"objectives: [minimize: cycles, minimize: dsp]\n"+strategy))
			asked := map[int64]bool{}
			for _, index := range e.sweep.strategy().Ask(int(e.sweep.Points())) {
				asked[index] = true
			}
			scouts := newPruner(e, 2).chooseScouts()
			for _, index := range append(scouts, (&pruner{evaluator: e}).sample()...) {
				if !asked[index] {
					t.Errorf("scout %d is not among the points", index)
				}
			}
			if len(scouts) == 0 {
				t.Error("no scouts")
			}
		})
	}
}
