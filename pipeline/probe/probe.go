package probe

import (
	"context"
	"errors"
	"strings"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Options say what a probe shows.
type Options struct {
	From, To clock.Cycle            // the cycles shown, To not included
	Edge     func(name string) bool // whether an edge is; nil: all are
	Spans    []Span                 // what is known to go on besides
}

// Span is what goes on for a time, as whose turn it is.
type Span struct {
	Track, Name string // those of a track do not overlap, and come in their order
	From, Until clock.Cycle
}

// Turn is a run of a plan, and the cycle in which it begins: machines that run one after
// the other take turns. Their stages and edges have different names.
type Turn struct {
	Layer  string // whose turn it is, empty where there is but one
	Start  clock.Cycle
	Plan   *pipeline.Plan
	Run    clock.Options // once more
	Result *clock.Result // what is known of the run
	Values *Values       // nil: none

	from, end clock.Cycle // the cycles shown, counted from its start
}

// window finds which of its cycles are shown.
func (t *Turn) window(o Options) {
	t.from = max(0, o.From-t.Start)
	t.end = max(t.from, min(o.To-t.Start, t.Result.Total))
}

// shown reports whether any of its cycles is.
func (t *Turn) shown() bool { return t.Run.Frames > 0 && t.from < t.end }

// shows reports whether an edge is shown.
func (o Options) shows(t *Turn, edge int) bool {
	return o.Edge == nil || o.Edge(t.Plan.Edges[edge].Name)
}

// carries reports whether an edge shows its elements: one that was asked for, or else one
// that leads from the outside world or to it. Those between take a great deal of room.
func (o Options) carries(t *Turn, edge int) bool {
	if o.Edge != nil {
		return o.shows(t, edge)
	}
	in, out := t.Plan.Wiring()
	e := t.Plan.Edges[edge]
	return len(in[e.From.Node]) == 0 || len(out[e.To.Node]) == 0
}

// Form is how runs are shown: Signals, Slices or a Summary.
type Form interface {
	shows(e pipeline.Edge) bool // whether it has something to show of an edge
	open(p *Probe)
	begin(t *Turn, r *clock.Recording) // of the turn that comes next
	play(t *Turn, until clock.Cycle)   // what happens before a cycle of the turn
	finish(t *Turn)
	close() error
}

// Probe shows turns, one after the other.
type Probe struct {
	options Options
	turns   []*Turn // those of which something is shown
	end     clock.Cycle
	form    Form
}

// New begins to show turns, which follow each other.
func New(turns []*Turn, o Options, form Form) *Probe {
	p := &Probe{options: o, form: form}
	for _, t := range turns {
		if t.window(o); t.shown() {
			p.turns = append(p.turns, t)
		}
		p.end = max(p.end, t.Start+t.Result.Total)
	}
	p.end = max(o.From, min(o.To, p.end))
	form.open(p)
	return p
}

// Close ends what is shown.
func (p *Probe) Close() error { return p.form.close() }

// Show runs the plan of a turn once more and shows the run. One that deadlocks is shown,
// too: up to the cycle in which nothing moves any more.
func (p *Probe) Show(t *Turn) error {
	if !t.shown() {
		return t.Values.failed()
	}
	b := &showing{Probe: p, turn: t, over: make(chan struct{})}
	run := t.Run
	run.Record, run.Histories, run.Done = false, 0, b.until(run.Done)
	run.Tapes = &clock.Tapes{From: t.from, To: t.end, Play: b.play,
		Edge: func(edge int) bool { return p.edge(t, edge) }}
	_, err := clock.Solve(t.Plan, run)
	if !b.ended {
		close(b.over)
	}
	var dead *clock.Deadlock
	if err == nil && !b.ended && t.stopped() {
		err = context.Canceled
	}
	if err != nil && !errors.As(err, &dead) && !b.ended {
		return err
	}
	if b.begun {
		p.form.finish(t)
	}
	return t.Values.failed()
}

// edge reports whether an edge of a turn is shown in the form.
func (p *Probe) edge(t *Turn, edge int) bool {
	return p.options.shows(t, edge) && p.form.shows(t.Plan.Edges[edge])
}

// showing is a turn on show.
type showing struct {
	*Probe
	turn  *Turn
	begun bool
	over  chan struct{} // closed when all is shown
	ended bool          // it is
}

// until is closed when done is, or when all is shown.
func (b *showing) until(done <-chan struct{}) <-chan struct{} {
	if done == nil {
		return b.over
	}
	either := make(chan struct{})
	go func() {
		defer close(either)
		select {
		case <-done:
		case <-b.over:
		}
	}()
	return either
}

// play shows what happens before a cycle.
func (b *showing) play(r *clock.Recording, until clock.Cycle) {
	t := b.turn
	until = min(until, t.end) // laps go on behind it
	if until <= t.from {
		return
	}
	if !b.begun {
		b.begun = true
		b.form.begin(t, r)
	}
	b.form.play(t, until)
	if until >= t.end && !b.ended && !t.stopped() {
		b.ended = true
		close(b.over)
	}
}

// stopped reports whether nobody waits for what is shown any more.
func (t *Turn) stopped() bool {
	select {
	case <-t.Run.Done:
		return true
	default:
		return false
	}
}

// layerOf is the layer of a stage: the longest that its name begins with.
func layerOf(p *pipeline.Plan, stage string) (layer string) {
	for _, n := range p.Nodes {
		if len(n.Layer) > len(layer) && strings.HasPrefix(stage, n.Layer+".") {
			layer = n.Layer
		}
	}
	return layer
}
