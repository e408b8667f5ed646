package pipeline

// FrameTimes are the first and last handshakes of one frame at a port of the
// pipeline.
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
	return frameLog{beats: beats, firsts: make([]Cycle, 0, n), lasts: make([]Cycle, 0, n)}
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

// Source offers beats as its gate allows and holds each until it is taken.
type Source struct {
	stage Stage
	out   *Edge
	gate  Gate
	offer Cycle
	out1  bool // a beat is on offer
	done  int64
	limit int64
	total int64
	log   frameLog
}

// NewSource makes a source of frames x beats beats.
func NewSource(g *Graph, out *Edge, gate Gate, beats, frames int64) *Source {
	s := &Source{stage: NewStage("source", "", out.name), out: out, gate: gate,
		total: beats * frames, limit: beats * frames, log: newFrameLog(beats, frames)}
	g.Add(s, nil, []*Edge{out})
	g.sources = append(g.sources, s)
	return s
}

// Stages returns the source's account.
func (s *Source) Stages() []*Stage { return []*Stage{&s.stage} }

// Limit holds the source back after n beats of the last frame until the run's
// length is known: beats that no output needs must not move beyond its end.
func (s *Source) Limit(n int64) { s.limit = s.total - s.log.beats + n }

// Unlimit lets all beats go.
func (s *Source) Unlimit() { s.limit = s.total }

// Close names the cycles up to total in which the source still waited.
func (s *Source) Close(total Cycle) {
	switch {
	case s.out1:
		s.stage.Wait(Throttled, s.offer)
		s.stage.Wait(Blocked, total)
	case !s.stage.done:
		s.stage.Wait(Throttled, total)
	}
}

// Waiting says what the source waits for.
func (s *Source) Waiting() Wait {
	switch {
	case s.out1:
		return Wait{Cause: Blocked, Edge: s.out}
	case s.done < s.limit:
		return Wait{Cause: Throttled}
	}
	return Wait{Cause: Finished}
}

// Advance moves every beat whose time is known.
func (s *Source) Advance() {
	for {
		if s.out1 {
			if !s.out.Free() {
				return
			}
			t := s.out.LastSent()
			s.stage.Wait(Throttled, s.offer)
			s.stage.Wait(Blocked, t)
			s.stage.Event(t)
			s.log.add(t)
			s.out1 = false
			s.done++
		}
		if s.done == s.limit {
			if s.done == s.total {
				s.stage.Finish()
			}
			return
		}
		s.offer = s.gate.Next(s.stage.last + 1)
		if s.offer >= s.stage.horizon {
			return
		}
		s.out1 = true
		s.out.Offer(s.offer)
	}
}

// Sink takes beats as its gate allows.
type Sink struct {
	stage Stage
	in    *Edge
	gate  Gate
	done  int64
	total int64
	log   frameLog
}

// NewSink makes a sink that expects frames x beats beats.
func NewSink(g *Graph, in *Edge, gate Gate, beats, frames int64) *Sink {
	s := &Sink{stage: NewStage("sink", in.name, ""), in: in, gate: gate, total: beats * frames,
		log: newFrameLog(beats, frames)}
	g.Add(s, []*Edge{in}, nil)
	g.sinks = append(g.sinks, s)
	return s
}

// Stages returns the sink's account.
func (s *Sink) Stages() []*Stage { return []*Stage{&s.stage} }

// Unlimit has nothing to do: a sink takes all it is offered.
func (s *Sink) Unlimit() {}

// Close has nothing to name: the run ends with the sink's last beat, or with
// that of another sink after this one has finished.
func (s *Sink) Close(Cycle) {}

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
func (s *Sink) Advance() {
	for s.done < s.total {
		o, ok := s.in.Head()
		if !ok {
			return
		}
		t := s.gate.Next(max(o, s.stage.last+1))
		if t >= s.stage.horizon {
			return
		}
		s.in.Take(t)
		s.stage.Wait(Starved, o)
		s.stage.Wait(Throttled, t)
		s.stage.Event(t)
		s.log.add(t)
		s.done++
	}
	s.stage.Finish()
}
