package wiring

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// part is one piece of a branch: an edge and what follows it.
type part struct {
	Depth, Latency int
	Kind           string // register, batch, or nothing at the branch's end
	N              int64
}

// reconvergent is a stream that is copied, sent along branches and joined again.
type reconvergent struct {
	Source, Sink clock.Every
	Beats        int64
	First, Last  part
	Branches     [][]part
	Registered   bool
}

// plan builds it for the time plane.
func (d reconvergent) plan() *pipeline.Plan {
	stream := sched.Stream{Elem: tensor.Int32, Lanes: 1, Rows: 1, Pixels: d.Beats, Beats: 1}
	p := &pipeline.Plan{}
	join := func(from, to pipeline.Port, name string, at part) {
		p.Edges = append(p.Edges, pipeline.Edge{Name: name, From: from, To: to, Depth: at.Depth, Latency: max(1, at.Latency), Stream: stream})
	}
	source := p.Add("", Source{Stream: stream, Pattern: d.Source})
	fork := p.Add("", Fork{Stream: stream, Branches: len(d.Branches)})
	join(pipeline.Port{Node: source}, pipeline.Port{Node: fork}, "in", d.First)
	var ends []pipeline.Port
	var lasts []func(to pipeline.Port)
	for i, b := range d.Branches {
		name, from := fmt.Sprint("branch", i), pipeline.Port{Node: fork, Port: i}
		for j, at := range b[:len(b)-1] {
			var block pipeline.Block = register{stream}
			if at.Kind == "batch" {
				block = batching{at.N, stream}
			}
			node := p.Add(fmt.Sprint("b", i), block)
			join(from, pipeline.Port{Node: node}, name, at)
			name, from = fmt.Sprint("branch", i, ".", j+1), pipeline.Port{Node: node}
		}
		ends = append(ends, from)
		lasts = append(lasts, func(to pipeline.Port) { join(from, to, name, b[len(b)-1]) })
	}
	var merge pipeline.Block = Join{In: slices.Repeat([]sched.Stream{stream}, len(ends)), Out: stream}
	if d.Registered {
		merge = registeredJoin{merge.(Join)}
	}
	j := p.Add("", merge)
	for i, last := range lasts {
		last(pipeline.Port{Node: j, Port: i})
	}
	sink := p.Add("", Sink{Stream: stream, Pattern: d.Sink})
	join(pipeline.Port{Node: j}, pipeline.Port{Node: sink}, "out", d.Last)
	if err := p.Check(); err != nil {
		panic(err)
	}
	return p
}

// edges are the names of the edges in the order in which stepped makes them.
func (d reconvergent) edges() []string {
	names := []string{"in"}
	for i := range d.Branches {
		names = append(names, fmt.Sprint("branch", i))
	}
	for i, b := range d.Branches {
		for j := range b[:len(b)-1] {
			names = append(names, fmt.Sprint("branch", i, ".", j+1))
		}
	}
	return append(names, "out")
}

// register is a register stage as a block.
type register struct{ stream sched.Stream }

func (register) Kind() string { return "register" }
func (r register) Streams() (in, out []sched.Stream) {
	return []sched.Stream{r.stream}, []sched.Stream{r.stream}
}
func (register) Needs(out []int64) []int64   { return out }
func (register) Check() error                { return nil }
func (register) AppendKey(dst []byte) []byte { return dst }
func (r register) Process(at clock.Ports) clock.Process {
	return NewRegister(at, "register", r.stream.Frame())
}

// registeredJoin is a join behind which a register stands.
type registeredJoin struct{ Join }

func (j registeredJoin) Process(at clock.Ports) clock.Process {
	return NewRegister(at, "join", j.Out.Frame())
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
			f = &stepFIFO{in: from, out: to, depth: p.Depth, latency: clock.Cycle(p.Latency)}
			n.add(f, []int{from}, []int{to})
		}
		ends, fifos = append(ends, to), append(fifos, f)
		return from, to
	}
	every := func(e clock.Every) func(clock.Cycle) bool {
		return func(t clock.Cycle) bool { return t%e.N == e.Phase }
	}
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
	gate := func(name string) clock.Every {
		n := rapid.Int64Range(1, 4).Draw(t, name)
		return clock.Every{N: clock.Cycle(n), Phase: clock.Cycle(rapid.Int64Range(0, n-1).Draw(t, name+" phase"))}
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
		r, err := clock.Solve(d.plan(), clock.Options{Frames: 1, Record: true})
		if (err == nil) != finished {
			t.Fatalf("stepping finishes: %v; solving: %v", finished, err)
		}
		if err != nil {
			return
		}
		for i, name := range d.edges() {
			at := slices.IndexFunc(r.Edges, func(e clock.EdgeUse) bool { return e.Name == name })
			e := r.Records[at]
			checkUse(t, r.Edges[at], fifos[i])
			var got []clock.Cycle
			for _, s := range e.Out.Spans {
				for at := s.First; at <= s.Last; at++ {
					got = append(got, at)
				}
			}
			if diff := cmp.Diff(n.moves[ends[i]], got); diff != "" {
				t.Fatalf("edge %s: handshakes differ (-stepped +solved):\n%s", e.Name, diff)
			}
		}
		for _, s := range r.Stages {
			if s.Total() != int64(r.Total) {
				t.Fatalf("stage %s accounts for %d of %d cycles", s.Name, s.Total(), r.Total)
			}
		}
	})
}

func checkUse(t *rapid.T, got clock.EdgeUse, f *stepFIFO) {
	if f == nil {
		return
	}
	want := clock.EdgeUse{Name: got.Name, Depth: f.depth, First: f.begun - 1, Beats: got.Beats, MaxOccupancy: int64(f.most), Full: f.full, Empty: f.empty,
		Waited: got.Waited} // what it is good for, designs that share a simulation are held to
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("use of %s (-stepped +solved):\n%s", got.Name, diff)
	}
}
