package stepsim

// Requant is one register: it accepts when empty or being emptied in the same cycle, and offers in the next cycle.
type Requant struct{}

func (Requant) check() []error       { return nil }
func (Requant) beats() (in, out int) { return 0, 0 }
func (Requant) kinds() []Kind        { return []Kind{KindRequant} }
func (Requant) start(frames, in, _ int) block {
	return &requant{left: int64(frames) * int64(in)}
}

type requant struct {
	left int64 // beats not yet accepted
	full bool
}

func (r *requant) offer(Cycle, bool) bool { return r.full }

func (r *requant) accept(_, outReady bool) bool { return !r.full || outReady }

func (r *requant) commit(w wires, names []Name) bool {
	switch {
	case w.in():
		names[0] = Busy
	case r.left == 0:
		names[0] = Finished
	case !w.inValid:
		names[0] = Starved
	default:
		names[0] = Blocked
	}
	if w.in() {
		r.left--
	}
	r.full = w.in() || r.full && !w.outReady
	return w.in() || w.out()
}
