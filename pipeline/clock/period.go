package clock

// Period is the period of the state of a whole plan at the ends of frames: what
// the first sink takes in Frames frames, from number From on, it takes again in
// the next ones, Cycles later, as long as frames keep coming. The zero Period says
// that none was found.
type Period struct {
	Frames int64
	Cycles Cycle
	From   int64 // frames the first sink had taken when the period began
}

// periodOf is what lies between two equal states.
func (s *solver) periodOf(shifts []int64, old, now *Registers) Period {
	if len(s.sinks) == 0 {
		return Period{}
	}
	for i, section := range old.sections {
		if section.owner < len(s.procs) && section.part == 0 && sinkOf(s.procs[section.owner].Process) == s.sinks[0] {
			beats := s.sinks[0].log.beats
			return Period{Frames: shifts[i] / beats, Cycles: now.base - old.base, From: section.count / beats}
		}
	}
	return Period{}
}

// sinkOf is the sink that a process is, nil if it is none.
func sinkOf(p Process) *Sink {
	switch p := p.(type) {
	case *Sink:
		return p
	case *Writer:
		return &p.sink
	}
	return nil
}

// Pace is the time from frame to frame at the first sink.
type Pace struct {
	Mean        float64 // cycles from the last beat of a frame to that of the next
	Least, Most Cycle
	Period      int64 // frames after which the intervals repeat, 0 when that was not found
}

// Pace returns the steady pace of a run of three frames or more: the mean of the
// intervals of one period of the plan's state, or, when none was found, of the
// later half of the frames. ok is false with fewer frames.
func (r *Result) Pace() (p Pace, ok bool) {
	if len(r.Sinks[0]) < 3 {
		return Pace{}, false
	}
	return r.steady(), true
}

// steady is the pace of a run that has a period, or frames enough.
func (r *Result) steady() Pace {
	frames := r.Sinks[0]
	n := int64(len(frames))
	if d := r.Period; d.Frames > 0 && d.From+d.Frames <= n {
		ends := make([]Cycle, 0, d.Frames+1)
		for _, f := range frames[d.From : d.From+d.Frames] {
			ends = append(ends, f.Last)
		}
		return paceOf(append(ends, ends[0]+d.Cycles), d.Frames)
	}
	ends := make([]Cycle, 0, n)
	for _, f := range frames[(n-1)/2:] {
		ends = append(ends, f.Last)
	}
	return paceOf(ends, 0)
}

// paceOf is the pace of frames that end so.
func paceOf(ends []Cycle, period int64) Pace {
	p := Pace{Least: Never, Period: period}
	for i, end := range ends[1:] {
		p.Least, p.Most = min(p.Least, end-ends[i]), max(p.Most, end-ends[i])
	}
	p.Mean = float64(ends[len(ends)-1]-ends[0]) / float64(len(ends)-1)
	return p
}
