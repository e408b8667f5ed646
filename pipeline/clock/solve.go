package clock

import (
	"context"
	"fmt"

	"github.com/convsim/convsim/pipeline"
)

// Options say how a plan is solved.
type Options struct {
	Frames    int64  // in a row, at least 1
	EveryBeat bool   // no fast-forward
	Record    bool   // keep every handshake; implies EveryBeat
	Single    bool   // every beat moves by itself, what rows of beats are held to
	Histories int    // most runs of each history that is kept; 0: none
	Tapes     *Tapes // nil: none
	Enough    int64  // of Recur: the ends of so many frames and the mean interval are all that is asked for; 0: more is
	// Until ends a run of Recur at an end of a frame: it is given the ends of the frames that
	// every sink has taken yet, which are not to be kept. nil: only a period ends it.
	Until    func(ends [][]Cycle) bool
	Drain    bool // the run ends when the last beat has left the sources, too
	Done     <-chan struct{}
	Progress func(done, total int64) // called now and then with the beats the sinks have taken; nil for none
	Midway   func(held []int64)      // called when they have taken half, with the most beats each edge held so far; nil for none
	Work     *Workspace              // nil: a new one
}

// Result is what the time plane found out.
type Result struct {
	Total   Cycle // cycles up to and with the last output
	Stages  []StageCycles
	Edges   []EdgeUse
	Sources [][]FrameTimes // per source, per frame
	Sinks   [][]FrameTimes
	Skipped int64        // cycles that fast-forward did not have to simulate
	Period  Period       // of the state of the whole plan, as far as it was found
	Records []EdgeRecord // per edge, if wanted

	Histories []*History // per stage, if wanted
	Passing   []*Passing // per edge, if histories are wanted
	Tapes     *Recording // if wanted
}

// Solve finds the cycle in which every beat of a plan moves. A plan that cannot
// finish is a *Deadlock error, beats left behind are a *Leftover error; once
// Done is closed the error is context.Canceled. The plan must be one that its
// Check finds in order.
func Solve(p *pipeline.Plan, o Options) (*Result, error) {
	s, err := newSolver(p, o)
	if err != nil {
		return nil, err
	}
	s.approach()
	if isClosed(o.Done) { // what waits then may have all that it waits for: that is no deadlock
		return nil, context.Canceled
	}
	r, err := s.finish()
	if isClosed(o.Done) {
		return nil, context.Canceled
	}
	s.keep()
	return r, err
}

// Ordered reports whether beats wait for none behind them: in a chain whose last outputs
// need something of every frame, the first frames of a long run leave as all of a short one.
func Ordered(p *pipeline.Plan, needs []int64) bool {
	chain := !Shared(p)
	for i, e := range p.Edges {
		chain = chain && e.From.Port == 0 && e.To.Port == 0 && needs[i] > 0
	}
	return chain
}

// waker marks a process as having something new to look at.
type waker struct {
	word *uint64
	bit  uint64
}

func (w waker) wake() { *w.word |= w.bit }

// solver is a plan on its way through time.
type solver struct {
	procs    []node
	edges    []Edge
	sources  []*Source
	sinks    []*Sink
	accounts []*Account
	owners   []int // of the accounts: numbers of nodes
	dirty    []uint64
	forward  *forwarder // nil: every beat is simulated
	segments *segments  // nil: none
	drives   int        // the process at whose loops states are compared, see driver
	leads    bool       // others have loops, too
	many     bool       // frames, of which some may be alike
	horizon  Cycle      // nothing moves from here on; Never while that is not known
	refused  Cycle      // by a port, see Account
	held     bool       // beats may be held back by the limit of an edge: ports grant nothing
	records  []EdgeRecord
	tapes    *Recording // nil: none are kept
	play     func(*Recording, Cycle)

	histories  []*History // of stages, if wanted
	passing    []*Passing // of edges
	remembered []*History // of all tapes, in their order

	progress func(done, total int64)
	midway   func(held []int64) // nil once it was called, too
	turns    int                // of processes
	drain    bool               // see Options
	asked    bool               // some process is an Asker
	// untilPeriod ends the run when the period is found.
	untilPeriod bool
	until       func(ends [][]Cycle) bool
	ended       bool // by until
	work        *Workspace
	ports       []*port // that ends share, in the order of the plan
	done        <-chan struct{}
}

type node struct {
	Process
	in, out []*Edge
	askers  []int // see findAskers
}

