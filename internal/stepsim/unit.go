package stepsim

// link is the pair of signals between two units.
type link struct{ valid, ready bool }

func (l *link) moves() bool { return l.valid && l.ready }

// ports are the links around a unit.
type ports struct{ in, out []*link }

// unit is the state of a running block of any number of inputs and outputs. In every cycle offer and accept
// are called, in turn and any number of times, until no signal changes any more; then commit, once.
type unit interface {
	// offer sets the valid signals of the outputs.
	offer(t Cycle, p ports)
	// accept sets the ready signals of the inputs.
	accept(p ports)
	// commit names the cycle of each process, moves to the next state, and reports whether anything changed that could
	// let some unit move later without help from a gate. A gate that may give it says so itself.
	commit(p ports, names []Name) (moved bool)
}

// solo makes a unit of a block of at most one input and one output.
type solo struct{ block }

func (s solo) offer(t Cycle, p ports) {
	valid := s.block.offer(t, s.wires(p).inValid)
	if len(p.out) > 0 {
		p.out[0].valid = valid
	}
}

func (s solo) accept(p ports) {
	w := s.wires(p)
	ready := s.block.accept(w.inValid, w.outReady)
	if len(p.in) > 0 {
		p.in[0].ready = ready
	}
}

func (s solo) commit(p ports, names []Name) bool { return s.block.commit(s.wires(p), names) }

func (s solo) wires(p ports) (w wires) {
	if len(p.in) > 0 {
		w.inValid, w.inReady = p.in[0].valid, p.in[0].ready
	}
	if len(p.out) > 0 {
		w.outValid, w.outReady = p.out[0].valid, p.out[0].ready
	}
	return w
}

// events counts what a process has left to do.
type events int64

// named names a cycle and counts its event if it happens; lacking says that what it needs from upstream is not there.
func (e *events) named(happens, lacking bool) Name {
	switch {
	case happens:
		*e--
		return Busy
	case *e == 0:
		return Finished
	case lacking:
		return Starved
	}
	return Blocked
}

// crossing names a cycle of a process whose event is a handshake on a link, be it an input or an output.
func (e *events) crossing(l *link) Name { return e.named(l.moves(), !l.valid) }

// input and output are crossing for the ports of a block with one of them.
func (e *events) input(w wires) Name  { return e.named(w.in(), !w.inValid) }
func (e *events) output(w wires) Name { return e.named(w.out(), !w.outValid) }
