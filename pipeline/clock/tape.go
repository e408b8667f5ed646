package clock

import "encoding/binary"

// Tapes say of what every cycle is kept: of all stages, and of both ends of edges.
// Unlike a History, a Tape never gives up an order, and takes a byte or two for a
// stretch of cycles.
type Tapes struct {
	From, To Cycle               // the cycles kept, To not included
	Edge     func(edge int) bool // the edges kept; nil: all

	// Play is called now and then: all tapes are complete up to a cycle. What their reels
	// have read when it returns is forgotten. nil: everything is kept.
	Play  func(r *Recording, until Cycle)
	Every int // bytes of all tapes between two calls, about; 0: some megabytes
}

// Recording is what was kept of a run.
type Recording struct {
	Names  []string // of the stages
	Stages []*Tape
	Edges  []Ends // those not kept are zero

	grown int // bytes since the tapes were played
	most  int // how many there may be
}

// Ends are the tapes of the two ends of an edge, one and the same on a wire. Of a
// cycle they say Busy where a beat moved, Blocked where one was on offer and did not
// move, and Starved where none was on offer.
type Ends struct{ In, Out *Tape }

// Tape is what was done in every cycle of a window.
//
// A stretch of cycles is a number: its length and, in the last three bits, its
// cause. What fast-forward skipped is there as what it is: the cause again, how often
// what follows comes, its cycles and its bytes, and then those. Nothing that is in the
// log changes any more, so that it can be read while it grows.
type Tape struct {
	from, to Cycle
	told     Cycle // cycles accounted, kept or not
	before   int64 // busy ones of those before the window
	log      []byte
	gone     int   // bytes of the log that are forgotten
	grown    *int  // bytes of all tapes
	cause    Cause // of the newest stretch, which is not in the log yet
	cycles   Cycle
	reel     *Reel // that plays it while it is recorded, nil for none
	done     <-chan struct{}
}

const (
	causeBits = 3
	again     = 1<<causeBits - 1
)

// tell names the cycles up to, not including, until.
func (t *Tape) tell(until Cycle, c Cause) {
	n := until - max(t.told, t.from)
	if early := min(until, t.from) - t.told; c == Busy && early > 0 {
		t.before += int64(early)
	}
	if t.told >= t.to || n <= 0 {
		t.told = max(t.told, until)
		return
	}
	t.told = until
	if c != t.cause {
		t.settle()
	}
	t.cause = c
	t.cycles += n
}

// settle puts the newest stretch into the log.
func (t *Tape) settle() {
	before := len(t.log)
	t.log = appendStretch(t.log, t.cause, t.cycles)
	t.cycles = 0
	*t.grown += len(t.log) - before
}

func appendStretch(log []byte, c Cause, n Cycle) []byte {
	if n == 0 {
		return log
	}
	return binary.AppendUvarint(log, uint64(n)<<causeBits|uint64(c))
}

// end says that the run was so long: what was noted beyond it does not count.
func (t *Tape) end(total Cycle) { t.to = min(t.to, total) }

// Before is how many cycles before those kept were busy.
func (t *Tape) Before() int64 { return t.before }

// moved names the cycles up to that in which a beat moves that was on offer from
// cycle since on.
func (t *Tape) moved(since, at Cycle) {
	t.tell(since, Starved)
	t.tell(at, Blocked)
	t.tell(at+1, Busy)
}

// mark is how far a tape has come.
type mark struct {
	told   Cycle
	before int64
	bytes  int
	cause  Cause
	cycles Cycle
}

func (t *Tape) mark() mark { return mark{t.told, t.before, t.gone + len(t.log), t.cause, t.cycles} }

// again is how often what has come since a mark may be said to come again, in
// periods of so many cycles.
func (t *Tape) again(since mark, period Cycle) int64 {
	switch kept := since.told >= t.from && t.told <= t.to; {
	case t.told == since.told, since.told >= t.to:
		return Unlimited
	case t.told-since.told != period, since.bytes < t.gone:
		return 0
	case kept:
		return Unlimited
	case t.told <= t.from:
		return int64((t.from - t.told) / period)
	}
	return 0
}

// repeat says that what has come since a mark comes n times more.
func (t *Tape) repeat(since mark, n int64) {
	period := t.told - since.told
	t.told += Cycle(n) * period
	t.before += n * (t.before - since.before)
	if since.told < t.from || since.told >= t.to || period == 0 {
		return
	}
	begin := since.bytes - t.gone
	if len(t.log) == begin && t.cause == since.cause {
		t.cycles += Cycle(n) * period
		return
	}
	t.settle()
	turn := t.log[begin:]
	if since.cycles > 0 { // the stretch that was the newest one went on
		v, size := binary.Uvarint(turn)
		turn = append(appendStretch(nil, since.cause, Cycle(v>>causeBits)-since.cycles), turn[size:]...)
	}
	before := len(t.log)
	lap := binary.AppendUvarint(nil, uint64(n)<<causeBits|again)
	lap = binary.AppendUvarint(lap, uint64(period))
	lap = binary.AppendUvarint(lap, uint64(len(turn)))
	t.log = append(append(t.log, lap...), turn...)
	*t.grown += len(t.log) - before
}

// forget drops what the tape's reel has read, but for the newest bytes.
func (t *Tape) forget(newest int) {
	if t.reel == nil {
		return
	}
	n := min(t.reel.pos, len(t.log)-newest)
	if len(t.reel.in) > 0 {
		n = min(n, t.reel.in[0].begin)
	}
	if n <= 0 {
		return
	}
	t.log = append(t.log[:0], t.log[n:]...)
	t.gone += n
	t.reel.pos -= n
	for i := range t.reel.in {
		t.reel.in[i].begin -= n
		t.reel.in[i].end -= n
	}
}
