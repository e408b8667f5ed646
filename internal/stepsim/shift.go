package stepsim

// shiftWindow is the parallel style: shift registers and line buffers that one input beat moves on as a whole.
//
// A window is complete only until the next beat shifts it away, so the writer waits for the reader and never
// the other way round. FINN's `taken` flag has no state of its own here: a window handed over is one that
// read has passed.
type shiftWindow struct{ progress }

func (s *shiftWindow) offer(Cycle, bool) bool { return s.available() }

func (s *shiftWindow) accept(_, outReady bool) bool {
	return s.stored < s.limit() && (outReady || !s.available())
}

func (s *shiftWindow) commit(w wires, names []Name) bool {
	names[0], names[1] = s.nameWrite(w), s.nameRead(w.out())
	if w.in() {
		s.stored++
	}
	if w.out() {
		s.read++
	}
	s.endFrame(true)
	return w.in() || w.out()
}
