package probe

import (
	"bytes"
	"strconv"

	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline/clock"
)

// player plays the tapes of a stage or of an edge.
type player struct {
	signals []wave.Signal
	layer   string
	number  int
	first   int // number of its first signal
	stage   int // whose it is, or
	edge    int
	fifo    bool
	start   clock.Cycle // of its turn
	next    clock.Cycle // counted from there
	tracks  []track
	show    func(c clock.Cause) [][]byte // the values that follow from what a track says
	idle    clock.Cause                  // what they are when it is not its turn
	held    int64
	values  [][]byte // of the signals, now
	scratch []byte
}

// track is one tape on its way.
type track struct {
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

func stagePlayer(scope []string, stage int) *player {
	words := causes()
	shown := make([][][]byte, len(words))
	for i, word := range words {
		shown[i] = [][]byte{[]byte(word)}
	}
	return newPlayer(&player{signals: []wave.Signal{{Scope: scope, Name: "state", Words: words}}, tracks: make([]track, 1),
		stage: stage, edge: -1, idle: clock.Finished, show: func(c clock.Cause) [][]byte { return shown[c] }})
}

func edgePlayer(t *Turn, edge int, scope []string) *player {
	made := &player{edge: edge, idle: clock.Starved, show: handshake}
	e := t.Plan.Edges[edge]
	end := func(prefix string) {
		made.tracks = append(made.tracks, track{data: t.Values.of(edge)})
		made.signals = append(made.signals, wave.Signal{Scope: scope, Name: prefix + "valid", Width: 1},
			wave.Signal{Scope: scope, Name: prefix + "ready", Width: 1})
		if t.Values.of(edge) != nil {
			made.signals = append(made.signals, wave.Signal{Scope: scope, Name: prefix + "data", Width: e.Stream.Bits()})
		}
	}
	if e.Depth == 0 {
		end("")
		return newPlayer(made)
	}
	end("in_")
	end("out_")
	made.fifo = true
	width := len(strconv.FormatInt(int64(e.Depth), 2)) + 1
	made.signals = append(made.signals, wave.Signal{Scope: scope, Name: "fill", Width: width})
	return newPlayer(made)
}

func newPlayer(p *player) *player {
	p.values = make([][]byte, len(p.signals))
	return p
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

// begin finds its tapes, and what had moved before the first cycle.
func (p *player) begin(turn *Turn, r *clock.Recording) {
	p.start, p.next = turn.Start, turn.from
	tapes := r.Stages[p.stage : p.stage+1]
	if p.edge >= 0 {
		ends := r.Edges[p.edge]
		tapes = []*clock.Tape{ends.In, ends.Out}[2-len(p.tracks):]
	}
	for i, tape := range tapes {
		t := &p.tracks[i]
		t.reel, t.ok, t.beat = tape.Play(), true, tape.Before()
		t.now.Until = p.next
	}
	if p.fifo {
		p.held = p.tracks[0].beat - p.tracks[1].beat
	}
	if last := p.tracks[len(p.tracks)-1]; last.data != nil {
		last.data.passed(last.beat)
	}
}

// set gives a signal a value, if it has another one.
func (p *player) set(w wave.Writer, at clock.Cycle, signal int, value []byte) {
	if !bytes.Equal(value, p.values[signal]) {
		w.Set(int64(at), p.first+signal, value)
		p.values[signal] = append(p.values[signal][:0], value...)
	}
}

// rest shows that it is not its turn in a cycle of the run. Data stay as they are.
func (p *player) rest(w wave.Writer, at clock.Cycle) {
	signal := 0
	for _, t := range p.tracks {
		for _, value := range p.show(p.idle) {
			p.set(w, at, signal, value)
			signal++
		}
		if t.data != nil {
			signal++
		}
	}
	if p.fifo {
		p.set(w, at, signal, []byte{'0'})
	}
}

// play shows the cycle that comes next, and finds when something changes after it.
func (p *player) play(w wave.Writer, until clock.Cycle) {
	at := p.next
	p.next = clock.Never
	signal := 0
	set := func(value []byte) { // nil: it stays
		if value != nil {
			p.set(w, p.start+at, signal, value)
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
