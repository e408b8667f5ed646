package clock_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/pipeline/clock"
)

// followed are the fields that change during a run and that the state leaves
// out, each with what it follows from.
var followed = map[string]string{
	"Edge.sent":                     "beats offered and taken, and the depth",
	"Edge.peak":                     "a maximum: what a skipped period holds at most has been seen",
	"Edge.delayed":                  "nothing: no beat moves by it, and it stays",
	"Edge.waited":                   "nothing: no beat moves by it, and it stays",
	"Source.log.at":                 "beats done",
	"Source.account.last":           "when the last beat left, by the edge",
	"Source.offers":                 "what the edge says of the beat on offer",
	"Source.flows":                  "nothing: whether a row is asked for, which changes no cycle",
	"Source.offer":                  "what the edge says of the beat on offer",
	"Source.log.newest":             "account.last",
	"Reader.Source.log.at":          "beats done",
	"Reader.Source.flows":           "nothing: a reader asks for no rows",
	"Reader.Source.account.last":    "when the last beat left, by the edge",
	"Reader.Source.offer":           "what the edge says of the beat on offer",
	"Reader.Source.log.newest":      "account.last",
	"Reader.turn.at":                "nothing at rest: the beat that was granted has moved",
	"Sink.log.at":                   "beats done",
	"Sink.account.last":             "when the last beat was taken, by the edge",
	"Sink.log.newest":               "account.last",
	"Register.Counted.Account.last": "when the last beat was taken, by the edge",
	"fork.Counted.Account.last":     "when the last beat was taken, by the edge",
	"fork.offered":                  "what the edges say of the beat on offer",
	"joiner.offered":                "what the edges say of the beats on offer",
	"downConverter.converter.give":  "the part at hand, and what waits for the output, by the edge",
	"fork.start":                    "when the beat was offered and the one before taken, by the edge",
	"joiner.Counted.Account.last":   "when the last beats were taken, by the edges",
	"joiner.start":                  "when the beats were offered, by the edges",
	"padder.x":                      "the position",
	"padder.y":                      "the position",
	"padder.shows":                  "the position",
	"padder.till":                   "the position",
	"padder.accepted":               "the position, and whether a beat is held",
	"padder.heldAt":                 "when the last beat was taken, by the edge",
	"buffer.write.frameEnd":         "beats written: the next frame opens when its first one is",
	"buffer.write.account.last":     "when the last beat was taken, by the edge",
	"buffer.free.steps[].upTo":      "nothing at rest: the writing side has used them up, unless it waits for input (linebuffer's frees_test)",
	"buffer.free.steps[].at":        "nothing at rest: the writing side has used them up, unless it waits for input (linebuffer's frees_test)",
	"buffer.free.made":              "nothing: where steps lie in a ring",
	"buffer.free.n":                 "nothing at rest, as free.steps",
	"buffer.free.now.at":            "not after the cycle behind the last write",
	"buffer.read.seen":              "nothing: what Alike is careful by",
	"buffer.read.sure":              "nothing: what is known of arrivals, so that they are looked at once",
	"buffer.read.i":                 "reads done",
	"buffer.read.x":                 "reads done",
	"buffer.read.y":                 "reads done",
	"buffer.read.base":              "reads done",
	"buffer.read.row":               "reads done",
	"buffer.read.below":             "reads done",
	"buffer.read.frame":             "reads done",
	"buffer.read.start":             "reads done",
	"buffer.read.after":             "reads done",
	"shifter.at":                    "windows handed over, by the edge",
	"shifter.offered":               "beats shifted in and the one that is wanted",
	"shifter.read.done":             "windows handed over, all",
	"shifter.write.done":            "beats shifted in, all",
	"shifter.x":                     "windows handed over, by the edge",
	"shifter.y":                     "windows handed over, by the edge",
	"shifter.c":                     "windows handed over, by the edge",
	"shifter.write.last":            "when the last beat was taken, by the edge",
	"shifter.read.last":             "when the last window left, by the edge",
	"cores.results.head":            "results computed and emitted: the oldest that may close the lock",
	"cores.results.emitted":         "beats offered, by the edge",
	"cores.replay.freed":            "beats computed",
	"cores.replay.lastIn":           "when the last beat was taken, by the edge",
}

// follows reports whether a field needs not be shown: that an account is done follows
// from the beats left of whatever it counts, and no beat moves by when a stage last waited.
func follows(path string) bool {
	_, listed := followed[path]
	return listed || strings.HasSuffix(path, "ccount.done") || strings.HasSuffix(path, ".early")
}

