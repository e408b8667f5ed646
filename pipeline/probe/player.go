package probe

import (
	"bytes"
	"strconv"

	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// player plays the tapes of a stage or of an edge.
type player struct {
	signals []wave.Signal
	layer   string
	number  int
	first   int // number of its first signal
	next    clock.Cycle
	begun   bool
	tracks  []track
	show    func(c clock.Cause) [][]byte // the values that follow from what a track says
	fifo    bool
	held    int64
	values  [][]byte // of the signals, now
	scratch []byte
}

// track is one tape on its way.
type track struct {
	tape *clock.Tape
	reel *clock.Reel
	now  clock.Stretch
	ok   bool
	data *beats // nil: none are shown
	beat int64  // the one on offer, or the next one
}

// causes are what a stage's cycles are called.
func causes() (list []string) {
	for c := range len(clock.Shares{}) {
		list = append(list, clock.Cause(c).String())
	}
	return list
}

func stagePlayer(scope []string, t *clock.Tape) *player {
	words := causes()
	shown := make([][][]byte, len(words))
	for i, word := range words {
		shown[i] = [][]byte{[]byte(word)}
	}
	return &player{signals: []wave.Signal{{Scope: scope, Name: "state", Words: words}}, tracks: []track{{tape: t}},
		show: func(c clock.Cause) [][]byte { return shown[c] }}
}

func edgePlayer(p *pipeline.Plan, edge int, scope []string, ends clock.Ends, values *Values) *player {
	made := &player{show: handshake}
	bits := p.Edges[edge].Stream.Bits()
	end := func(t *clock.Tape, prefix string) {
		made.tracks = append(made.tracks, track{tape: t, data: values.of(edge)})
		made.signals = append(made.signals, wave.Signal{Scope: scope, Name: prefix + "valid", Width: 1},
			wave.Signal{Scope: scope, Name: prefix + "ready", Width: 1})
		if values.of(edge) != nil {
			made.signals = append(made.signals, wave.Signal{Scope: scope, Name: prefix + "data", Width: bits})
		}
	}
	if ends.In == ends.Out {
		end(ends.Out, "")
		return made
	}
	end(ends.In, "in_")
	end(ends.Out, "out_")
	made.fifo = true
	width := len(strconv.FormatInt(int64(p.Edges[edge].Depth), 2)) + 1
	made.signals = append(made.signals, wave.Signal{Scope: scope, Name: "fill", Width: width})
	return made
}

// Valid and ready at an end. Ready is unknown where nothing is on offer.
var (
	moves  = [][]byte{{'1'}, {'1'}}
	stands = [][]byte{{'1'}, {'0'}}
	empty  = [][]byte{{'0'}, {'x'}}
)

func handshake(c clock.Cause) [][]byte {
	switch c {
	case clock.Busy:
		return moves
	case clock.Blocked:
		return stands
	}
	return empty
}

// begin finds what had moved before the first cycle.
func (p *player) begin() {
	p.begun = true
	p.values = make([][]byte, len(p.signals))
	for i := range p.tracks {
		t := &p.tracks[i]
		t.reel, t.ok, t.beat = t.tape.Play(), true, t.tape.Before()
		t.now.Until = p.next
	}
	if p.fifo {
		p.held = p.tracks[0].beat - p.tracks[1].beat
	}
	if last := p.tracks[len(p.tracks)-1]; last.data != nil {
		last.data.passed(last.beat)
	}
}

// play shows the cycle that comes next, and finds when something changes after it.
func (p *player) play(w wave.Writer, until clock.Cycle) {
	if !p.begun {
		p.begin()
	}
	at := p.next
	p.next = clock.Never
	signal := 0
	set := func(value []byte) { // nil: it stays
		if value != nil && !bytes.Equal(value, p.values[signal]) {
			w.Set(int64(at), p.first+signal, value)
			p.values[signal] = append(p.values[signal][:0], value...)
		}
		signal++
	}
	for i := range p.tracks {
		t := &p.tracks[i]
		if t.ok && t.now.Until <= at {
			t.now, t.ok = t.reel.Before(until)
		}
		if !t.ok {
			return
		}
		for _, value := range p.show(t.now.Cause) {
			set(value)
		}
		p.next = min(p.next, t.now.Until)
		if t.data != nil {
			p.data(t, at, set)
		}
	}
	if p.fifo {
		p.scratch = strconv.AppendInt(p.scratch[:0], p.held, 2)
		set(p.scratch)
		p.count(at)
	}
}

// data shows the beat that is on offer, or else the one that was before, as a register
// would.
func (p *player) data(t *track, at clock.Cycle, set func([]byte)) {
	c := t.now.Cause
	if c == clock.Busy || c == clock.Blocked {
		p.scratch = t.data.word(p.scratch[:0], t.beat)
		set(p.scratch)
	} else {
		set(nil)
	}
	if c == clock.Busy {
		t.beat++
		p.next = min(p.next, at+1)
		if t == &p.tracks[len(p.tracks)-1] {
			t.data.passed(t.beat)
		}
	}
}

// count keeps how much a FIFO holds: a beat that moves in a cycle shows in the next.
func (p *player) count(at clock.Cycle) {
	in, out := p.tracks[0].now.Cause == clock.Busy, p.tracks[1].now.Cause == clock.Busy
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
