package probe

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Open begins a waveform of signals, of the cycles from first to end.
type Open func(signals []wave.Signal, first, end int64) wave.Writer

// Signals shows runs as a waveform: states, valid, ready, fills and data.
func Signals(open Open) Form { return &waveform{start: open, players: map[*Turn]queue{}} }

// waveform is one on its way.
type waveform struct {
	start   Open
	probe   *Probe
	out     wave.Writer
	spans   []change // to come
	players map[*Turn]queue
	queue   queue // of the turn that goes on
}

func (*waveform) shows(pipeline.Edge) bool { return true }

// open finds the players of all turns, and begins the waveform of their signals: those
// whose turn comes later are at rest.
func (f *waveform) open(p *Probe) {
	f.probe = p
	var signals []wave.Signal
	signals, f.spans = spanSignals(p)
	for _, t := range p.turns {
		f.players[t] = players(p, t)
		for i, made := range f.players[t] {
			made.number, made.first = i, len(signals)
			signals = append(signals, made.signals...)
		}
	}
	from := p.options.From
	f.out = f.start(signals, int64(from), int64(p.end))
	f.tell(from)
	for _, t := range p.turns {
		if t.Start > from {
			f.rest(t, from)
		}
	}
}

// tell shows how spans change up to and with a cycle.
func (f *waveform) tell(at clock.Cycle) {
	for len(f.spans) > 0 && f.spans[0].at <= at {
		s := f.spans[0]
		f.out.Set(int64(s.at), s.signal, s.value)
		f.spans = f.spans[1:]
	}
}

// rest shows what the signals of a turn are when it is not its turn.
func (f *waveform) rest(t *Turn, at clock.Cycle) {
	for _, p := range f.players[t] {
		p.rest(f.out, at)
	}
}

func (f *waveform) begin(t *Turn, r *clock.Recording) {
	f.queue = slices.Clone(f.players[t])
	for _, p := range f.queue {
		p.begin(t, r)
	}
}

func (f *waveform) play(t *Turn, until clock.Cycle) {
	for len(f.queue) > 0 && f.queue[0].next < until {
		f.tell(t.Start + f.queue[0].next)
		f.queue[0].play(f.out, until)
		heap.Fix(&f.queue, 0)
	}
}

func (f *waveform) finish(t *Turn) {
	if end := t.Start + t.end; end < f.probe.end {
		f.tell(end)
		f.rest(t, end)
	}
	delete(f.players, t)
}

func (f *waveform) close() error {
	f.tell(f.probe.end - 1)
	return f.out.Close(int64(f.probe.end))
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

// players makes the players of a turn's stages and edges, layer by layer.
func players(p *Probe, t *Turn) queue {
	var all []*player
	var layers []string
	add := func(layer string, made *player) {
		if !slices.Contains(layers, layer) {
			layers = append(layers, layer)
		}
		made.layer = layer
		all = append(all, made)
	}
	for i, s := range t.Result.Stages {
		layer := layerOf(t.Plan, s.Name)
		add(layer, stagePlayer(scopeOf(t, layer, s.Name), i))
	}
	for i, e := range t.Plan.Edges {
		if p.edge(t, i) {
			layer := t.Plan.Nodes[e.From.Node].Layer
			add(layer, edgePlayer(t, i, scopeOf(t, layer, e.Name)))
		}
	}
	slices.SortStableFunc(all, func(a, b *player) int { return slices.Index(layers, a.layer) - slices.Index(layers, b.layer) })
	return all
}

// scopeOf is where something of a layer is: in its layer, or in whose turn it is.
func scopeOf(t *Turn, layer, name string) []string {
	if layer = cmp.Or(t.Layer, layer); layer == "" {
		return []string{"convsim", name}
	}
	return []string{"convsim", layer, strings.TrimPrefix(name, layer+".")}
}
