package pipeline

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// part is one piece of a branch: an edge and what follows it.
type part struct {
	Depth, Latency int
	Kind           string // register, batch, or nothing at the branch's end
	N              int64
}

// reconvergent is a stream that is copied, sent along branches and joined again.
type reconvergent struct {
	Source, Sink Every
	Beats        int64
	First, Last  part
	Branches     [][]part
	Registered   bool
}

// graph builds it for the time plane, with one FIFO's depth replaced.
func (d reconvergent) graph(edge string, depth int) *Graph {
	g := NewGraph()
	add := func(name string, p part) *Edge {
		s := EdgeSpec{Name: name, Depth: p.Depth, Latency: p.Latency, Units: Units{1, 1, 1}}
		if name == edge {
			s.Depth = depth
		}
		return g.NewEdge(s)
	}
	in := add("in", d.First)
	NewSource(g, in, d.Source, d.Beats, 1)
	starts, ends := make([]*Edge, len(d.Branches)), make([]*Edge, len(d.Branches))
	for i, b := range d.Branches {
		starts[i] = add(fmt.Sprint("branch", i), b[0])
	}
	NewFork(g, "fork", in, starts, d.Beats)
	for i, b := range d.Branches {
		at := starts[i]
		for j, p := range b[:len(b)-1] {
			next := add(fmt.Sprint("branch", i, ".", j+1), b[j+1])
			if p.Kind == "batch" {
				newBatch(g, fmt.Sprint("batch", i), at, next, p.N, d.Beats)
			} else {
				NewRegister(g, fmt.Sprint("register", i), at, next, d.Beats)
			}
			at = next
		}
		ends[i] = at
	}
	out := add("out", d.Last)
	NewJoin(g, "join", ends, out, d.Beats, d.Registered)
	NewSink(g, out, d.Sink, d.Beats, 1)
	return g
}

// stepped builds the same for the naive network: its channels in the order of
// the graph's edges, at the consumer's end, and the FIFOs.
func (d reconvergent) stepped() (*stepNet, []int, []*stepFIFO) {
	n := &stepNet{}
	var ends []int
	var fifos []*stepFIFO
	edge := func(p part) (from, to int) {
		from = n.channel()
		to = from
		var f *stepFIFO
		if p.Depth > 0 {
			to = n.channel()
			f = &stepFIFO{in: from, out: to, depth: p.Depth, latency: Cycle(p.Latency)}
			n.add(f, []int{from}, []int{to})
		}
		ends, fifos = append(ends, to), append(fifos, f)
		return from, to
	}
	every := func(e Every) func(Cycle) bool { return func(t Cycle) bool { return t%e.N == e.Phase } }
	from, to := edge(d.First)
	n.add(&stepSource{out: from, open: every(d.Source), left: d.Beats}, nil, []int{from})
	fork := &stepFork{in: to, done: make([]bool, len(d.Branches))}
	starts := make([]int, len(d.Branches))
	for i, b := range d.Branches {
		f, t := edge(b[0])
		fork.out, starts[i] = append(fork.out, f), t
	}
	n.add(fork, []int{to}, fork.out)
	join := &stepJoin{registered: d.Registered}
	for i, b := range d.Branches {
		at := starts[i]
		for j, p := range b[:len(b)-1] {
			f, t := edge(b[j+1])
			var s stepper = &stepRegister{in: at, out: f}
			if p.Kind == "batch" {
				s = &stepBatch{in: at, out: f, n: p.N}
			}
			n.add(s, []int{at}, []int{f})
			at = t
		}
		join.in = append(join.in, at)
	}
	from, to = edge(d.Last)
	join.out = from
	n.add(join, join.in, []int{from})
	n.add(&stepSink{open: every(d.Sink)}, []int{to}, nil)
	return n, ends, fifos
}

func drawReconvergent(t *rapid.T) reconvergent {
	gate := func(name string) Every {
		n := rapid.Int64Range(1, 4).Draw(t, name)
		return Every{Cycle(n), Cycle(rapid.Int64Range(0, n-1).Draw(t, name+" phase"))}
	}
	kinds := rapid.SampledFrom([]string{"register", "register", "batch"})
	piece := rapid.Custom(func(t *rapid.T) part {
		return part{Depth: rapid.IntRange(0, 4).Draw(t, "depth"), Latency: rapid.IntRange(1, 3).Draw(t, "latency"),
			Kind: kinds.Draw(t, "kind"), N: rapid.SampledFrom([]int64{1, 2, 3, 4, 6}).Draw(t, "n")}
	})
	return reconvergent{Source: gate("source"), Sink: gate("sink"), Beats: 12 * rapid.Int64Range(1, 3).Draw(t, "beats"),
		First: piece.Draw(t, "first"), Last: piece.Draw(t, "last"), Registered: rapid.Bool().Draw(t, "registered"),
		Branches: rapid.SliceOfN(rapid.SliceOfN(piece, 1, 3), 1, 3).Draw(t, "branches")}
}

// TestReconvergentEqualsStepping holds forks, joins, registers, edges and their
// statistics to the naive network, deadlocks included.
func TestReconvergentEqualsStepping(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawReconvergent(t)
		n, ends, fifos := d.stepped()
		finished := n.run(ends[len(ends)-1], d.Beats, 100)
		g := d.graph("", 0)
		traces := g.Trace()
		r, err := g.Run()
		if (err == nil) != finished {
			t.Fatalf("stepping finishes: %v; solving: %v", finished, err)
		}
		for i, e := range traces {
			if err == nil {
				checkUse(t, r.Edges[i], fifos[i])
			}
			var got []Cycle
			for _, s := range e.Out.Spans {
				for at := s.First; at <= s.Last; at++ {
					got = append(got, at)
				}
			}
			if diff := cmp.Diff(n.moves[ends[i]], got); diff != "" {
				t.Fatalf("edge %s: handshakes differ (-stepped +solved):\n%s", e.Name, diff)
			}
		}
		if err != nil {
			return
		}
		for _, s := range r.Stages {
			if s.Total() != int64(r.Total) {
				t.Fatalf("stage %s accounts for %d of %d cycles", s.Name, s.Total(), r.Total)
			}
		}
	})
}

func checkUse(t *rapid.T, got EdgeUse, f *stepFIFO) {
	if f == nil {
		return
	}
	want := EdgeUse{Name: got.Name, Depth: f.depth, Beats: got.Beats, MaxOccupancy: int64(f.most), Full: f.full, Empty: f.empty}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("use of %s (-stepped +solved):\n%s", got.Name, diff)
	}
}
