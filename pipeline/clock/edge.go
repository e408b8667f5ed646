package clock

import (
	"github.com/convsim/convsim/pipeline"
)

// Edge joins one producer to one consumer: a wire (depth 0) or a FIFO. Beats
// are numbered from 0 in the order they move.
//
// On a wire the beat moves in the cycle the consumer takes it. A FIFO of depth
// d and latency l accepts a beat iff it holds fewer than d at the start of the
// cycle, and offers it to its consumer l cycles later.
type Edge struct {
	name           string
	depth, latency int64

	offered int64 // beats the producer has put on its output register
	sent    int64 // beats that left the producer
	taken   int64 // beats the consumer took
	shown   int64 // beats that it may know of
	pixel   int64 // beats of some pixels
	// Times of beats from here on may lack in the rings: they are those of echoes. Unlimited: none do.
	lacksPops   int64
	lacksPushes int64
	skipped     int64 // beats skipped; the counts above leave them out
	limit       int64 // beats that may be offered as yet, those skipped not counted
	all         int64 // beats of the run, those skipped not counted
	needed      int64 // beats that the outputs of the run need
	stops       *bool // to be set where the limit is reached, nil: nobody asks

	pending  Cycle   // when the beat on offer was put there
	lastSent Cycle   // when beat sent-1 left the producer
	lastPop  Cycle   // FIFO: when beat taken-1 left, -1 before the first
	first    Cycle   // when the first beat of the run did, -1 before
	pushes   []Cycle // FIFO: when the newest beats entered; wire: the offer
	pops     []Cycle // FIFO: when the newest beats left
	times    []Cycle // where all of these are
	mask     int64
	reuse    int64 // FIFO: after so many beats a place is taken again: the depth; Unlimited: that binds nothing yet
	grows    int64 // the rings do before so many are held; Unlimited: they are as large as they ever must be

	horizon Cycle    // nothing moves from this cycle on
	refused Cycle    // the first from there on in which something would have moved, as far as is known
	peak    int64    // most beats held at the start of a cycle
	full    int64    // cycles that start with depth beats held
	late    int64    // beats that were taken as soon as they were there, and were waited for
	delayed Cycle    // when the first beat entered that the FIFO had no room for before; Never
	waited  bool     // one of that beat or those after it was late
	user    *Account // the first that what comes earlier may make later, nil: unknown
	last    bool     // it takes beats from here
	empty   int64    // cycles that start with none held

	wakeProducer, wakeConsumer waker
	consumer                   Process  // of a wire, for Accepts
	rows                       bool     // a plain FIFO, which beats may pass in rows
	taker                      Taker    // its consumer, if it is one
	short                      bool     // a plain FIFO that nobody watches
	receiver                   Receiver // its consumer, if it takes beats at once
	waits                      bool     // it is not to
	between                    *between // nil: it is not one between segments
	ram                        *ram     // nil: shift registers
	watched                    bool     // every handshake is noted, in what of these is there
	record                     *EdgeRecord
	giver                      *apart // nil: no source that may be left out is in front
	drain                      *apart // nil: no sink that may be left out is behind
	spaced                     *spaced
	tapes                      *Ends
	work                       *Workspace // where the rings grow, nil: they are as large as they ever must be
	since                      int64      // they have times of beats from here on only
}

// newEdge makes an edge of all beats, of which limit move before the length of
// the run is known.
func newEdge(w *Workspace, e *Edge, at pipeline.Edge, limit, all int64) {
	depth := at.Depth
	*e = Edge{name: at.Name, depth: int64(depth), latency: int64(at.Latency), lastSent: -1, lastPop: -1, first: -1, horizon: Never, refused: Never, delayed: Never, limit: limit, all: all, needed: limit, shown: Unlimited, lacksPushes: Unlimited, lacksPops: Unlimited, pixel: pixels(at.Stream.Beats),
		ram: newRAM(at.Memory, depth)}
	if e.ram != nil {
		e.ram.fit(w, e)
		return
	}
	if depth == 0 {
		e.times = Take[Cycle](w, 1)
		e.pushes = e.times
		return
	}
	e.newRings(w, min(e.depth, all)) // a deeper FIFO has no more to hold
}

// Name is the edge's name.
func (e *Edge) Name() string { return e.name }

// Free reports whether the producer's last beat is known to have left, and so
// LastSent is known.
func (e *Edge) Free() bool { return e.offered == e.sent }

// Open reports whether the producer may offer its next beat: the last one is
// known to have left, and the next is needed.
func (e *Edge) Open() bool { return e.offered == e.sent && e.offered < e.limit }

// Done reports whether the producer has offered all beats it may.
func (e *Edge) Done() bool { return e.offered >= e.limit }

// LastSent is the cycle the producer's newest beat left it, -1 before the first.
// Only meaningful when Free.
func (e *Edge) LastSent() Cycle { return e.lastSent }

