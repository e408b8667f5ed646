package pipeline

// Join takes one beat from every input in the same cycle and makes one of them.
// Without a register its output is offered as long as all inputs are, and all
// move in the cycle in which it is taken; with one it is a Register with
// several inputs.
type Join struct {
	stage      Stage
	in         []*Edge
	out        *Edge
	registered bool
	left       int64
	offered    bool // combinational: the current beat is on offer
	start      Cycle
}

// NewJoin adds a join that makes beats beats. The inputs carry the units of the
// output.
func NewJoin(g *Graph, name string, in []*Edge, out *Edge, beats int64, registered bool) *Join {
	j := &Join{stage: NewStage(name, names(in), out.name), in: in, out: out, registered: registered, left: beats}
	g.Add(j, in, []*Edge{out})
	return j
}

// Stages returns the join's account.
func (j *Join) Stages() []*Stage { return []*Stage{&j.stage} }

// Advance moves every beat whose time is known.
func (j *Join) Advance() {
	for j.left > 0 {
		if !j.offered && !j.collect() {
			return
		}
		if !j.out.Free() {
			return
		}
		t := max(j.start, j.out.LastSent())
		if t >= j.stage.horizon {
			return
		}
		for _, e := range j.in {
			e.Take(t)
		}
		j.stage.Wait(Starved, j.start)
		j.stage.Wait(Blocked, t)
		j.stage.Event(t)
		j.offered = false
		j.left--
		if j.registered {
			j.out.Offer(t + 1)
		}
	}
	j.stage.Finish()
}

// collect finds the first cycle in which all inputs have a beat, and reports
// whether it is known. Without a register the result is on offer from then on;
// the latest of the inputs' cycles rises from beat to beat as each of them does.
func (j *Join) collect() bool {
	start := Cycle(0)
	for _, e := range j.in {
		o, ok := e.Head()
		if !ok {
			return false
		}
		start = max(start, o)
	}
	j.start = start
	if j.registered {
		return true
	}
	if j.start >= j.stage.horizon {
		return false
	}
	j.offered = true
	j.out.Offer(j.start)
	return true
}

// Unlimit has nothing to do: every beat is needed.
func (j *Join) Unlimit() {}

// Close names the last wait.
func (j *Join) Close(total Cycle) {
	if j.left > 0 && (j.offered || j.registered && j.collect()) {
		j.stage.Wait(Starved, j.start)
		j.stage.Wait(Blocked, total)
	}
}

// Waiting says what the join waits for.
func (j *Join) Waiting() Wait {
	if j.left == 0 {
		return Wait{Cause: Finished}
	}
	if !j.out.Free() {
		return Wait{Cause: Blocked, Edge: j.out}
	}
	for _, e := range j.in {
		if _, ok := e.Head(); !ok {
			return Wait{Cause: Starved, Edge: e}
		}
	}
	return Wait{Cause: Busy}
}

// State describes the join, which stores nothing its edges do not tell.
func (j *Join) State(st *State) {
	st.Section(-j.left, j.out.units, unlimited, j.left-1)
}

// Skip jumps ahead.
func (j *Join) Skip(k *Skip) {
	if k.Section() {
		j.left -= k.Beats(j.out.units)
		j.start += k.Time
		j.stage.Shift(k)
	}
}
