package clock

// Sink takes beats as its gate allows.
type Sink struct {
	account Account
	in      *Edge
	gate    Gate
	open    bool // the gate is, always, until stop shuts it
	stop    *stopGate
	done    int64
	total   int64
	pace    Level
	log     frameLog
}

// NewSink makes a sink that expects so many beats a frame.
func NewSink(p Ports, name string, gate Gate, beats int64) *Sink {
	in := p.In[0]
	s := &Sink{account: NewAccount(p.Stage(name), in.name, ""), in: in, gate: gate, total: beats * p.Frames,
		pace: p.Pace, log: newFrameLog(beats, p.Frames)}
	s.account.then = Throttled
	return s
}

// Accounts returns the sink's account.
func (s *Sink) Accounts() []*Account { return []*Account{&s.account} }

// Close has nothing to name: the run ends with the sink's last beat, or with
// that of another sink after this one has finished.
func (s *Sink) Close(Cycle) {}

func (s *Sink) unfinished() bool { return s.done < s.total }

// Waiting says what the sink waits for.
func (s *Sink) Waiting() Wait {
	if s.done == s.total {
		return Wait{Cause: Finished}
	}
	if _, offered := s.in.Head(); offered {
		return Wait{Cause: Throttled}
	}
	return Wait{Cause: Starved, Edge: s.in}
}

// Advance moves every beat whose time is known.
func (s *Sink) Advance() Progress {
	for s.done < s.total {
		o, ok := s.in.Head()
		if !ok {
			return Progress{}
		}
		t := s.gate.Next(max(o, s.account.last+1))
		if s.account.Beyond(t) {
			return Progress{}
		}
		if p := s.take(o, t); p.Level != None {
			return p
		}
	}
	s.account.Finish()
	return Progress{}
}

// Receive takes a beat when the gate opens, unless ends of frames are to be reported.
func (s *Sink) Receive(o Cycle) (Cycle, bool) {
	t := max(o, s.account.last+1)
	if !s.open {
		t = s.gate.Next(t)
	} else if s.stop.shuts() {
		t = Never
	}
	if s.account.Beyond(t) || s.pace != None || s.done == s.total {
		return 0, false
	}
	s.took(o, t)
	if s.done == s.total {
		s.account.Finish()
	}
	return t, true
}

// Takes says that an open sink takes beats of a frame as they come.
func (s *Sink) Takes(_ *Edge, t Cycle, n int64) (first Cycle, beats int64) {
	if !s.open || s.pace != None || s.in.drain != nil || t <= s.account.last || s.done == s.total {
		return 0, 0
	}
	return t, min(n, s.log.beats-s.log.at, int64(s.account.horizon-t))
}

// Took takes them.
func (s *Sink) Took(_ *Edge, first Cycle, n int64) {
	s.account.Row(first, n)
	s.log.row(first, n)
	if s.done += n; s.done == s.total {
		s.account.Finish()
	}
}

// take takes the beat offered from cycle o on in cycle t.
func (s *Sink) take(o, t Cycle) Progress {
	s.in.Take(t)
	s.took(o, t)
	if s.pace.Stops(Frame) && s.log.at == 0 {
		return Progress{Frame, t}
	}
	return Progress{}
}

// took notes that it took it.
func (s *Sink) took(o, t Cycle) {
	s.account.Moved(o, t)
	s.log.add(t)
	s.done++
}

// Accepts asks the gate.
func (s *Sink) Accepts(_ *Edge, t Cycle) (Cycle, bool) {
	return s.gate.Next(max(t, s.account.last+1)), true
}

// Registers shows the sink's state; what it has taken, its edge tells.
func (s *Sink) Registers(v *Registers) {
	v.Section(s.done)
	if v.Moving() {
		s.move(v)
	}
}

func (s *Sink) move(v *Registers) {
	s.done += v.Beats()
	v.MoveAccount(&s.account)
	s.log.move(v)
}

// Alike says how long the frames look the same.
func (s *Sink) Alike(_ int, _, shift int64) int64 { return s.log.alike(shift, s.done, s.total) }
