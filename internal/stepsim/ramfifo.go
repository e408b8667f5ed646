package stepsim

import (
	"math/bits"
)

// RAMStyle is the memory a deep FIFO is made of.
type RAMStyle string

// The memories of RAMFIFO.
const (
	AutoRAM        RAMStyle = "auto"
	DistributedRAM RAMStyle = "distributed"
	BlockRAM       RAMStyle = "block"
	UltraRAM       RAMStyle = "ultra"
)

// RAMFIFO is the deeper-pipelined FIFO of FINN's prototype. Up to 64 entries in style auto it is slots and an
// output register, otherwise a memory, a queue and an output register.
type RAMFIFO struct {
	Depth int
	Style RAMStyle // empty: auto
}

func (s RAMFIFO) short() bool { return s.Depth <= 64 && (s.Style == "" || s.Style == AutoRAM) }

func (RAMFIFO) beats() (in, out int) { return 0, 0 }
func (RAMFIFO) kinds() []Kind        { return nil }
func (s RAMFIFO) capacity() int      { return s.Depth }

func (s RAMFIFO) start(_, _, _ int) block {
	if s.short() {
		return &slotFIFO{slots: s.Depth - 1}
	}
	latency := 1
	if s.Style == BlockRAM || s.Style == UltraRAM {
		latency = 2
	}
	return &ramFIFO{size: 1 << bits.Len(uint(s.Depth-9)), reads: make([]bool, latency)}
}

// slotFIFO is slots and an output register.
type slotFIFO struct {
	slots, used int
	full        bool
}

func (f *slotFIFO) held() (int, bool) {
	n := f.used
	if f.full {
		n++
	}
	return n, f.used == f.slots
}

func (f *slotFIFO) offer(Cycle, bool) bool { return f.full }
func (f *slotFIFO) accept(bool, bool) bool { return f.used < f.slots }

func (f *slotFIFO) commit(w wires, _ []Name) bool {
	load := f.used > 0 && (!f.full || w.outReady)
	if w.in() {
		f.used++
	}
	if load {
		f.used--
	}
	f.full = load || f.full && !w.outReady
	return w.in() || w.out() || load
}

// queueRoom is how much may be in the queue for a read to be issued.
const queueRoom = 8

// ramFIFO is a memory, a queue and an output register.
type ramFIFO struct {
	size   int // words of the memory
	words  int // in the memory
	reads  []bool
	queued int
	full   bool
}

func (f *ramFIFO) held() (int, bool) {
	n := f.words + f.queued
	for _, r := range append(f.reads, f.full) {
		if r {
			n++
		}
	}
	return n, f.words == f.size
}

func (f *ramFIFO) offer(Cycle, bool) bool { return f.full }
func (f *ramFIFO) accept(bool, bool) bool { return f.words < f.size }

func (f *ramFIFO) commit(w wires, _ []Name) bool {
	last := len(f.reads) - 1
	issue := f.words > 0 && f.queued <= queueRoom
	load := f.queued > 0 && (!f.full || w.outReady)
	moved := w.in() || w.out() || issue || load
	for _, r := range f.reads {
		moved = moved || r
	}

	if f.reads[last] {
		f.queued++
	}
	copy(f.reads[1:], f.reads[:last])
	f.reads[0] = issue
	if load {
		f.queued--
	}
	if w.in() {
		f.words++
	}
	if issue {
		f.words--
	}
	f.full = load || f.full && !w.outReady
	return moved
}
