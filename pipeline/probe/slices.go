package probe

import (
	"cmp"
	"fmt"

	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Slices shows a run as a timeline: a track a stage with its states, a counter a FIFO with
// its fill, and the frames that go in and come out, with an arrow from one to the other.
// Periods that fast-forward skipped are one slice that says so.
func Slices(w wave.Trace) Form { return &timeline{w: w} }

// timeline is one on its way.
type timeline struct {
	w      wave.Trace
	probe  *Probe
	tracks int
	flows  uint64 // arrows so far
	stages []*states
	fills  []*level
}

// shows is about FIFOs: of a wire there is nothing to count.
func (*timeline) shows(e pipeline.Edge) bool { return e.Depth > 0 }

func (f *timeline) open(p *Probe) {
	f.probe = p
	f.spanSlices(p)
}

// track begins a track and returns its number.
func (f *timeline) track(group, name string, counter bool) int {
	f.w.Track(wave.Track{Group: group, Name: name, Counter: counter})
	f.tracks++
	return f.tracks - 1
}

// begin begins the tracks of a turn, layer by layer.
func (f *timeline) begin(t *Turn, r *clock.Recording) {
	var layers []string
	stages, fills := map[string][]int{}, map[string][]int{}
	note := func(in map[string][]int, layer string, i int) {
		if layer = cmp.Or(t.Layer, layer, "convsim"); stages[layer] == nil && fills[layer] == nil {
			layers = append(layers, layer)
		}
		in[layer] = append(in[layer], i)
	}
	for i, name := range r.Names {
		note(stages, layerOf(t.Plan, name), i)
	}
	for i, e := range t.Plan.Edges {
		if r.Edges[i].Out != nil {
			note(fills, t.Plan.Nodes[e.From.Node].Layer, i)
		}
	}
	f.stages, f.fills = nil, nil
	for _, layer := range layers {
		for _, i := range stages[layer] {
			f.stages = append(f.stages, &states{track: f.track(layer, r.Names[i], false), start: t.Start, reel: r.Stages[i].Play()})
		}
		for _, i := range fills[layer] {
			f.fills = append(f.fills, &level{track: f.track(layer, "fill "+t.Plan.Edges[i].Name, true), start: t.Start,
				fill: newFill(r.Edges[i], t.from), shown: -1})
		}
	}
}

func (f *timeline) play(_ *Turn, until clock.Cycle) {
	for _, s := range f.stages {
		s.play(f.w, until)
	}
	for _, l := range f.fills {
		l.play(f.w, until)
	}
}

func (f *timeline) finish(t *Turn) {
	for _, s := range f.stages {
		s.settle(f.w)
	}
	f.frames(t)
}

func (f *timeline) close() error { return f.w.Close() }

// states is the track of a stage.
type states struct {
	track int
	start clock.Cycle // of the turn
	reel  *clock.Reel
	held  clock.Stretch // not shown yet: it may go on
}

func (s *states) play(w wave.Trace, until clock.Cycle) {
	for {
		now, ok := s.reel.Before(until)
		if !ok {
			return
		}
		if lap := s.reel.Lap(); lap.Left > 0 && now.From >= lap.From {
			now = s.skip(w, now, min(lap.Left-1, int64((until-now.From)/lap.Cycles)-1), lap.Cycles)
		}
		if now.Cause != s.held.Cause || now.From != s.held.Until {
			s.settle(w)
			s.held = now
		}
		s.held.Until = now.Until
	}
}

// settle shows the stretch that is held.
func (s *states) settle(w wave.Trace) {
	if s.held.Until > s.held.From {
		w.Slice(wave.Slice{Track: s.track, From: int64(s.start + s.held.From), Until: int64(s.start + s.held.Until), Name: s.held.Cause.String()})
	}
	s.held = clock.Stretch{}
}

// fewestSkipped is from how many periods on they are shown as one slice.
const fewestSkipped = 2

// skip shows so many periods from the beginning of a stretch on as what they are, and
// returns the stretch where it comes after them.
func (s *states) skip(w wave.Trace, now clock.Stretch, times int64, period clock.Cycle) clock.Stretch {
	if times < fewestSkipped {
		return now
	}
	s.settle(w)
	from := s.start + now.From
	slice := wave.Slice{Track: s.track, From: int64(from), Until: int64(from + clock.Cycle(times)*period),
		Name:  fmt.Sprintf("%d x %d cycles", times, period),
		Notes: []wave.Note{{Name: "fast-forwarded periods", Value: times}, {Name: "cycles of a period", Value: int64(period)}}}
	for cause, n := range s.reel.Shares() {
		if n > 0 {
			slice.Notes = append(slice.Notes, wave.Note{Name: clock.Cause(cause).String(), Value: n * times})
		}
	}
	w.Slice(slice)
	later := s.reel.Skip(times)
	now.From += later
	now.Until += later
	return now
}

// level is the counter of a FIFO.
type level struct {
	track int
	start clock.Cycle // of the turn
	fill  *fill
	shown int64
}

func (l *level) play(w wave.Trace, until clock.Cycle) {
	l.fill.walk(until, func(from, _ clock.Cycle, held, _ int64) {
		if held != l.shown {
			w.Count(l.track, int64(l.start+from), held)
			l.shown = held
		}
	})
}

// frames shows when frames of a turn go in and come out.
func (f *timeline) frames(t *Turn) {
	in, out := t.Plan.Wiring()
	var sources, sinks []string
	for i, n := range t.Plan.Nodes {
		switch {
		case len(in[i]) == 0:
			sources = append(sources, n.Name())
		case len(out[i]) == 0:
			sinks = append(sinks, n.Name())
		}
	}
	run, first, most := t.Result, f.flows+1, 0
	flow := func(source, sink, frame int) uint64 {
		most = max(most, frame+1)
		return first + uint64((frame*len(sources)+source)*len(sinks)+sink)
	}
	for i, times := range run.Sources[:min(len(sources), len(run.Sources))] {
		f.ends(t, "frames into "+sources[i], times, func(frame int, s *wave.Slice) {
			for k, sink := range run.Sinks {
				if frame < len(sink) && t.sees(sink[frame]) {
					s.Begins = append(s.Begins, flow(i, k, frame))
				}
			}
		})
	}
	for k, times := range run.Sinks[:min(len(sinks), len(run.Sinks))] {
		f.ends(t, "frames out of "+sinks[k], times, func(frame int, s *wave.Slice) {
			for i, source := range run.Sources {
				if frame < len(source) && t.sees(source[frame]) {
					s.Ends = append(s.Ends, flow(i, k, frame))
				}
			}
		})
	}
	f.flows += uint64(most * len(sources) * len(sinks))
}

// sees reports whether a frame begins among the cycles that are shown.
func (t *Turn) sees(f clock.FrameTimes) bool { return f.First >= t.from && f.First < t.end }

// ends shows the frames at an end of the pipeline.
func (f *timeline) ends(t *Turn, name string, times []clock.FrameTimes, arrows func(int, *wave.Slice)) {
	track := f.track(cmp.Or(t.Layer, "frames"), name, false)
	for frame, at := range times {
		if !t.sees(at) {
			continue
		}
		s := wave.Slice{Track: track, From: int64(t.Start + at.First), Until: int64(t.Start + min(at.Last+1, t.end)), Name: fmt.Sprintf("frame %d", frame)}
		arrows(frame, &s)
		f.w.Slice(s)
	}
}
