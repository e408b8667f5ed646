package stepsim

// Result is what happened in a run.
type Result struct {
	Total     Cycle     // the last handshake at the sink + 1
	Edges     []Trace   // Edges[i] joins Stages[i] and Stages[i+1]
	Processes []Process // in chain order, the writer of a window before its reader
	FIFOs     []FIFOStats
}

// Trace is what crossed between two blocks.
type Trace struct {
	Beats      int64   // handshakes so far
	FrameBeats int     // of one frame
	Frames     []Span  // one per frame of which a beat crossed
	Cycles     []Cycle // every handshake, if Handshakes was asked for
}

// Span is the first and the last handshake of a frame on an edge.
type Span struct{ First, Last Cycle }

// Process is a part of a stage that does at most one thing in a cycle.
type Process struct {
	Stage    int    // index in Chain.Stages
	Name     string // such as array3 of a chain; of a graph the block's, with the kind behind it if the block has two
	Kind     Kind
	Queue    int             // of an array: the most results its output queue held; FINN's loses some at more than 4
	Counts   [numNames]Cycle // indexed by Name; they sum to Result.Total
	Timeline []Name          // one per cycle, if Timelines was asked for
}

// FIFOStats counts over the starts of the cycles 0..Total-1. A wire is always empty and never full.
type FIFOStats struct {
	Stage        int // index in Chain.Stages
	Depth        int
	MaxOccupancy int
	FullCycles   Cycle
	EmptyCycles  Cycle
}

// In returns the spans of the frames at the source.
func (r Result) In() []Span { return r.Edges[0].Frames }

// Out returns the spans of the frames at the sink.
func (r Result) Out() []Span { return r.Edges[len(r.Edges)-1].Frames }

// Process returns the process of a kind in a stage.
func (r Result) Process(stage int, kind Kind) (Process, bool) {
	for _, p := range r.Processes {
		if p.Stage == stage && p.Kind == kind {
			return p, true
		}
	}
	return Process{}, false
}

// String returns the process's name, such as array3.
func (p Process) String() string { return p.Name }

func (e *Trace) count(t Cycle, record bool) {
	if e.Beats%int64(e.FrameBeats) == 0 {
		e.Frames = append(e.Frames, Span{First: t})
	}
	e.Frames[len(e.Frames)-1].Last = t
	e.Beats++
	if record {
		e.Cycles = append(e.Cycles, t)
	}
}

func (p *Process) count(n Name, record bool) {
	p.Counts[n]++
	if record {
		p.Timeline = append(p.Timeline, n)
	}
}

func (f *FIFOStats) count(held int, full bool) {
	f.MaxOccupancy = max(f.MaxOccupancy, held)
	if held == 0 {
		f.EmptyCycles++
	}
	if full {
		f.FullCycles++
	}
}

// TraceHash returns the fingerprint of a run that testdata/finn holds: 64-bit FNV over the handshakes of the
// source (in) and of the sink (out) in time order, the output first within a cycle.
func TraceHash(in, out []Cycle) uint64 {
	h := uint64(1469598103934665603)
	mix := func(v Cycle) { h = (h ^ uint64(v)) * 1099511628211 }
	for len(in) > 0 || len(out) > 0 {
		if len(in) == 0 || len(out) > 0 && out[0] <= in[0] {
			mix(2*out[0] + 1)
			out = out[1:]
		} else {
			mix(2 * in[0])
			in = in[1:]
		}
	}
	return h
}
