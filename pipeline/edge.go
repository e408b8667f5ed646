package pipeline

import "math/bits"

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
	passed  int64 // beats skipped; the counts above leave them out

	pending  Cycle   // when the beat on offer was put there
	lastSent Cycle   // when beat sent-1 left the producer
	pushes   []Cycle // FIFO: when beats entered, newest depth+1; wire: the offer
	pops     []Cycle // FIFO: when beats left, newest depth+1
	mask     int64

	horizon  Cycle // nothing moves from this cycle on
	occupied int64 // most beats held at the start of a cycle
	full     int64 // cycles that start with depth beats held
	empty    int64 // cycles that start with none held

	units Units

	wakeProducer, wakeConsumer waker
	traceIn, traceOut          *Trace // both the same on a wire
}

// EdgeSpec describes an edge to be built.
type EdgeSpec struct {
	Name    string
	Depth   int   // beats; 0 is a wire
	Latency int   // cycles from entering to being offered; FIFOs only, at least 1
	Units   Units // beats per pixel, row and frame of the driving window
}

func newEdge(spec EdgeSpec) *Edge {
	e := &Edge{name: spec.Name, depth: int64(spec.Depth), latency: int64(max(1, spec.Latency)),
		lastSent: -1, horizon: Never, units: spec.Units}
	size := int64(1) << bits.Len64(uint64(spec.Depth))
	e.mask = size - 1
	e.pushes = make([]Cycle, size)
	if spec.Depth > 0 {
		e.pops = make([]Cycle, size)
	}
	return e
}

// Name is the edge's name, "producer.consumer".
func (e *Edge) Name() string { return e.name }

// Units is how many beats belong to a pixel, row and frame of the driving window.
func (e *Edge) Units() Units { return e.units }

// Free reports whether the producer's last beat is known to have left, and so
// LastSent is known.
func (e *Edge) Free() bool { return e.offered == e.sent }

// LastSent is the cycle the producer's newest beat left it, -1 before the first.
// Only meaningful when Free.
func (e *Edge) LastSent() Cycle { return e.lastSent }

// Offer puts the producer's next beat on the edge from cycle t on. The beat
// before it must have left.
func (e *Edge) Offer(t Cycle) {
	e.offered++
	if e.depth == 0 {
		e.pushes[0] = t
		e.wakeConsumer.wake()
		return
	}
	e.pending = t
	if e.taken > e.sent-e.depth {
		e.push()
	}
}

// push moves the pending beat into the FIFO; the pop that makes room is known.
func (e *Edge) push() {
	k, t := e.sent, e.pending
	if k >= e.depth {
		q := e.pops[(k-e.depth)&e.mask]
		t = max(t, q+1)
	}
	if t >= e.horizon {
		return
	}
	e.pushes[k&e.mask] = t
	e.lastSent = t
	e.sent++
	e.countPush(k, t)
	if e.traceIn != nil {
		e.traceIn.add(t)
	}
	e.wakeConsumer.wake()
}

// countPush updates the occupancy figures for beat k entering at t, as far as
// the pops they depend on are known.
func (e *Edge) countPush(k int64, t Cycle) {
	if e.taken == k { // the beat before is known to have left
		if q := e.lastPop(); t > q {
			e.empty += int64(t - q)
		}
	}
	if first := k - e.depth + 1; first >= 0 && e.taken > first {
		if q := e.pops[first&e.mask]; q > t {
			e.full += int64(q - t)
		}
	}
	// More than `occupied` are held at once iff beat k enters before beat
	// k-occupied leaves, for some k: checked when the later of the two is known.
	for i := k - e.occupied; i >= 0 && e.taken > i && t < e.pops[i&e.mask]; i-- {
		e.occupied++
	}
}

func (e *Edge) lastPop() Cycle {
	if e.taken == 0 {
		return -1
	}
	return e.pops[(e.taken-1)&e.mask]
}

// Head is the cycle from which the next beat is offered to the consumer, and
// whether that is known yet.
func (e *Edge) Head() (Cycle, bool) {
	if e.depth == 0 {
		return e.pushes[0], e.offered > e.taken
	}
	return e.pushes[e.taken&e.mask] + Cycle(e.latency), e.sent > e.taken
}

// Take moves the next beat to the consumer in cycle t.
func (e *Edge) Take(t Cycle) {
	k := e.taken
	e.taken++
	if e.traceOut != nil {
		e.traceOut.add(t)
	}
	if e.depth == 0 {
		e.sent++
		e.lastSent = t
		e.wakeProducer.wake()
		return
	}
	e.pops[k&e.mask] = t
	e.countPop(k, t)
	if e.offered > e.sent && e.taken > e.sent-e.depth {
		e.push()
		e.wakeProducer.wake()
	}
}

// countPop updates the occupancy figures for beat k leaving at t.
func (e *Edge) countPop(k int64, t Cycle) {
	if e.sent > k+1 {
		if p := e.pushes[(k+1)&e.mask]; p > t {
			e.empty += int64(p - t)
		}
	}
	if last := k + e.depth - 1; e.sent > last {
		if p := e.pushes[last&e.mask]; t > p {
			e.full += int64(t - p)
		}
	}
	for k+e.occupied < e.sent && e.pushes[(k+e.occupied)&e.mask] < t {
		e.occupied++
	}
}
