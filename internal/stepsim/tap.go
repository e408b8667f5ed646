package stepsim

// forkTap is FINN's stream_tap: a register with two obligations behind a side register, and a skid of two
// slots and an output register on the tapped branch.
type forkTap struct {
	left events

	side      bool
	main, tap bool // obligations of the register: the branch has not taken its beat yet
	fresh     bool // the register was loaded in the cycle before
	newer     bool // slots of the skid
	older     bool
	out       bool // the skid's output register
}

func (f *forkTap) offer(_ Cycle, p ports) { p.out[0].valid, p.out[1].valid = f.main, f.out }
func (f *forkTap) accept(p ports)         { p.in[0].ready = !f.side }

func (f *forkTap) commit(p ports, names []Name) bool {
	old := *f
	names[0] = f.left.crossing(p.in[0])
	mainReady, tapReady := p.out[0].ready, p.out[1].ready
	load := (mainReady || !old.main) && (!old.tap || old.fresh && !old.older)
	have := p.in[0].valid || old.side
	enters := old.tap && !old.older
	if load {
		f.main, f.tap, f.fresh = have, have, have
	} else {
		f.main, f.tap, f.fresh = old.main && !mainReady, old.tap && !enters, false
	}
	f.side = have && !load

	free := !old.out || tapReady
	f.older = (old.newer || old.older) && !free
	if !old.older {
		f.newer = enters
	}
	f.out = old.newer || old.older || !free
	return *f != old || p.in[0].moves() || p.out[0].moves() || p.out[1].moves()
}
