package clock_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/pipeline/clock"
)

// spelt writes a history out: a letter a cycle.
func spelt(t *testing.T, runs []clock.Run) []byte {
	t.Helper()
	var out []byte
	for _, r := range runs {
		if r.Mix != nil {
			t.Fatalf("a stretch of %d cycles lost its order", r.Cycles)
		}
		for range r.Times {
			from := len(out)
			if r.Of != nil {
				out = append(out, spelt(t, r.Of)...)
			} else {
				for range r.Cycles {
					out = append(out, "bsxto."[r.Cause])
				}
			}
			if n := len(out) - from; n != int(r.Cycles) {
				t.Fatalf("a run of %d cycles is said to have %d", n, r.Cycles)
			}
		}
	}
	return out
}

// shares sums a history up.
func shares(runs []clock.Run) (sum clock.Shares) {
	for i := range runs {
		for c, n := range runs[i].Shares() {
			sum[c] += n
		}
	}
	return sum
}

// TestHistories: what every stage did in every cycle is the same with and without
// skipping, and sums to the account of the stage; beats pass edges when the record
// says.
func TestHistories(t *testing.T) {
	t.Parallel()
	for _, d := range recurring(t) {
		t.Run(d.name, func(t *testing.T) {
			every := d.solve(t, clock.Options{EveryBeat: true, Histories: 1 << 20})
			got := d.solve(t, clock.Options{Histories: 1 << 20})
			if got.Skipped == 0 {
				t.Error("nothing was skipped")
			}
			for i, s := range got.Stages {
				if sum := shares(got.Histories[i].Runs); sum != s.Cycles {
					t.Errorf("%s: the history has %v cycles, the account %v", s.Name, sum, s.Cycles)
				}
				want, now := spelt(t, every.Histories[i].Runs), spelt(t, got.Histories[i].Runs)
				if diff := cmp.Diff(string(want), string(now)); diff != "" || len(now) != int(got.Total) {
					t.Errorf("%s, %d of %d cycles (-every beat +fast-forward):\n%s", s.Name, len(now), got.Total, diff)
				}
			}
			passing(t, d, got)
		})
	}
}

// passing compares the histories of edges with a record of every handshake.
func passing(t *testing.T, d repeats, got *clock.Result) {
	record := d.solve(t, clock.Options{Record: true})
	for i, r := range record.Records {
		for _, end := range []struct {
			name string
			want *clock.Trace
			got  *clock.History
		}{{"in", r.In, got.Passing[i].In}, {"out", r.Out, got.Passing[i].Out}} {
			at := clock.Cycle(0)
			n := int64(0)
			for _, b := range spelt(t, end.got.Runs) {
				if b == 'b' {
					if want := end.want.Nth(n); want != at {
						t.Fatalf("%s: beat %d goes %s in cycle %d, want %d", r.Name, n, end.name, at, want)
					}
					n++
				}
				at++
			}
			if n != end.want.Len() {
				t.Errorf("%s: %d beats go %s, want %d", r.Name, n, end.name, end.want.Len())
			}
		}
	}
}

// TestCoarseHistories: a history that may hold few runs gives up the order within
// short stretches, never a cycle.
func TestCoarseHistories(t *testing.T) {
	t.Parallel()
	for _, d := range recurring(t) {
		t.Run(d.name, func(t *testing.T) {
			for _, o := range []clock.Options{{Histories: 12}, {Histories: 12, EveryBeat: true}} {
				r := d.solve(t, o)
				for i, s := range r.Stages {
					h := r.Histories[i]
					if sum := shares(h.Runs); sum != s.Cycles {
						t.Errorf("%s: the history has %v cycles, the account %v", s.Name, sum, s.Cycles)
					}
					if n := size(h.Runs); n > 12 {
						t.Errorf("%s: %d runs", s.Name, n)
					}
				}
			}
		})
	}
}

// size counts runs and those within them.
func size(runs []clock.Run) int {
	n := len(runs)
	for _, r := range runs {
		n += size(r.Of)
	}
	return n
}
