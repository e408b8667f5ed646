package pipeline

import "strings"

// Fork copies a stream: every branch is offered each beat and takes its copy
// once, in a cycle of its own; the input beat is taken in the cycle in which
// the last branch takes its copy. Nothing is stored but who has taken.
type Fork struct {
	stage   Stage
	in      *Edge
	out     []*Edge
	left    int64
	offered bool // the current beat is on offer to all branches
	start   Cycle
}

// NewFork adds a fork that copies beats beats. The branches carry the units of
// the input.
func NewFork(g *Graph, name string, in *Edge, out []*Edge, beats int64) *Fork {
	f := &Fork{stage: NewStage(name, in.name, names(out)), in: in, out: out, left: beats}
	g.Add(f, []*Edge{in}, out)
	return f
}

func names(edges []*Edge) string {
	list := make([]string, len(edges))
	for i, e := range edges {
		list[i] = e.name
	}
	return strings.Join(list, ", ")
}

// Stages returns the fork's account.
func (f *Fork) Stages() []*Stage { return []*Stage{&f.stage} }

// Advance moves every beat whose time is known.
func (f *Fork) Advance() {
	for f.left > 0 {
		if !f.offered && !f.offer() {
			return
		}
		t := f.start
		for _, e := range f.out {
			if !e.Free() {
				return
			}
			t = max(t, e.LastSent())
		}
		f.in.Take(t)
		f.stage.Wait(Starved, f.start)
		f.stage.Wait(Blocked, t)
		f.stage.Event(t)
		f.offered = false
		f.left--
	}
	f.stage.Finish()
}

// offer puts the next beat on all branches and reports whether there is one.
func (f *Fork) offer() bool {
	o, ok := f.in.Head()
	if !ok {
		return false
	}
	f.start = max(o, f.stage.last+1)
	if f.start >= f.stage.horizon {
		return false
	}
	f.offered = true
	for _, e := range f.out {
		e.Offer(f.start)
	}
	return true
}

// Unlimit has nothing to do: every beat is needed.
func (f *Fork) Unlimit() {}

// Close names the last wait.
func (f *Fork) Close(total Cycle) {
	if f.offered {
		f.stage.Wait(Starved, f.start)
		f.stage.Wait(Blocked, total)
	}
}

// Waiting says what the fork waits for.
func (f *Fork) Waiting() Wait {
	if f.left == 0 {
		return Wait{Cause: Finished}
	}
	for _, e := range f.out {
		if !e.Free() {
			return Wait{Cause: Blocked, Edge: e}
		}
	}
	return Wait{Cause: Starved, Edge: f.in}
}

// State describes the fork, which stores nothing its edges do not tell.
func (f *Fork) State(st *State) {
	st.Section(-f.left, f.in.units, unlimited, f.left-1)
}

// Skip jumps ahead.
func (f *Fork) Skip(k *Skip) {
	if k.Section() {
		f.left -= k.Beats(f.in.units)
		f.start += k.Time
		f.stage.Shift(k)
	}
}