// newSolver builds all processes. The edges hold back what no output needs.
func newSolver(p *pipeline.Plan, o Options) (*solver, error) {
	w := o.Work
	if w == nil {
		w = &Workspace{}
	}
	s := &solver{edges: Take[Edge](w, int64(len(p.Edges))), procs: Take[node](w, int64(len(p.Nodes))), work: w, drain: o.Drain, progress: o.Progress, midway: o.Midway,
		horizon: Never, refused: Never, done: o.Done, dirty: Take[uint64](w, int64(len(p.Nodes)+63)/64),
		accounts: Take[*Account](w, 2*int64(len(p.Nodes)))[:0], owners: Take[int](w, 2*int64(len(p.Nodes)))[:0]}
	for i, n := range p.Needs() {
		e := p.Edges[i]
		frame := e.Stream.Frame()
		limit := (o.Frames-1)*frame + n
		if n == 0 { // nor is the end of the frame before: which beats are needed is not known
			limit = 0
		}
		newEdge(w, &s.edges[i], e, limit, o.Frames*frame)
	}
	if o.Record {
		s.record()
	}
	in, out := p.Wiring()
	repeats, shares := Repeats(p), map[string]*port{}
	s.drives, s.many = driver(p), o.Frames > 2
	for i, n := range p.Nodes {
		timed, ok := n.Block.(Timed)
		if !ok {
			return nil, fmt.Errorf("clock: %s has no time", n.Name())
		}
		ports := Ports{In: s.ends(in[i]), Out: s.ends(out[i]), Frames: o.Frames, layer: n.Layer, Work: s.work, shares: shares,
			Pace: pace(i == s.drives, drives(n.Block), repeats, o.everyBeat())}
		s.leads = s.leads || i != s.drives && ports.Pace != None
		s.add(i, timed.Process(ports), ports, o.Done)
	}
	s.relate(p)
	s.tape(o.Tapes, o.Done)
	s.remember(o.Histories)
	if err := s.findAskers(); err != nil {
		return nil, err
	}
	if !o.Single {
		s.shorten()
		s.findRows()
	}
	if repeats {
		s.forward = w.forwarder(s, o.everyBeat())
		s.forward.findParts()
		s.findSegments()
	}
	return s, nil
}

// relate tells edges who may wait for what they delay, where that can be told.
func (s *solver) relate(p *pipeline.Plan) {
	user := hasty(p)
	for i, e := range p.Edges {
		if e.From.Node < user {
			s.edges[i].user, s.edges[i].last = s.procs[user].Accounts()[0], e.To.Node == user
		}
	}
}

// everyBeat reports whether every beat is to be simulated.
func (o Options) everyBeat() bool { return o.EveryBeat || o.Record }

// pace is at which loops a process stops: the driving one at all, others that have loops
// at rows. When every beat is simulated, states are still compared, frame by frame, to
// find the period.
func pace(first, drives, repeats, everyBeat bool) Level {
	switch {
	case !repeats, !first && (!drives || everyBeat):
		return None
	case !first:
		return Row
	case everyBeat:
		return Frame
	}
	return Vector
}

// Repeats reports whether the pattern at every end ever repeats itself.
func Repeats(p *pipeline.Plan) bool {
	for _, n := range p.Nodes {
		if end, ok := n.Block.(interface{ Repeats() bool }); ok && !end.Repeats() {
			return false
		}
	}
	return true
}

// driver is the node whose loops fast-forward looks at: the last one that has
// any, or else the last one of all.
func driver(p *pipeline.Plan) int {
	for i := len(p.Nodes) - 1; i >= 0; i-- {
		if drives(p.Nodes[i].Block) {
			return i
		}
	}
	return len(p.Nodes) - 1
}

// drives reports whether a block has loops that fast-forward may look at.
func drives(b pipeline.Block) bool {
	d, ok := b.(interface{ Drives() bool })
	return ok && d.Drives()
}

// ends returns the edges of the given numbers.
func (s *solver) ends(numbers []int) []*Edge {
	list := make([]*Edge, len(numbers))
	for i, n := range numbers {
		list[i] = &s.edges[n]
	}
	return list
}

// add puts process number i in its place.
func (s *solver) add(i int, p Process, at Ports, done <-chan struct{}) {
	s.procs[i] = node{Process: p, in: at.In, out: at.Out}
	w := waker{&s.dirty[i/64], 1 << (i % 64)}
	for _, e := range at.In {
		e.wakeConsumer, e.consumer = w, p
	}
	for _, e := range at.Out {
		e.wakeProducer = w
	}
	for _, a := range p.Accounts() {
		s.accounts, s.owners = append(s.accounts, a), append(s.owners, i)
	}
	_, asks := p.(Asker)
	s.asked = s.asked || asks
	switch end := p.(type) {
	case *Reader:
		end.turn.waker = w
		s.share(end.turn)
		s.sources = append(s.sources, &end.Source)
	case *Writer:
		end.turn.waker = w
		s.share(end.turn)
		s.sinks = append(s.sinks, &end.sink)
	case *Source:
		_, end.open = end.gate.(Always)
		end.gate, end.stop = s.stopping(end.gate, done)
		s.sources = append(s.sources, end)
	case *Sink:
		_, end.open = end.gate.(Always)
		end.gate, end.stop = s.stopping(end.gate, done)
		s.sinks = append(s.sinks, end)
	}
}
