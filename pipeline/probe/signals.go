package probe

import (
	"container/heap"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Open begins a waveform of signals, of the cycles from first to end.
type Open func(signals []wave.Signal, first, end int64) wave.Writer

// Signals shows a run as a waveform: states, valid, ready, fills and data.
func Signals(open Open) Form { return &waveform{open: open} }

// waveform is one on its way.
type waveform struct {
	open  Open
	out   wave.Writer
	queue queue
}

func (*waveform) shows(pipeline.Edge) bool { return true }

// begin finds the players, and begins the waveform of their signals.
func (f *waveform) begin(b *probe, r *clock.Recording) {
	var signals []wave.Signal
	f.queue = players(b.plan, r, b.options)
	for i, p := range f.queue {
		p.number, p.first, p.next = i, len(signals), b.options.From
		signals = append(signals, p.signals...)
	}
	f.out = f.open(signals, int64(b.options.From), int64(b.options.end()))
}

func (f *waveform) play(until clock.Cycle) {
	for len(f.queue) > 0 && f.queue[0].next < until {
		f.queue[0].play(f.out, until)
		heap.Fix(&f.queue, 0)
	}
}

func (f *waveform) end(b *probe) error {
	if f.out == nil {
		f.out = f.open(nil, int64(b.options.From), int64(b.options.end()))
	}
	return f.out.Close(int64(b.options.end()))
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

func scopeOf(layer, name string) []string {
	if layer == "" {
		return []string{"convsim", name}
	}
	return []string{"convsim", layer, strings.TrimPrefix(name, layer+".")}
}
