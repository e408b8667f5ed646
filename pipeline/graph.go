package pipeline

import (
	"fmt"
	"math/bits"
)

// Process is one or more stages of the time plane. It is a deterministic
// function of the times at its ports: however often and in whatever order
// processes advance, each beat moves in the same cycle.
type Process interface {
	// Advance moves every beat whose time follows from the times known.
	Advance()
	// Stages returns the accounts the process keeps, upstream first.
	Stages() []*Stage
	// Unlimit lets beats go that no output needs; called once the length of
	// the run is known.
	Unlimit()
	// Close names the last cycles of the stages that still wait when the run
	// ends at total.
	Close(total Cycle)
	// Waiting says what keeps the process from going on.
	Waiting() Wait
	repeater
}

// Wait is what a process waits for: Blocked without an edge is for room in its
// own memory.
type Wait struct {
	Cause Cause
	Edge  *Edge // the empty or full edge, nil when it is not an edge
}

// waker marks a process as having something new to look at.
type waker struct {
	word *uint64
	bit  uint64
}

func (w waker) wake() { *w.word |= w.bit }

// Graph is a pipeline ready to run in time: processes joined by edges. Build
// it with NewEdge and the constructors of the processes, then call Run once.
type Graph struct {
	procs   []node
	edges   []*Edge
	sources []*Source
	sinks   []*Sink
	stages  []*Stage // of all processes
	dirty   []uint64

	forward *forwarder // nil: every beat is simulated
	traced  bool       // every handshake is wanted, so nothing may be skipped
}

type node struct {
	Process
	in, out []*Edge
}

// NewGraph returns an empty graph.
func NewGraph() *Graph { return &Graph{} }

// NewEdge adds an edge.
func (g *Graph) NewEdge(spec EdgeSpec) *Edge {
	e := newEdge(spec)
	g.edges = append(g.edges, e)
	return e
}

// Add puts a process into the graph, upstream ones first, with the edges it
// takes beats from and puts beats on.
func (g *Graph) Add(p Process, in, out []*Edge) {
	g.procs = append(g.procs, node{p, in, out})
}

// bind tells every edge which processes to wake.
func (g *Graph) bind() {
	if g.traced {
		g.forward = nil
	}
	g.dirty = make([]uint64, (len(g.procs)+63)/64)
	for i, p := range g.procs {
		w := waker{&g.dirty[i/64], 1 << (i % 64)}
		for _, e := range p.in {
			e.wakeConsumer = w
		}
		for _, e := range p.out {
			e.wakeProducer = w
		}
		g.stages = append(g.stages, p.Stages()...)
	}
	for _, e := range g.edges {
		if e.wakeConsumer.word == nil || e.wakeProducer.word == nil {
			panic(fmt.Sprintf("pipeline: edge %s has no producer or no consumer", e.name))
		}
	}
}

// settle advances processes until none can move. At a boundary the driving
// window waits until all others have come as far as they can, so that the state
// compared depends on the boundary only.
func (g *Graph) settle() {
	g.wakeAll()
	for {
		at := g.advance(-1)
		if at < 0 {
			return
		}
		g.advance(at)
		g.forward.boundary()
		g.wake(at)
	}
}

// advance runs woken processes, except number held, until none is left or the
// driving window reports a boundary; then it returns the window's number. It
// sweeps downstream, so that a process finds all the beats there are.
func (g *Graph) advance(held int) int {
	for i := g.next(0, held); i >= 0; i = g.next(i+1, held) {
		g.dirty[i/64] &^= 1 << (i % 64)
		g.procs[i].Advance()
		if g.forward != nil && g.forward.reached {
			g.forward.reached = false
			return i
		}
	}
	return -1
}

// next is the first woken process from number from on, or else from the first
// one on; -1 when all but the one held have come to rest.
func (g *Graph) next(from, held int) int {
	for range 2 {
		for w := from / 64; w < len(g.dirty); w++ {
			woken := g.dirty[w]
			if w == from/64 {
				woken &= ^uint64(0) << (from % 64)
			}
			if held>>6 == w {
				woken &^= 1 << (held % 64)
			}
			if woken != 0 {
				return w*64 + bits.TrailingZeros64(woken)
			}
		}
		from = 0
	}
	return -1
}

