package clock_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestRecurringDesignsForward: whole runs are the same with and without skipping.
func TestRecurringDesignsForward(t *testing.T) {
	t.Parallel()
	for _, d := range recurring(t) {
		t.Run(d.name, func(t *testing.T) {
			want := d.solve(t, clock.Options{EveryBeat: true})
			got := d.solve(t, clock.Options{})
			if got.Skipped == 0 && !clock.Cut(d.plan) {
				t.Error("nothing was skipped")
			}
			got.Skipped = 0
			if diff := compare.Diff(want, got); diff != "" {
				t.Errorf("(-every beat +fast-forward):\n%s", diff)
			}
		})
	}
}

// TestRecordTurnsSkippingOff: a record wants every handshake.
func TestRecordTurnsSkippingOff(t *testing.T) {
	d := recurring(t)[0]
	want, got := d.solve(t, clock.Options{EveryBeat: true, Record: true}), d.solve(t, clock.Options{Record: true})
	if got.Skipped > 0 || len(got.Records) != len(d.plan.Edges) {
		t.Errorf("skipped %d cycles, %d records", got.Skipped, len(got.Records))
	}
	if diff := compare.Diff(want, got); diff != "" {
		t.Errorf("(-every beat +fast-forward):\n%s", diff)
	}
}

// TestSkippingEqualsSimulating skips one period and compares every number with
// a graph that simulated it.
func TestSkippingEqualsSimulating(t *testing.T) {
	t.Parallel()
	levels := map[clock.Level]int{}
	for _, d := range recurring(t) {
		t.Run(d.name, func(t *testing.T) {
			n := 0
			for range 12 {
				level, ok := skipOnce(t, d, &n)
				if !ok {
					break
				}
				levels[level]++
			}
			if n == 0 {
				t.Error("nothing recurs")
			}
		})
	}
	for _, l := range []clock.Level{clock.Pixel, clock.Row, clock.Frame} {
		if levels[l] == 0 {
			t.Errorf("nothing recurs at level %d", l)
		}
	}
}

// skipOnce finds the first recurrence after boundary number *from, skips it and
// compares.
func skipOnce(t *testing.T, d repeats, from *int) (clock.Level, bool) {
	var past [clock.Frame + 1][]*clock.Registers
	var skipped *clock.Registers
	var found clock.Level
	g := d.start()
	n := 0
	g.Boundaries(func(level clock.Level) bool {
		n++
		for l := range level {
			past[l] = nil
		}
		now := g.Capture()
		if n > *from {
			for _, old := range slices.Backward(past[level]) {
				if g.SkipOne(old, now) {
					skipped, found = g.Capture(), level
					return false
				}
			}
		}
		past[level] = append(past[level], now)
		return true
	})
	if skipped == nil {
		return 0, false
	}
	*from = n + n/4
	other := d.start()
	var simulated *clock.Registers
	other.Boundaries(func(level clock.Level) bool {
		now := other.Capture()
		if level == found && now.Base() == skipped.Base() {
			simulated = now
			return false
		}
		return true
	})
	if simulated == nil {
		t.Fatal("simulating does not reach the boundary that was skipped to")
	}
	if !skipped.Same(simulated) {
		t.Errorf("level %d: the state skipped to differs from the one simulated", found)
	}
	compareLeaves(t, leaves(g), leaves(other))
	return found, true
}

// relative are the fields compared through the state only: rings and positions
// in them, which a skip leaves where they are; and what was written before the newest
// read, in the order of advancing, which says no more than that nothing was read since.
var relative = []string{"Edge.", "buffer.arrival", "buffer.shifted", "buffer.free.", "buffer.read.seen", "cores.results.", "cores.replay."}

func compareLeaves(t *testing.T, skipped, simulated []leaf) {
	t.Helper()
	index := func(all []leaf) map[string][]int64 {
		out := map[string][]int64{}
		for _, l := range all {
			if !slices.ContainsFunc(relative, func(p string) bool { return strings.HasPrefix(l.path, p) }) {
				out[l.path] = append(out[l.path], l.get())
			}
		}
		return out
	}
	want, got := index(simulated), index(skipped)
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(want[path], got[path]) {
			t.Errorf("%s = %v after skipping, %v after simulating", path, fmt.Sprint(got[path]), fmt.Sprint(want[path]))
		}
	}
}
