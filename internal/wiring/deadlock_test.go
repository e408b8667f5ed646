package wiring

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// shortcut is a stream whose first branch is one FIFO while the second holds
// n beats back.
func shortcut(depth int, n int64) reconvergent {
	wire := part{}
	return reconvergent{Source: clock.Every{N: 1}, Sink: clock.Every{N: 1}, Beats: 24, First: wire, Last: wire, Registered: true,
		Branches: [][]part{{{Depth: depth, Latency: 1}}, {{Kind: "batch", N: n}, wire}}}
}

func deadlockOf(t testing.TB, p *pipeline.Plan) *clock.Deadlock {
	t.Helper()
	_, err := clock.Solve(p, clock.Options{Frames: 1})
	var d *clock.Deadlock
	if !errors.As(err, &d) {
		t.Fatalf("%v, want a deadlock", err)
	}
	return d
}

// relieve fills in what frees a deadlock.
func relieve(t rapid.TB, p *pipeline.Plan, d *clock.Deadlock) {
	t.Helper()
	var err error
	if d.Relief, err = clock.Relieve(p, clock.Options{Frames: 1}, d); err != nil {
		t.Fatal(err)
	}
}

func TestDeadlockNamesTheLoop(t *testing.T) {
	p := shortcut(3, 8).plan()
	d := deadlockOf(t, p)
	if !strings.HasSuffix(d.Error(), "FIFO branch0 (depth 3) is full in this loop") {
		t.Errorf("before anything was tried: %s", d)
	}
	relieve(t, p, d)
	want := &clock.Deadlock{At: 3, Loop: true, Culprit: "branch0", Depth: 3, Relief: &clock.Relief{Edge: "branch0", Was: 3, Depth: 7}, Chain: []string{
		"sink waits for a beat on out (empty)",
		"join waits for a beat on branch1.1 (empty)",
		"b1.batch waits for a beat on branch1 (empty)",
		"fork waits for room on branch0 (full: 3 of 3)",
	}}
	if s := d.Stopped; s == nil || s.Edges[2].Beats != 0 || s.Edges[2].MaxOccupancy != 3 || s.Edges[0].Beats != 3 {
		t.Errorf("stopped with %+v, want three beats in the FIFO beside the batch", s)
	}
	want.Stopped = d.Stopped
	want.Waits = []clock.Waiting{
		{Stage: "sink", Node: 4, For: "beat", Edge: "out"},
		{Stage: "join", Node: 3, For: "beat", Edge: "branch1.1", Loop: true},
		{Stage: "b1.batch", Node: 2, For: "beat", Edge: "branch1", Loop: true},
		{Stage: "fork", Node: 1, For: "room", Edge: "branch0", Fill: 3, Depth: 3, Loop: true},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, part := range []string{"after cycle 3", "\n  fork waits for room on branch0", "depth 7 frees it"} {
		if !strings.Contains(d.Error(), part) {
			t.Errorf("message lacks %q:\n%s", part, d)
		}
	}
}

// TestRelieveFindsTheSmallestDepth compares the search with trying every depth,
// on shortcuts, which all deadlock, and on random designs, of which some do.
func TestRelieveFindsTheSmallestDepth(t *testing.T) {
	t.Parallel()
	for depth := 1; depth <= 4; depth++ {
		for n := int64(depth) + 3; n <= 12; n++ {
			if !relieved(t, shortcut(depth, n)) {
				t.Errorf("a shortcut of depth %d past %d beats does not deadlock on a FIFO", depth, n)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) { relieved(t, drawReconvergent(t)) })
}

// relieved reports whether the design deadlocks on a FIFO, and checks the depth
// that frees it.
func relieved(t rapid.TB, design reconvergent) bool {
	p := design.plan()
	_, err := clock.Solve(p, clock.Options{Frames: 1})
	var d *clock.Deadlock
	if !errors.As(err, &d) || d.Culprit == "" {
		return false
	}
	relieve(t, p, d)
	ends := func(p *pipeline.Plan) bool {
		_, err := clock.Solve(p, clock.Options{Frames: 1})
		return err == nil
	}
	least := 0 // beats more of any one edge
	for _, w := range d.Waits {
		for depth := int(w.Depth) + 1; w.Loop && w.For == "room" && depth <= int(design.Beats)+1; depth++ {
			if more := depth - int(w.Depth); ends(p.WithDepth(w.Edge, depth)) && (least == 0 || more < least) {
				least = more
			}
		}
	}
	all := append([]clock.Relief{*d.Relief}, d.Relief.Also...)
	switch r := all[0]; {
	case len(all) == 1 && r.Depth == 0 && least == 0:
	case len(all) == 1 && r.Depth-r.Was != least:
		t.Fatalf("%s: %d beats more, by trying %d", r.Edge, r.Depth-r.Was, least)
	case len(all) > 1 && least > 0:
		t.Fatalf("%d FIFOs, where %d beats more of one do", len(all), least)
	}
	checkTogether(t, p, all, ends)
	return true
}

// checkTogether holds that depths free a plan, and that one less of any does not.
func checkTogether(t rapid.TB, p *pipeline.Plan, all []clock.Relief, ends func(*pipeline.Plan) bool) {
	if all[0].Depth == 0 {
		return
	}
	for less := -1; less < len(all); less++ {
		q := p
		for i, r := range all {
			depth := r.Depth
			if i == less {
				depth--
			}
			q = q.WithDepth(r.Edge, depth)
		}
		if ends(q) != (less < 0) {
			t.Fatalf("%+v, one less of number %d: ends %t", all, less, ends(q))
		}
	}
}

// TestNoDepthFrees is a deadlock that a deeper FIFO does not cure: the stream
// ends before the batch is full.
func TestNoDepthFrees(t *testing.T) {
	p := shortcut(3, 40).plan()
	d := deadlockOf(t, p)
	relieve(t, p, d)
	if d.Relief.Depth != 0 || !strings.Contains(d.Error(), "no depth of it alone frees the design") {
		t.Errorf("enough %d: %s", d.Relief.Depth, d)
	}
}

// ends joins a source of some beats to a sink of others, which a plan's check
// would refuse.
func ends(source, sink clock.Pattern, beats, wanted int64, depth int) *pipeline.Plan {
	stream := func(n int64) sched.Stream {
		return sched.Stream{Elem: tensor.Int8, Lanes: 1, Rows: 1, Pixels: n, Beats: 1}
	}
	p := &pipeline.Plan{}
	p.Add("", Source{Stream: stream(beats), Pattern: source})
	p.Add("", Sink{Stream: stream(wanted), Pattern: sink})
	p.Join(pipeline.Port{Node: 0}, pipeline.Port{Node: 1})
	p.Edges[0].Name, p.Edges[0].Depth = "edge", depth
	return p
}

func TestDeadlockEndsAtShutGate(t *testing.T) {
	for _, c := range []struct {
		name         string
		source, sink clock.Pattern
		want         string
	}{
		{"source", clock.List{Cycles: []clock.Cycle{0, 5}}, clock.Always{}, "source: its pattern never opens again"},
		{"sink", clock.Always{}, clock.List{Cycles: []clock.Cycle{0, 5}}, "sink: its pattern never opens again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := deadlockOf(t, ends(c.source, c.sink, 3, 3, 0))
			if last := d.Chain[len(d.Chain)-1]; last != c.want || d.Loop || d.At != 5 {
				t.Errorf("loop %v, at %d, chain ends %q, want %q", d.Loop, d.At, last, c.want)
			}
		})
	}
}

func TestDeadlockWhenTooFewBeatsAreMade(t *testing.T) {
	d := deadlockOf(t, ends(clock.Always{}, clock.Always{}, 3, 4, 0))
	if want := "source has finished: it makes fewer beats than are waited for"; d.Chain[len(d.Chain)-1] != want {
		t.Errorf("chain %q, want it to end %q", d.Chain, want)
	}
}

func TestLeftoverBeats(t *testing.T) {
	for depth, want := range map[int]int64{0: 1, 1: 2, 4: 2} { // of the two surplus beats a wire shows one
		_, err := clock.Solve(ends(clock.Always{}, clock.Always{}, 5, 3, depth), clock.Options{Frames: 1})
		var l *clock.Leftover
		if !errors.As(err, &l) || l.Edge != "edge" || l.Beats != want {
			t.Errorf("depth %d: %v, want %d beats left over", depth, err, want)
		}
	}
}