func (g *Graph) wake(i int) { g.dirty[i/64] |= 1 << (i % 64) }

func (g *Graph) wakeAll() {
	for i := range g.procs {
		g.wake(i)
	}
}

// Result is what the time plane found out.
type Result struct {
	Total   Cycle // cycles up to and with the last output
	Stages  []StageCycles
	Edges   []EdgeUse
	Sources [][]FrameTimes // per source, per frame
	Sinks   [][]FrameTimes
	Skipped int64 // cycles that fast-forward did not have to simulate
}

// EdgeUse is what moved over an edge. The occupancy figures are of FIFOs.
type EdgeUse struct {
	Name         string
	Depth        int
	Beats        int64
	Unneeded     int64 // beats that move after the last output, for no output
	MaxOccupancy int64
	Full, Empty  int64 // cycles that started so
}

// Run solves the graph. A design that cannot finish is a *Deadlock error, beats
// left behind are a *Leftover error.
func (g *Graph) Run() (*Result, error) {
	g.bind()
	g.settle()
	return g.finish()
}

// finish closes a run that has come to rest: what moves up to the last output
// counts, the rest must move without being left over.
func (g *Graph) finish() (*Result, error) {
	if d := g.deadlock(); d != nil {
		return nil, d
	}
	total := g.total()
	g.setHorizon(total)
	for _, p := range g.procs {
		p.Unlimit()
	}
	skipped := g.forward.stop()
	g.settle()
	r := g.collect(total)
	r.Skipped = skipped
	g.setHorizon(Never)
	g.settle()
	if l := g.leftover(); l != nil {
		return nil, l
	}
	for i, e := range g.edges {
		r.Edges[i].Unneeded = e.taken + e.passed - r.Edges[i].Beats
	}
	g.release()
	return r, nil
}

// release lets processes give memories back that they keep from run to run.
func (g *Graph) release() {
	for _, p := range g.procs {
		if k, ok := p.Process.(interface{ Release() }); ok {
			k.Release()
		}
	}
}

func (g *Graph) total() Cycle {
	total := Cycle(0)
	for _, s := range g.sinks {
		total = max(total, s.stage.last+1)
	}
	return total
}

func (g *Graph) setHorizon(h Cycle) {
	for _, e := range g.edges {
		e.horizon = h
		if e.offered > e.sent && e.depth > 0 && e.taken > e.sent-e.depth {
			e.push()
		}
	}
	for _, s := range g.stages {
		s.horizon = h
	}
}

func (g *Graph) collect(total Cycle) *Result {
	r := &Result{Total: total}
	for _, p := range g.procs {
		p.Close(total)
	}
	for _, s := range g.stages {
		s.close(total)
		r.Stages = append(r.Stages, StageCycles{s.Name, s.StarvedOn, s.BlockedOn, s.cycles})
	}
	for _, e := range g.edges {
		e.traceIn, e.traceOut = nil, nil
		r.Edges = append(r.Edges, e.use(total))
	}
	for _, s := range g.sources {
		r.Sources = append(r.Sources, s.log.times())
	}
	for _, s := range g.sinks {
		r.Sinks = append(r.Sinks, s.log.times())
	}
	return r
}

// use closes the edge's account at total.
func (e *Edge) use(total Cycle) EdgeUse {
	u := EdgeUse{Name: e.name, Depth: int(e.depth), Beats: e.taken + e.passed, MaxOccupancy: e.occupied, Full: e.full, Empty: e.empty}
	if e.depth == 0 || total == 0 {
		return u
	}
	for i := e.taken + u.MaxOccupancy; i < e.sent && e.pushes[i&e.mask] < total-1; i++ {
		u.MaxOccupancy++
	}
	switch held := e.sent - e.taken; held {
	case 0:
		u.Empty += int64(max(0, total-1-e.lastPop()))
	case e.depth:
		u.Full += int64(total - 1 - e.lastSent)
	}
	return u
}