// changing lists the paths whose values differ between two boundaries of the
// run; everything else is fixed by the design.
func changing(t *testing.T, d repeats) map[string]bool {
	var before []int64
	out := map[string]bool{}
	g := d.start()
	g.Boundaries(func(clock.Level) bool {
		all := leaves(g)
		now := values(all)
		for i, v := range now {
			if len(before) == len(now) && v != before[i] {
				out[all[i].path] = true
			}
		}
		before = now
		return true
	})
	return out
}

// TestStateIsComplete alters every number and flag that changes during a run,
// at boundary after boundary: the state must tell, or the field must be listed
// with what it follows from.
func TestStateIsComplete(t *testing.T) {
	if testing.Short() {
		t.Skip("it changes every register of many machines, one after the other, in one goroutine")
	}
	t.Parallel()
	changed, seen, missed := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, d := range append(recurring(t), registered(t, 8, 6)...) {
		maps.Copy(changed, changing(t, d))
		n := 0
		g := d.start()
		g.Boundaries(func(clock.Level) bool {
			if n++; n%5 == 0 {
				alter(g, changed, seen, missed)
			}
			return n < 200
		})
	}
	for _, path := range slices.Sorted(maps.Keys(changed)) {
		if !seen[path] && !follows(path) {
			t.Errorf("%s changes, the state does not show it, and it is not listed", path)
		}
		if missed[path] {
			t.Errorf("%s: the state does not show it every time", path)
		}
	}
	for _, d := range registered(t, 1, 30) { // what few machines alter
		maps.Copy(changed, changing(t, d))
	}
	for path := range followed {
		if !changed[path] {
			t.Errorf("%s is listed, yet it never changes", path)
		}
	}
}

// alter changes one leaf after the other and notes which the state shows.
func alter(g *clock.Stepper, changed, seen, missed map[string]bool) {
	want := g.Capture()
	all := leaves(g)
	kept := values(all)
	for i, l := range all {
		if !changed[l.path] || follows(l.path) || seen[l.path] && !l.count() {
			continue
		}
		l.set(kept[i] ^ 1)
		if !same(g, want) {
			seen[l.path] = true
		} else if l.count() {
			missed[l.path] = true
		}
		restore(all, kept)
	}
}

// TestWhatTheStateLeavesOutDoesNotMatter alters times at a boundary. Where
// the state does not show it, the rest of the run must not either.
func TestWhatTheStateLeavesOutDoesNotMatter(t *testing.T) {
	t.Parallel()
	for _, d := range append(recurring(t), registered(t, 1, 2)...) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			changed := changing(t, d)
			want := d.solve(t, clock.Options{EveryBeat: true})
			want.Period = clock.Period{} // nobody looks for it in a run that was stopped
			for _, at := range []int{4, 13, 33} {
				for _, h := range hidden(stopAt(t, d, at), changed) {
					g := stopAt(t, d, at)
					h.apply(leaves(g))
					got, err := g.Finish()
					if err != nil || !cmp.Equal(want, got) {
						t.Errorf("boundary %d, %s %+d: the state is the same, but not the run (%v)", at, h.path, h.by, err)
					}
				}
			}
		})
	}
}

// alteration moves one time.
type alteration struct {
	path  string
	index int
	by    int64
}

func (a alteration) apply(all []leaf) { all[a.index].set(all[a.index].get() + a.by) }

// stopAt runs a fresh graph to a boundary.
func stopAt(t *testing.T, d repeats, at int) *clock.Stepper {
	g := d.start()
	g.Boundaries(func(clock.Level) bool {
		at--
		return at > 0
	})
	g.Capture() // brings what is compared into its one form
	return g
}

// hidden lists alterations of times that the state does not show, a few of each path.
func hidden(g *clock.Stepper, changed map[string]bool) []alteration {
	want := g.Capture()
	all := leaves(g)
	kept := values(all)
	var out []alteration
	type place struct {
		part int
		path string
	}
	tried := map[place]int{}
	for i, l := range all {
		if follows(l.path) || !changed[l.path] || tried[place{l.part, l.path}] > 3 || l.at.Type() != reflect.TypeFor[clock.Cycle]() {
			continue
		}
		for _, by := range []int64{-3, 1} {
			a := alteration{l.path, i, by}
			a.apply(all)
			if same(g, want) {
				out = append(out, a)
				tried[place{l.part, l.path}]++
			}
			restore(all, kept)
		}
	}
	return out
}

// same captures the state again; one that cannot be captured differs.
func same(g *clock.Stepper, want *clock.Registers) (equal bool) {
	defer func() {
		if recover() != nil {
			equal = false
		}
	}()
	return g.Capture().Same(want)
}
