package pipeline

// Register is a stage with one output register: it takes a beat when the
// register is empty or being emptied, works on it for one cycle, and offers the
// result in the next. One beat per cycle, latency 1.
type Register struct {
	stage   Stage
	in, out *Edge
	left    int64
}

// NewRegister makes a register stage that handles beats beats in all.
func NewRegister(g *Graph, name string, in, out *Edge, beats int64) *Register {
	r := &Register{stage: NewStage(name, in.name, out.name), in: in, out: out, left: beats}
	g.Add(r, []*Edge{in}, []*Edge{out})
	return r
}

// Stages returns the stage's account.
func (r *Register) Stages() []*Stage { return []*Stage{&r.stage} }

// Advance moves every beat whose time is known.
func (r *Register) Advance() {
	for r.left > 0 {
		o, ok := r.in.Head()
		if !ok || !r.out.Free() {
			return
		}
		t := max(o, r.stage.last+1, r.out.LastSent())
		if t >= r.stage.horizon {
			return
		}
		r.in.Take(t)
		r.stage.Wait(Starved, o)
		r.stage.Wait(Blocked, t)
		r.stage.Event(t)
		r.out.Offer(t + 1)
		r.left--
	}
	r.stage.Finish()
}

// Unlimit has nothing to do: every beat is needed.
func (r *Register) Unlimit() {}

// Close names the last wait.
func (r *Register) Close(total Cycle) {
	if o, ok := r.in.Head(); ok && r.left > 0 {
		r.stage.Wait(Starved, o)
		r.stage.Wait(Blocked, total)
	}
}

// Waiting says what the stage waits for.
func (r *Register) Waiting() Wait {
	switch _, ok := r.in.Head(); {
	case r.left == 0:
		return Wait{Cause: Finished}
	case !r.out.Free():
		return Wait{Cause: Blocked, Edge: r.out}
	case !ok:
		return Wait{Cause: Starved, Edge: r.in}
	}
	return Wait{Cause: Busy}
}

// State describes the stage, which stores nothing its edges do not tell.
func (r *Register) State(st *State) {
	st.Section(-r.left, r.in.units, unlimited, r.left-1)
}

// Skip jumps ahead.
func (r *Register) Skip(k *Skip) {
	if k.Section() {
		r.left -= k.Beats(r.in.units)
		r.stage.Shift(k)
	}
}
