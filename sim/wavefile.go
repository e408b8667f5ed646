package sim

import (
	"io"
	"strconv"
	"strings"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/wave"
)

// WriteVCD writes what was kept of a run of a plan as a value change dump: per stage
// its state, per edge valid and ready at its ends, and how much a FIFO holds. Ready is
// unknown where nothing is on offer. The cycles are those from first to end, not included.
func WriteVCD(w io.Writer, p *pipeline.Plan, r *clock.Result, first, end clock.Cycle) error {
	players := playersOf(p, r)
	var signals []wave.Signal
	for i := range players {
		players[i].first = len(signals)
		signals = append(signals, players[i].signals...)
	}
	v := wave.NewVCD(w, "one time unit is one clock cycle", signals)
	for i := range players {
		players[i].start(v, first)
	}
	for {
		next := clock.Never
		for i := range players {
			next = min(next, players[i].next)
		}
		if next == clock.Never {
			return v.Close(int64(max(first, min(end, r.Total))))
		}
		for i := range players {
			if players[i].next == next {
				players[i].play(v)
			}
		}
	}
}

// player plays the tapes of a stage or of an edge.
type player struct {
	signals []wave.Signal
	first   int // number of its first signal
	next    clock.Cycle
	tracks  []track
	show    func(now []clock.Cause) []string
	values  []string
	fifo    bool
	held    int64
}

// track is one tape on its way.
type track struct {
	reel *clock.Reel
	now  clock.Stretch
	ok   bool
}

// playersOf makes the players of a plan's stages and edges, layer by layer.
func playersOf(p *pipeline.Plan, r *clock.Result) []player {
	if r.Tapes == nil { // no frame ran
		return nil
	}
	byLayer, layers := map[string][]player{}, []string{}
	add := func(layer string, made player) {
		if byLayer[layer] == nil {
			layers = append(layers, layer)
		}
		byLayer[layer] = append(byLayer[layer], made)
	}
	for i, s := range r.Stages {
		layer := layerOf(p, s.Name)
		add(layer, stagePlayer(scopeOf(layer, s.Name), r.Tapes.Stages[i]))
	}
	for i, e := range p.Edges {
		if ends := r.Tapes.Edges[i]; ends.Out != nil {
			layer := p.Nodes[e.From.Node].Layer
			add(layer, edgePlayer(p, i, scopeOf(layer, e.Name), ends))
		}
	}
	var all []player
	for _, layer := range layers {
		all = append(all, byLayer[layer]...)
	}
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

func stagePlayer(scope []string, t *clock.Tape) player {
	return player{signals: []wave.Signal{{Scope: scope, Name: "state"}}, tracks: []track{{reel: t.Play()}},
		show: func(now []clock.Cause) []string { return []string{now[0].String()} }}
}

func edgePlayer(p *pipeline.Plan, edge int, scope []string, ends clock.Ends) player {
	bit := func(name string) wave.Signal { return wave.Signal{Scope: scope, Name: name, Width: 1} }
	if ends.In == ends.Out {
		return player{signals: []wave.Signal{bit("valid"), bit("ready")}, tracks: []track{{reel: ends.Out.Play()}},
			show: func(now []clock.Cause) []string { return handshake(now[0]) }}
	}
	width := len(strconv.FormatInt(int64(p.Edges[edge].Depth), 2)) + 1
	signals := []wave.Signal{bit("in_valid"), bit("in_ready"), bit("out_valid"), bit("out_ready"),
		{Scope: scope, Name: "fill", Width: width}}
	return player{signals: signals, tracks: []track{{reel: ends.In.Play()}, {reel: ends.Out.Play()}}, fifo: true,
		held: ends.In.Before() - ends.Out.Before(),
		show: func(now []clock.Cause) []string { return append(handshake(now[0]), handshake(now[1])...) }}
}

// handshake is valid and ready at an end.
func handshake(c clock.Cause) []string {
	switch c {
	case clock.Busy:
		return []string{"1", "1"}
	case clock.Blocked:
		return []string{"1", "0"}
	}
	return []string{"0", "x"}
}

// start shows the first cycle.
func (p *player) start(v *wave.VCD, first clock.Cycle) {
	p.values = make([]string, len(p.signals))
	p.next = first
	for i := range p.tracks {
		p.tracks[i].now, p.tracks[i].ok = p.tracks[i].reel.Next()
	}
	p.play(v)
}

// play shows the cycle that comes next, and finds when something changes after it.
func (p *player) play(v *wave.VCD) {
	at := p.next
	p.next = clock.Never
	var now []clock.Cause
	for i := range p.tracks {
		t := &p.tracks[i]
		if t.ok && t.now.Until <= at {
			t.now, t.ok = t.reel.Next()
		}
		if !t.ok {
			return
		}
		now = append(now, t.now.Cause)
		p.next = min(p.next, t.now.Until)
	}
	values := p.show(now)
	if p.fifo {
		values = append(values, strconv.FormatInt(p.held, 2))
		p.count(now, at)
	}
	for i, value := range values {
		if value != p.values[i] {
			v.Set(int64(at), p.first+i, value)
			p.values[i] = value
		}
	}
}

// count keeps how much a FIFO holds: a beat that moves in a cycle shows in the next.
func (p *player) count(now []clock.Cause, at clock.Cycle) {
	in, out := now[0] == clock.Busy, now[1] == clock.Busy
	if in == out {
		return
	}
	if in {
		p.held++
	} else {
		p.held--
	}
	p.next = min(p.next, at+1)
}
