package clock

// Span is a run of handshakes in consecutive cycles, First to Last inclusive.
type Span struct{ First, Last Cycle }

// Trace is every handshake at one end of an edge, in the order of time.
type Trace struct{ Spans []Span }

func (t *Trace) add(at Cycle) {
	if n := len(t.Spans); n > 0 && t.Spans[n-1].Last == at-1 {
		t.Spans[n-1].Last = at
		return
	}
	t.Spans = append(t.Spans, Span{at, at})
}

// Len is the number of handshakes.
func (t *Trace) Len() (n int64) {
	for _, s := range t.Spans {
		n += int64(s.Last - s.First + 1)
	}
	return n
}

// Nth is the cycle of handshake n, counted from 0; Never when there are fewer.
func (t *Trace) Nth(n int64) Cycle {
	for _, s := range t.Spans {
		if length := int64(s.Last - s.First + 1); n >= length {
			n -= length
		} else {
			return s.First + Cycle(n)
		}
	}
	return Never
}

// EdgeRecord is what happened at the two ends of an edge: beats entering and
// leaving, the same on a wire, and since when the producer offered each. From
// them follow valid and ready of a FIFO in every cycle.
type EdgeRecord struct {
	Name    string
	In, Out *Trace
	Offers  []Cycle // by beat
}

func (r *EdgeRecord) offer(t Cycle) { r.Offers = append(r.Offers, t) }

// record makes every edge keep its handshakes.
func (s *solver) record() {
	s.records = make([]EdgeRecord, len(s.edges))
	for i := range s.edges {
		e := &s.edges[i]
		r := &s.records[i]
		*r = EdgeRecord{Name: e.name, Out: &Trace{}}
		r.In = r.Out
		if e.depth > 0 {
			r.In = &Trace{}
		}
		e.record, e.watched = r, true
	}
}