// beyond is Account.Beyond of a beat that would enter.
func (e *Edge) beyond(t Cycle) bool {
	if t < e.horizon {
		return false
	}
	e.refused = min(e.refused, t)
	return true
}

// count counts n beats more that are put on the edge.
func (e *Edge) count(n int64) {
	if e.offered += n; e.stops != nil && e.offered == e.limit {
		*e.stops = true
	}
}

// newest is the cycle of the last handshake at either end, -1 before the first.
func (e *Edge) newest() Cycle {
	return max(e.lastSent, e.lastPop)
}

// latest is newest, or the cycle of the last read out of a memory, which comes behind it.
func (e *Edge) latest() Cycle {
	t := e.newest()
	if r := e.ram; r != nil && r.read > 0 {
		t = max(t, r.reads[(r.read-1)&e.mask])
	}
	return t
}

// Head is the cycle from which the next beat is offered to the consumer, and
// whether that is known yet.
func (e *Edge) Head() (Cycle, bool) {
	switch {
	case e.depth == 0:
		return e.pushes[0], e.offered > e.taken
	case e.ram != nil:
		return e.ram.loads[e.taken&e.mask] + 1, e.ram.loaded > e.taken
	}
	return e.pushes[e.taken&e.mask] + Cycle(e.latency), min(e.sent, e.shown) > e.taken
}

// EdgeUse is what moved over an edge. The occupancy figures are of FIFOs.
type EdgeUse struct {
	Name         string
	Depth        int
	First        Cycle // in which the first beat left the producer, -1 if none did
	Beats        int64
	Unneeded     int64 // beats that move after the last output, for no output
	MaxOccupancy int64
	Full, Empty  int64 // cycles that started so
	Waited       bool  // for a beat that was held up by a full FIFO, or one behind it, and in a chain by the array, too
}

// use closes the edge's account at total.
func (e *Edge) use(total Cycle) EdgeUse {
	u := EdgeUse{Name: e.name, Depth: int(e.depth), First: e.first, Beats: e.taken + e.skipped, MaxOccupancy: e.peak, Full: e.full, Empty: e.empty, Waited: e.missed()}
	if e.depth == 0 || total == 0 {
		return u
	}
	if e.short {
		e.useShort(&u)
	}
	for i := e.taken + u.MaxOccupancy; i < e.sent && e.pushes[i&e.mask] < total-1; i++ {
		u.MaxOccupancy++
	}
	if e.sent == e.taken {
		u.Empty += int64(max(0, total-1-e.lastPop))
	} else if _, left, size := e.slots(); e.sent-left == size {
		u.Full += int64(total - 1 - e.lastSent)
	}
	return u
}

// registers shows how much the edge holds, and the times that may still bind.
// How much of it has left the producer follows from the depth.
func (e *Edge) registers(v *Registers) {
	v.Section(e.taken + e.skipped)
	if v.Moving() {
		e.skipped += v.Beats()
		e.limit -= v.Beats()
		e.all -= v.Beats()
		e.move(v)
		return
	}
	v.Value(e.holds())
	v.Exact(e.lastSent)
	if e.depth == 0 {
		if e.offered > e.taken {
			v.Time(e.pushes[0], e.lastSent+1)
		}
		return
	}
	if e.offered > e.sent {
		v.Exact(e.pending)
	}
	v.Exact(e.lastPop)
	if e.ram != nil {
		e.ram.registers(v, e)
		return
	}
	v.Latest(e.pushes, e.sent-1, e.taken, Cycle(e.latency), e.lastPop+1)
	v.Latest(e.pops, e.taken-1, max(0, e.sent-e.depth), 0, e.lastSent)
}

// holds is how many beats have been offered and not yet taken.
func (e *Edge) holds() int64 { return e.offered - e.taken }

// move moves all times that may still be looked at: of a FIFO those of the beats it
// holds, the newest handshakes, and when places became free after the newest beat
// had entered.
func (e *Edge) move(v *Registers) {
	v.Move(&e.pending)
	if e.taken > 0 && e.depth > 0 {
		v.Move(&e.lastPop)
	}
	if e.depth == 0 || e.ram != nil {
		v.Move(&e.lastSent)
		v.MoveAll(e.pushes)
		v.MoveAll(e.pops)
		if e.ram != nil {
			v.MoveAll(e.ram.reads)
			v.MoveAll(e.ram.loads)
		}
		return
	}
	for k := min(e.taken, e.sent-1); k >= 0 && k < e.sent; k++ {
		v.Move(&e.pushes[k&e.mask])
	}
	for k := e.taken - 1; k >= 0; k-- {
		q := &e.pops[k&e.mask]
		if k < e.taken-1 && (*q <= e.lastSent || k < e.sent-e.depth) {
			break
		}
		v.Move(q)
	}
	v.Move(&e.lastSent)
}

// alike is limited by the beats that may be offered as yet.
func (e *Edge) alike(shift int64) int64 { return (e.limit - e.offered - 1) / shift }
