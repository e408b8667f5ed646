package probe

import (
	"errors"
	"strings"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Options say what a probe shows.
type Options struct {
	From, To clock.Cycle            // the cycles shown, To not included
	Edge     func(name string) bool // whether an edge is; nil: all are
	Run      *clock.Result          // what is known of the run
	Values   *Values                // nil: none
}

// end is the cycle before which what is shown ends.
func (o Options) end() clock.Cycle { return max(o.From, min(o.To, o.Run.Total)) }

// shows reports whether an edge is shown.
func (o Options) shows(p *pipeline.Plan, edge int) bool {
	return o.Edge == nil || o.Edge(p.Edges[edge].Name)
}

// carries reports whether an edge shows its elements: one that was asked for, or else one
// that leads from the outside world or to it. Those between take a great deal of room.
func (o Options) carries(p *pipeline.Plan, edge int) bool {
	if o.Edge != nil {
		return o.shows(p, edge)
	}
	in, out := p.Wiring()
	e := p.Edges[edge]
	return len(in[e.From.Node]) == 0 || len(out[e.To.Node]) == 0
}

// Form is how a run is shown: Signals or Slices.
type Form interface {
	shows(e pipeline.Edge) bool // whether it has something to show of an edge
	begin(b *probe, r *clock.Recording)
	play(until clock.Cycle) // what happens before a cycle
	end(b *probe) error
}

// Write runs a plan once more and shows the run. One that deadlocks is shown, too: up to
// the cycle in which nothing moves any more.
func Write(p *pipeline.Plan, run clock.Options, o Options, form Form) error {
	b := &probe{plan: p, options: o, form: form, over: make(chan struct{})}
	if run.Frames == 0 {
		return form.end(b)
	}
	run.Record, run.Histories, run.Done = false, 0, b.until(run.Done)
	run.Tapes = &clock.Tapes{From: o.From, To: o.end(), Play: b.play,
		Edge: func(edge int) bool { return o.shows(p, edge) && form.shows(p.Edges[edge]) }}
	_, err := clock.Solve(p, run)
	var dead *clock.Deadlock
	if err != nil && !errors.As(err, &dead) && !b.ended {
		return err
	}
	return errors.Join(form.end(b), o.Values.failed())
}

// probe is a run that is shown.
type probe struct {
	plan    *pipeline.Plan
	options Options
	form    Form
	begun   bool
	over    chan struct{} // closed when all is shown
	ended   bool          // it is
}

// until is closed when done is, or when all is shown.
func (b *probe) until(done <-chan struct{}) <-chan struct{} {
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
func (b *probe) play(r *clock.Recording, until clock.Cycle) {
	until = min(until, b.options.end()) // laps go on behind it
	if until <= b.options.From {
		return
	}
	if !b.begun {
		b.begun = true
		b.form.begin(b, r)
	}
	b.form.play(until)
	if until >= b.options.end() && !b.ended {
		b.ended = true
		close(b.over)
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
