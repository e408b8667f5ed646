package probe

import (
	"container/heap"
	"errors"
	"slices"
	"strings"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/wave"
)

// Options say what a probe shows.
type Options struct {
	From, To clock.Cycle            // the cycles shown, To not included
	Edge     func(name string) bool // whether an edge is; nil: all are
	Total    clock.Cycle            // of the run
	Values   *Values                // nil: none
}

// end is the cycle before which what is shown ends.
func (o Options) end() clock.Cycle { return max(o.From, min(o.To, o.Total)) }

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

// Open begins a waveform of signals, of the cycles from first to end.
type Open func(signals []wave.Signal, first, end int64) wave.Writer

// Write runs a plan once more and writes the waveform of the run. A run that deadlocks
// has one, too: up to the cycle in which nothing moves any more.
func Write(p *pipeline.Plan, run clock.Options, o Options, open Open) error {
	b := &probe{plan: p, options: o, open: open, over: make(chan struct{})}
	if run.Frames == 0 {
		return b.close()
	}
	run.Record, run.Histories, run.Done = false, 0, b.until(run.Done)
	run.Tapes = &clock.Tapes{From: o.From, To: o.end(), Play: b.play, Edge: func(edge int) bool { return o.shows(p, edge) }}
	_, err := clock.Solve(p, run)
	var dead *clock.Deadlock
	if err != nil && !errors.As(err, &dead) && !b.ended {
		return err
	}
	return errors.Join(b.close(), o.Values.failed())
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

// probe is a waveform on its way.
type probe struct {
	plan    *pipeline.Plan
	options Options
	open    Open
	out     wave.Writer
	queue   queue
	over    chan struct{} // closed when all is shown
	ended   bool          // it is
}

// play shows what happens before a cycle.
func (b *probe) play(r *clock.Recording, until clock.Cycle) {
	if until <= b.options.From {
		return
	}
	if b.out == nil {
		b.begin(r)
	}
	for len(b.queue) > 0 && b.queue[0].next < until {
		b.queue[0].play(b.out, until)
		heap.Fix(&b.queue, 0)
	}
	if until >= b.options.end() && !b.ended {
		b.ended = true
		close(b.over)
	}
}

// begin finds the players, and begins the waveform of their signals.
func (b *probe) begin(r *clock.Recording) {
	var signals []wave.Signal
	b.queue = players(b.plan, r, b.options)
	for i, p := range b.queue {
		p.number, p.first, p.next = i, len(signals), b.options.From
		signals = append(signals, p.signals...)
	}
	b.out = b.open(signals, int64(b.options.From), int64(b.options.end()))
}

// close ends the waveform.
func (b *probe) close() error {
	if b.out == nil {
		b.out = b.open(nil, int64(b.options.From), int64(b.options.end()))
	}
	return b.out.Close(int64(b.options.end()))
}

// queue is players by when something changes next, and by number.
type queue []*player

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	return q[i].next < q[j].next || q[i].next == q[j].next && q[i].number < q[j].number
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push and Pop are there for heap.Interface: players come all at once and stay.
func (q *queue) Push(any) { panic("probe: a player more") }

// Pop is never called.
func (q *queue) Pop() any { panic("probe: a player less") }

// players makes the players of a plan's stages and edges, layer by layer.
func players(p *pipeline.Plan, r *clock.Recording, o Options) queue {
	var all []*player
	var layers []string
	add := func(layer string, made *player) {
		if !slices.Contains(layers, layer) {
			layers = append(layers, layer)
		}
		made.layer = layer
		all = append(all, made)
	}
	for i, name := range r.Names {
		layer := layerOf(p, name)
		add(layer, stagePlayer(scopeOf(layer, name), r.Stages[i]))
	}
	for i, e := range p.Edges {
		if r.Edges[i].Out != nil {
			layer := p.Nodes[e.From.Node].Layer
			add(layer, edgePlayer(p, i, scopeOf(layer, e.Name), r.Edges[i], o.Values))
		}
	}
	slices.SortStableFunc(all, func(a, b *player) int { return slices.Index(layers, a.layer) - slices.Index(layers, b.layer) })
	return all
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

func scopeOf(layer, name string) []string {
	if layer == "" {
		return []string{"convsim", name}
	}
	return []string{"convsim", layer, strings.TrimPrefix(name, layer+".")}
}
