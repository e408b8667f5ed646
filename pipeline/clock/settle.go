package clock

import "math/bits"

// settle advances processes until none can move. At a boundary the process that
// reached it waits until all others have come as far as they can, so that the
// state compared depends on the boundary only.
func (s *solver) settle() {
	s.segments.lose()
	s.wakeAll()
	for {
		at, reached := s.advance(-1)
		if at < 0 {
			if s.grant() {
				continue
			}
			s.tellRows()
			return
		}
		if s.forward != nil && s.forward.looks(at, reached.Level) {
			s.tellRows()
			if at, reached = s.stand(at, reached); !s.forward.skipRear(at, reached) {
				s.forward.boundary(at, reached)
			}
			if s.untilPeriod && (s.forward.period.Frames > 0 || reached.Level == Frame && at == s.drives && s.over()) {
				return
			}
		}
		s.wake(at)
	}
}

// over reports whether a run has shown what it was to show.
func (s *solver) over() bool {
	if s.until == nil {
		return false
	}
	ends := make([][]Cycle, len(s.sinks))
	for i, k := range s.sinks {
		ends[i] = k.log.lasts
	}
	s.ended = s.until(ends)
	return s.ended
}

// stand lets everything come to rest at a boundary, and returns the one at which it has.
func (s *solver) stand(at int, reached Progress) (int, Progress) {
	if first, p := s.rest(at); first >= 0 {
		s.wake(at)
		at, reached = first, p
		s.rest(at)
	}
	return at, reached
}

// rest advances all but the process that reached a boundary, and of that one
// what its loop does not hold back, until nothing moves. When the driving process comes
// to the end of a frame meanwhile, that goes first, and is returned; else the number is -1.
func (s *solver) rest(held int) (int, Progress) {
	filler, _ := s.procs[held].Process.(Filler)
	if filler != nil {
		filler.Hold(true)
		defer filler.Hold(false)
	} else {
		s.hold(held, true)
		defer s.hold(held, false)
	}
	for {
		at, reached := s.advance(held)
		switch {
		case s.forward.frame(at, reached.Level):
			return at, reached
		case at >= 0:
			s.wake(at)
			continue
		}
		if filler != nil && filler.Fill() {
			s.advanceAll(held)
			if held == s.drives && s.forward.front != nil {
				s.forward.front.boundary()
			}
			continue
		}
		if s.next(0, held) < 0 {
			return -1, Progress{}
		}
	}
}

// advanceAll runs woken processes, except number held, until none is left, whatever
// boundaries they come to.
func (s *solver) advanceAll(held int) {
	for at, _ := s.advance(held); at >= 0; at, _ = s.advance(held) {
		s.wake(at)
	}
}

// advance runs woken processes, except number held, until none is left or one
// reports a boundary; then it returns that one's number. It sweeps downstream,
// so that a process finds all the beats there are.
func (s *solver) advance(held int) (int, Progress) {
	for i := s.next(0, held); i >= 0 || s.segments.idle(s, held); i = s.next(i+1, held) {
		if i < 0 || s.segments.enter(s, i) {
			continue
		}
		s.dirty[i/64] &^= 1 << (i % 64)
		if s.play != nil && s.tapes.grown > s.tapes.most {
			s.hear(s.complete())
		}
		if s.turns++; s.turns%tellEvery == 0 {
			s.tell()
		}
		p := s.procs[i].Advance()
		for _, asker := range s.procs[i].askers {
			s.wake(asker)
		}
		if p.Level != None {
			return i, p
		}
	}
	return -1, Progress{}
}

// tellEvery is after how many turns of processes it is told how far the run is.
const tellEvery = 1 << 12

// tell tells how far the run is.
func (s *solver) tell() {
	done, total := int64(0), int64(0)
	for _, k := range s.sinks {
		done += k.done
		total += k.total
	}
	if s.progress != nil {
		s.progress(done, max(1, total))
	}
	if s.midway != nil && 2*done >= total {
		s.midway(s.peaks())
		s.midway = nil
	}
}

// peaks is the most that every edge held so far.
func (s *solver) peaks() []int64 {
	held := make([]int64, len(s.edges))
	for i := range s.edges {
		held[i] = s.edges[i].peak
	}
	return held
}

// next is the first woken process from number from on, or else from the first
// one on; -1 when all but the one held have come to rest.
func (s *solver) next(from, held int) int {
	for range 2 {
		for w := from / 64; w < len(s.dirty); w++ {
			woken := s.dirty[w]
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

func (s *solver) wake(i int) { s.dirty[i/64] |= 1 << (i % 64) }

func (s *solver) wakeAll() {
	for i := range s.procs {
		s.wake(i)
	}
}
