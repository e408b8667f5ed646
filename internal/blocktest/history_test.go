package blocktest

import (
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/pipeline/clock"
)

// TestHistoriesOfBlocks: what each stage does in each cycle, told with periods
// skipped, is what the simulator sees that steps every cycle.
func TestHistoriesOfBlocks(t *testing.T) {
	t.Parallel()
	var skipped atomic.Int64
	t.Cleanup(func() {
		if skipped.Load() == 0 {
			t.Error("no machine skipped a period")
		}
	})
	eachAlone(t, 60, func(t *testing.T, k Kind, m machine) {
		if k.Unstepped {
			return
		}
		m.frames *= 3
		r, dead := m.solve(t, clock.Options{Histories: 1 << 20})
		if dead != nil {
			return
		}
		g := Stepped(m.Plan, m.frames)
		g.Timelines = true
		o, err := g.Run(mostCycles)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range o.Stages {
			var want []byte
			for _, name := range p.Timeline {
				want = append(want, letters[name])
			}
			if diff := cmp.Diff(string(want), string(spelt(r.Histories[i].Runs))); diff != "" {
				t.Fatalf("%s, stage %s, %d frames (-stepped +solved):\n%s\n%+v", m.name, p.Name, m.frames, diff, m.Plan)
			}
		}
		if r.Skipped > 0 {
			skipped.Add(1)
		}
	})
}

// letters stand for what a stage does.
const letters = "bsxto."

// spelt writes a history out: a letter a cycle.
func spelt(runs []clock.Run) (out []byte) {
	for _, r := range runs {
		for range r.Times {
			if r.Of != nil {
				out = append(out, spelt(r.Of)...)
				continue
			}
			for range r.Cycles {
				out = append(out, letters[r.Cause])
			}
		}
	}
	return out
}
