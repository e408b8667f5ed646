package stepsim

// Requant is one register: it accepts when empty or being emptied in the same cycle, and offers in the next cycle.
type Requant struct{}

func (Requant) beats() (in, out int) { return 0, 0 }
func (Requant) kinds() []Kind        { return []Kind{KindRequant} }
func (Requant) start(frames, in, _ int) block {
	return &requant{left: events(frames * in)}
}

type requant struct {
	left events // beats not yet accepted
	full bool
}

func (r *requant) offer(Cycle, bool) bool { return r.full }

func (r *requant) accept(_, outReady bool) bool { return !r.full || outReady }

func (r *requant) commit(w wires, names []Name) bool {
	names[0] = r.left.input(w)
	r.full = w.in() || r.full && !w.outReady
	return w.in() || w.out()
}
