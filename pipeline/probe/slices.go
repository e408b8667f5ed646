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
	tracks int
	stages []*states
	fills  []*level
}

// shows is about FIFOs: of a wire there is nothing to count.
func (*timeline) shows(e pipeline.Edge) bool { return e.Depth > 0 }

// track begins a track and returns its number.
func (f *timeline) track(group, name string, counter bool) int {
	f.w.Track(wave.Track{Group: group, Name: name, Counter: counter})
	f.tracks++
	return f.tracks - 1
}

// begin begins the tracks, layer by layer.
func (f *timeline) begin(b *probe, r *clock.Recording) {
	p := b.plan
	var layers []string
	stages, fills := map[string][]int{}, map[string][]int{}
	note := func(in map[string][]int, layer string, i int) {
		if stages[layer] == nil && fills[layer] == nil {
			layers = append(layers, layer)
		}
		in[layer] = append(in[layer], i)
	}
	for i, name := range r.Names {
		note(stages, layerOf(p, name), i)
	}
	for i, e := range p.Edges {
		if r.Edges[i].Out != nil {
			note(fills, p.Nodes[e.From.Node].Layer, i)
		}
	}
	for _, layer := range layers {
		group := cmp.Or(layer, "convsim")
		for _, i := range stages[layer] {
			f.stages = append(f.stages, &states{track: f.track(group, r.Names[i], false), reel: r.Stages[i].Play()})
		}
		for _, i := range fills[layer] {
			f.fills = append(f.fills, &level{track: f.track(group, "fill "+p.Edges[i].Name, true), fill: newFill(r.Edges[i], b.options.From), shown: -1})
		}
	}
}

func (f *timeline) play(until clock.Cycle) {
	for _, s := range f.stages {
		s.play(f.w, until)
	}
	for _, l := range f.fills {
		l.play(f.w, until)
	}
}

func (f *timeline) end(b *probe) error {
	for _, s := range f.stages {
		s.settle(f.w)
	}
	f.frames(b)
	return f.w.Close()
}

// states is the track of a stage.
type states struct {
	track int
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
		w.Slice(wave.Slice{Track: s.track, From: int64(s.held.From), Until: int64(s.held.Until), Name: s.held.Cause.String()})
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
	slice := wave.Slice{Track: s.track, From: int64(now.From), Until: int64(now.From + clock.Cycle(times)*period),
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
	fill  *fill
	shown int64
}

func (l *level) play(w wave.Trace, until clock.Cycle) {
	l.fill.walk(until, func(from, _ clock.Cycle, held, _ int64) {
		if held != l.shown {
			w.Count(l.track, int64(from), held)
			l.shown = held
		}
	})
}

// frames shows when frames go in and come out.
func (f *timeline) frames(b *probe) {
	in, out := b.plan.Wiring()
	var sources, sinks []string
	for i, n := range b.plan.Nodes {
		switch {
		case len(in[i]) == 0:
			sources = append(sources, n.Name())
		case len(out[i]) == 0:
			sinks = append(sinks, n.Name())
		}
	}
	run, ends := b.options.Run, int64(max(1, len(sinks)))
	flow := func(source, sink, frame int) uint64 {
		return uint64((int64(frame)*int64(len(sources))+int64(source))*ends+int64(sink)) + 1
	}
	for i, times := range run.Sources[:min(len(sources), len(run.Sources))] {
		f.ends(b, "frames into "+sources[i], times, func(frame int, s *wave.Slice) {
			for k, sink := range run.Sinks {
				if frame < len(sink) && b.sees(sink[frame]) {
					s.Begins = append(s.Begins, flow(i, k, frame))
				}
			}
		})
	}
	for k, times := range run.Sinks[:min(len(sinks), len(run.Sinks))] {
		f.ends(b, "frames out of "+sinks[k], times, func(frame int, s *wave.Slice) {
			for i, source := range run.Sources {
				if frame < len(source) && b.sees(source[frame]) {
					s.Ends = append(s.Ends, flow(i, k, frame))
				}
			}
		})
	}
}

// sees reports whether a frame begins among the cycles that are shown.
func (b *probe) sees(t clock.FrameTimes) bool {
	return t.First >= b.options.From && t.First < b.options.end()
}

// ends shows the frames at an end of the pipeline.
func (f *timeline) ends(b *probe, name string, times []clock.FrameTimes, arrows func(int, *wave.Slice)) {
	track := f.track("frames", name, false)
	for frame, t := range times {
		if !b.sees(t) {
			continue
		}
		s := wave.Slice{Track: track, From: int64(t.First), Until: int64(min(t.Last+1, b.options.end())), Name: fmt.Sprintf("frame %d", frame)}
		arrows(frame, &s)
		f.w.Slice(s)
	}
}
