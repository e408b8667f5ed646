package clock

import (
	"math/bits"

	"github.com/convsim/convsim/pipeline"
)

// ram is what makes a FIFO one of FINN's prototype: beats are read out of a
// memory, or out of slots, into an output register; behind a memory a queue lies
// between the two.
type ram struct {
	size         int64   // words
	lag          Cycle   // from a read to the end of the cycle in which it enters the queue; 0: no queue
	reads, loads []Cycle // when beats left the memory, and came into the output register, as Edge.pushes
	read, loaded int64
}

// ramQueue is how much may be in the queue for a read to be issued.
const ramQueue = 8

// beyondRAM bounds what is held behind the memory: in the queue, on the way to it, and in
// the register.
const beyondRAM = ramQueue + 8

// newRAM makes an edge's memory, nil for shift registers.
func newRAM(m pipeline.Memory, depth int) *ram {
	switch {
	case m == pipeline.ShiftRegisters || depth == 0:
		return nil
	case m.Slots(depth):
		return &ram{size: int64(depth) - 1}
	}
	r := &ram{size: 1 << bits.Len(uint(depth-ramQueue-1)), lag: 1}
	if m == pipeline.BlockRAM || m == pipeline.UltraRAM {
		r.lag = 2
	}
	return r
}

// fit makes the rings as large as the edge's own must be.
func (r *ram) fit(w *Workspace, e *Edge) {
	size := int64(1) << bits.Len64(uint64(min(r.size, e.all)+beyondRAM)) // a deeper FIFO has no more to hold
	e.mask = size - 1
	times := Take[Cycle](w, 4*size)
	e.times = times
	e.pushes, e.pops, r.reads, r.loads = times[:size:size], times[size:2*size:2*size], times[2*size:3*size:3*size], times[3*size:]
}

// move works out all reads and loads that follow from the beats known to have
// entered and left.
func (e *Edge) moveRAM() {
	r, loaded := e.ram, e.ram.loaded
	for e.issue() || e.load() {
		if e.offered > e.sent {
			e.push()
		}
	}
	if r.loaded > loaded {
		e.wakeConsumer.wake()
	}
}

// issue reads the next beat out of the memory.
func (e *Edge) issue() bool {
	r := e.ram
	k := r.read
	if k == e.sent {
		return false
	}
	t := e.pushes[k&e.mask] + 1
	if r.lag == 0 { // slots: it is read into the register
		if e.taken < k {
			return false
		}
		t = max(t, e.lastPop)
	} else {
		if k > 0 {
			t = max(t, r.reads[(k-1)&e.mask]+1)
		}
		var ok bool
		if t, ok = e.queueOpen(t); !ok {
			return false
		}
	}
	if e.beyond(t) {
		return false
	}
	r.reads[k&e.mask] = t
	r.read++
	if last := k + r.size - 1; e.sent > last && t > e.pushes[last&e.mask] {
		e.full += int64(t - e.pushes[last&e.mask])
	}
	return true
}

// queueOpen finds the first cycle from t on in which the queue holds little
// enough for the next read.
func (e *Edge) queueOpen(t Cycle) (Cycle, bool) {
	r := e.ram
	for {
		entered := r.read // beats that have entered the queue before t
		for entered > 0 && r.reads[(entered-1)&e.mask]+r.lag >= t {
			entered--
		}
		leaver := entered - ramQueue - 1 // it must have left the queue
		if leaver < 0 || leaver < r.loaded && r.loads[leaver&e.mask] < t {
			return t, true
		}
		if leaver >= r.loaded {
			return 0, false
		}
		t = r.loads[leaver&e.mask] + 1
	}
}

// load moves the next beat into the output register.
func (e *Edge) load() bool {
	r := e.ram
	k := r.loaded
	if k == r.read || e.taken < k {
		return false
	}
	t := r.reads[k&e.mask]
	if r.lag > 0 {
		t = max(t+r.lag+1, e.lastPop)
	}
	r.loads[k&e.mask] = t
	r.loaded++
	return true
}

// registers shows the words and what lies behind them.
func (r *ram) registers(v *Registers, e *Edge) {
	v.Value(e.sent - r.read)
	v.Value(r.read - r.loaded)
	for k := max(0, r.read-1); k < e.sent; k++ {
		v.Exact(e.pushes[k&e.mask])
	}
	for k := max(0, e.taken-beyondRAM); k < r.read; k++ {
		v.Exact(r.reads[k&e.mask])
		if k < r.loaded {
			v.Exact(r.loads[k&e.mask])
		}
	}
	for k := r.read - 1; k >= max(0, e.sent-r.size) && r.reads[k&e.mask] > e.lastSent; k-- {
		v.Exact(r.reads[k&e.mask])
	}
}
