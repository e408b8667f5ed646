package stepsim

// Source offers the beats of every frame back to back. A beat offered in an open cycle stays offered until it
// is taken; the next one can be offered in the next cycle at the earliest.
type Source struct {
	Gate  Gate // nil: Full
	Beats int  // of one frame; 0: as many as the chain behind it takes

	Port  *Port // nil: the gate alone decides; else the port does
	Bytes int64 // of a beat, at the port
}

// Sink takes beats in the cycles its gate is open.
type Sink struct {
	Gate Gate // nil: Full

	Port  *Port // nil: the gate alone decides; else the port does
	Bytes int64 // of a beat, at the port
}

func (s Source) beats() (in, out int) { return 0, s.Beats }
func (s Source) kinds() []Kind        { return []Kind{KindSource} }
func (s Source) start(frames, _, out int) block {
	if s.Port != nil {
		return &reader{queue: startQueue(s.Port, s.Bytes), left: int64(frames) * int64(out)}
	}
	return &source{valve: startValve(s.Gate), left: int64(frames) * int64(out)}
}

type source struct {
	*valve
	left int64
	held bool // a beat was offered before and not taken yet
}

func (s *source) offer(t Cycle, _ bool) bool {
	s.step(t)
	return s.left > 0 && (s.held || s.open)
}

func (s *source) accept(bool, bool) bool { return false }

func (s *source) commit(w wires, names []Name) bool {
	names[0] = s.name(w)
	s.held = w.outValid && !w.outReady
	if w.out() {
		s.left--
	}
	s.waits = s.left > 0 && !w.outValid && !s.shutForGood()
	return w.out()
}

func (s *source) name(w wires) Name {
	switch {
	case w.out():
		return Busy
	case s.left == 0:
		return Finished
	case w.outValid:
		return Blocked
	}
	return Throttled
}

func (s Sink) beats() (in, out int) { return 0, 0 }
func (s Sink) kinds() []Kind        { return []Kind{KindSink} }
func (s Sink) start(frames, in, _ int) block {
	if s.Port != nil {
		return &writer{queue: startQueue(s.Port, s.Bytes), left: int64(frames) * int64(in)}
	}
	return &sink{valve: startValve(s.Gate), left: int64(frames) * int64(in)}
}

type sink struct {
	*valve
	left int64
}

func (s *sink) offer(t Cycle, _ bool) bool {
	s.step(t)
	return false
}

func (s *sink) accept(bool, bool) bool { return s.open }

func (s *sink) commit(w wires, names []Name) bool {
	switch {
	case w.in():
		names[0] = Busy
		s.left--
	case s.left == 0:
		names[0] = Finished
	case !w.inValid:
		names[0] = Starved
	default:
		names[0] = Throttled
	}
	s.waits = s.left > 0 && !s.open && !s.shutForGood()
	return w.in()
}
