package pipeline

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shortcut is a stream whose first branch is one FIFO while the second holds
// n beats back.
func shortcut(depth int, n int64) reconvergent {
	wire := part{}
	return reconvergent{Source: Every{1, 0}, Sink: Every{1, 0}, Beats: 24, First: wire, Last: wire, Registered: true,
		Branches: [][]part{{{Depth: depth, Latency: 1}}, {{Kind: "batch", N: n}, wire}}}
}

func deadlockOf(t testing.TB, g *Graph) *Deadlock {
	t.Helper()
	_, err := g.Run()
	var d *Deadlock
	if !errors.As(err, &d) {
		t.Fatalf("Run: %v, want a deadlock", err)
	}
	return d
}

func TestDeadlockNamesTheLoop(t *testing.T) {
	d := deadlockOf(t, shortcut(3, 8).graph("", 0))
	build := func(edge string, depth int) (*Graph, error) { return shortcut(3, 8).graph(edge, depth), nil }
	if err := d.Relieve(build); err != nil {
		t.Fatal(err)
	}
	want := &Deadlock{At: 3, Loop: true, Culprit: "branch0", Depth: 3, Enough: 7, Chain: []string{
		"sink waits for a beat on out (empty)",
		"join waits for a beat on branch1.1 (empty)",
		"batch1 waits for a beat on branch1 (empty)",
		"fork waits for room on branch0 (full: 3 of 3)",
	}}
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
	_, err := design.graph("", 0).Run()
	var d *Deadlock
	if !errors.As(err, &d) || d.Culprit == "" {
		return false
	}
	if err := d.Relieve(func(e string, n int) (*Graph, error) { return design.graph(e, n), nil }); err != nil {
		t.Fatal(err)
	}
	want := 0
	for depth := d.Depth; depth <= int(design.Beats)+1 && want == 0; depth++ {
		if _, err := design.graph(d.Culprit, depth).Run(); err == nil {
			want = depth
		}
	}
	if d.Enough != want {
		t.Fatalf("%s: enough %d, by trying %d", d.Culprit, d.Enough, want)
	}
	return true
}

// TestNoDepthFrees is a deadlock that a deeper FIFO does not cure: the stream
// ends before the batch is full.
func TestNoDepthFrees(t *testing.T) {
	d := deadlockOf(t, shortcut(3, 40).graph("", 0))
	if err := d.Relieve(func(e string, n int) (*Graph, error) { return shortcut(3, 40).graph(e, n), nil }); err != nil {
		t.Fatal(err)
	}
	if d.Enough != 0 || !strings.Contains(d.Error(), "no depth of it alone frees the design") {
		t.Errorf("enough %d: %s", d.Enough, d)
	}
}

func TestDeadlockEndsAtShutGate(t *testing.T) {
	for _, c := range []struct {
		name         string
		source, sink Gate
		want         string
	}{
		{"source", List{Cycles: []Cycle{0, 5}}, Always{}, "source: its pattern never opens again"},
		{"sink", Always{}, List{Cycles: []Cycle{0, 5}}, "sink: its pattern never opens again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewGraph()
			e := g.NewEdge(EdgeSpec{Name: "wire"})
			NewSource(g, e, c.source, 3, 1)
			NewSink(g, e, c.sink, 3, 1)
			d := deadlockOf(t, g)
			if last := d.Chain[len(d.Chain)-1]; last != c.want || d.Loop || d.At != 5 {
				t.Errorf("loop %v, at %d, chain ends %q, want %q", d.Loop, d.At, last, c.want)
			}
		})
	}
}

func TestDeadlockWhenTooFewBeatsAreMade(t *testing.T) {
	g := NewGraph()
	e := g.NewEdge(EdgeSpec{Name: "wire"})
	NewSource(g, e, Always{}, 3, 1)
	NewSink(g, e, Always{}, 4, 1)
	d := deadlockOf(t, g)
	if want := "source has finished: it makes fewer beats than are waited for"; d.Chain[len(d.Chain)-1] != want {
		t.Errorf("chain %q, want it to end %q", d.Chain, want)
	}
}

func TestLeftoverBeats(t *testing.T) {
	for depth, want := range map[int]int64{0: 1, 1: 2, 4: 2} { // of the two surplus beats a wire shows one
		g := NewGraph()
		e := g.NewEdge(EdgeSpec{Name: "edge", Depth: depth})
		NewSource(g, e, Always{}, 5, 1)
		NewSink(g, e, Always{}, 3, 1)
		_, err := g.Run()
		var l *Leftover
		if !errors.As(err, &l) || l.Edge != "edge" || l.Beats != want {
			t.Errorf("depth %d: %v, want %d beats left over", depth, err, want)
		}
	}
}
