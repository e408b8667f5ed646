package clock

// FrameTimes are the first and last handshakes of one frame at a port of the
// plan.
type FrameTimes struct{ First, Last Cycle }

// frameLog records when frames pass a port.
type frameLog struct {
	beats  int64   // per frame
	at     int64   // beats of the current frame seen
	firsts []Cycle // of the frames begun
	lasts  []Cycle // of the frames ended
	newest Cycle
}

func newFrameLog(beats, frames int64) frameLog {
	n := min(frames, 1<<16)
	times := make([]Cycle, 2*n)
	return frameLog{beats: beats, firsts: times[:0:n], lasts: times[n:n]}
}

func (l *frameLog) add(t Cycle) {
	if l.at == 0 {
		l.firsts = append(l.firsts, t)
	}
	l.newest = t
	if l.at++; l.at == l.beats {
		l.lasts = append(l.lasts, t)
		l.at = 0
	}
}

// row adds n beats of a frame, one a cycle from cycle t on.
func (l *frameLog) row(t Cycle, n int64) {
	l.add(t)
	if n > 1 {
		l.at += n - 2
		l.add(t + Cycle(n-1))
	}
}

// times pairs first and last beats; a frame that has not ended has its newest
// beat for its last.
func (l *frameLog) times() []FrameTimes {
	out := make([]FrameTimes, len(l.firsts))
	for i, first := range l.firsts {
		out[i] = FrameTimes{first, l.newest}
		if i < len(l.lasts) {
			out[i].Last = l.lasts[i]
		}
	}
	return out
}

// alike is for how many more shifts the port stays within a frame, or moves by
// whole ones; done counts all beats so far, those of the shift included.
func (l *frameLog) alike(shift, done, total int64) int64 {
	if shift%l.beats == 0 {
		return (total - done - 1) / shift
	}
	if l.at == 0 || l.at-1 < shift {
		return 0
	}
	return (l.beats - l.at - 1) / shift
}

// move fills in the frames a skip jumps over, or moves within the frame. Of the
// frames begun and ended in the last period, each skipped one is a later copy.
func (l *frameLog) move(v *Registers) {
	l.newest += v.time
	if v.shift%l.beats != 0 {
		l.at += v.Beats()
		return
	}
	period := v.shift / l.beats
	for range period * v.periods {
		l.firsts = append(l.firsts, l.firsts[int64(len(l.firsts))-period]+v.period)
		l.lasts = append(l.lasts, l.lasts[int64(len(l.lasts))-period]+v.period)
	}
}

// Source offers beats as its gate allows and holds each until it is taken.
type Source struct {
	account Account
	out     *Edge
	gate    Gate
	open    bool // the gate is, always, until stop shuts it
	stop    *stopGate
	offer   Cycle
	offers  bool // a beat is on offer
	flows   bool // the newest left a cycle after the one before, and more may go on as a row
	done    int64
	total   int64
	log     frameLog
	spacing Cycle // from the start of a frame to that of the next, at least
	next    Cycle // when the next frame may start
}

// NewSource makes a source of so many beats a frame.
func NewSource(p Ports, name string, gate Gate, beats int64) *Source {
	out := p.Out[0]
	s := &Source{account: NewAccount(p.Stage(name), "", out.name), out: out, gate: gate,
		total: beats * p.Frames, log: newFrameLog(beats, p.Frames)}
	s.account.before = Throttled
	return s
}

// Space lets frames start so many cycles apart at least.
func (s *Source) Space(cycles Cycle) { s.spacing = cycles }

// Accounts returns the source's account.
func (s *Source) Accounts() []*Account { return []*Account{&s.account} }

// Close names the cycles up to total in which the source still waited.
func (s *Source) Close(total Cycle) {
	switch {
	case s.offers:
		s.account.Waits(s.offer, total)
	case !s.account.done:
		s.account.Wait(Throttled, total)
	}
}

// Waiting says what the source waits for.
func (s *Source) Waiting() Wait {
	switch {
	case s.offers:
		return Wait{Cause: Blocked, Edge: s.out}
	case s.done < s.total && s.out.Open():
		return Wait{Cause: Throttled}
	}
	return Wait{Cause: Finished}
}

// Advance moves every beat whose time is known.
func (s *Source) Advance() Progress {
	for {
		if s.offers {
			if !s.out.Free() {
				return Progress{}
			}
			s.sent(s.out.LastSent())
		}
		if s.done == s.total {
			s.account.Finish()
			return Progress{}
		}
		if !s.out.Open() {
			return Progress{}
		}
		if s.open && s.flows && s.row() {
			continue
		}
		if s.offer = s.earliest(); !s.open {
			s.offer = s.gate.Next(s.offer)
		} else if s.stop.shuts() {
			s.offer = Never
		}
		if s.account.Beyond(s.offer) {
			return Progress{}
		}
		s.offers = true
		s.out.Offer(s.offer)
	}
}

// leastPassing is how many beats of a row make it worth asking all along the way.
const leastPassing = 8

// row offers the beats of the frame that go on one a cycle, and reports whether there are many.
func (s *Source) row() bool {
	if s.log.at == 0 || s.out.giver != nil || s.stop.shuts() {
		return false
	}
	t := s.account.last + 1
	n := s.out.Passes(t, min(s.log.beats-s.log.at, int64(s.account.horizon-t)))
	if n < leastPassing {
		s.flows = false
		return false
	}
	s.out.PassRow(t, n)
	s.account.Row(t, n)
	s.log.row(t, n)
	s.done += n
	s.offer = t + Cycle(n-1)
	return true
}

// earliest is the cycle from which on the next beat may be offered.
func (s *Source) earliest() Cycle {
	if s.log.at == 0 {
		return max(s.account.last+1, s.next)
	}
	return s.account.last + 1
}

// sent ends the offer of a beat, which left in cycle t.
func (s *Source) sent(t Cycle) {
	if s.log.at == 0 && s.spacing > 0 {
		s.next = t + s.spacing
	}
	s.flows = t == s.account.last+1 // as every beat does that waits for nothing
	s.account.Moved(s.offer, t)
	s.log.add(t)
	s.offers = false
	s.done++
}

// Registers shows the source's state; what it offers, its edge tells.
func (s *Source) Registers(v *Registers) {
	v.Section(s.done)
	if v.Moving() {
		s.move(v)
	}
	if s.spacing == 0 {
		return
	}
	v.Section(int64(len(s.log.firsts)))
	if v.Moving() {
		v.Move(&s.next)
		return
	}
	v.Time(s.next, s.account.last+1)
}

func (s *Source) move(v *Registers) {
	s.done += v.Beats()
	v.Move(&s.offer)
	v.MoveAccount(&s.account)
	s.log.move(v)
}

// Alike says how long the frames look the same.
func (s *Source) Alike(part int, count, shift int64) int64 {
	if part == 1 {
		return (s.total/s.log.beats - count - 1) / shift
	}
	return s.log.alike(shift, s.done, s.total)
}
