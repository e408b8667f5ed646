package pipeline

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

// EdgeTrace is the traces of one edge: beats entering and leaving. On a wire
// they are the same.
type EdgeTrace struct {
	Name    string
	In, Out *Trace
}

// Trace records every handshake of the run to come; it must be called before
// Run. Nothing is skipped then, since every handshake is wanted.
func (g *Graph) Trace() []EdgeTrace {
	g.traced = true
	out := make([]EdgeTrace, len(g.edges))
	for i, e := range g.edges {
		e.traceOut = &Trace{}
		e.traceIn = e.traceOut
		if e.depth > 0 {
			e.traceIn = &Trace{}
		}
		out[i] = EdgeTrace{e.name, e.traceIn, e.traceOut}
	}
	return out
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
