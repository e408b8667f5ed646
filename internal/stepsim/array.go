package stepsim

// Array is a matrix-vector unit: each vector of SF beats is multiplied NF times and gives NF output beats.
//
// With NF > 1 a replay buffer holds the vectors; with NF == 1 beats go straight to the multipliers. A
// depthwise unit of FINN (VVU) takes its beats already replicated: it is NF == 1 with one vector per channel
// fold.
//
// The lock has a memory: once up it stays until the output FIFO is empty, which costs cycles. So an array
// behind which the sink is throttled is not monotone: beats that come earlier (a deeper FIFO, overlapping
// frames) can leave later.
type Array struct {
	SF      int // beats of a vector
	NF      int // passes over a vector
	Vectors int // of a frame
	Latency int // cycles from the last beat of a vector to its result at the accumulator; 0 means 3, FINN's DSP58 core
	Replay  int // beats of the replay buffer; 0 means DefaultReplay
	Core    Core
}

// Core is how results leave the multipliers.
type Core int

// The generations of FINN's cores.
const (
	CoreDev  Core = iota // never freezes; output FIFO and register, lock
	CoreMain             // freezes as a whole; slice whose side register fills only when the output register is held up
	CoreOld              // freezes as a whole; side register, then output register
)

func (s Array) beats() (in, out int) { return s.Vectors * s.SF, s.Vectors * s.NF }
func (s Array) kinds() []Kind        { return []Kind{KindArray} }

// DefaultReplay returns the capacity of FINN's replay buffer in beats: SF rounded up to a power of two, at least 2.
func (s Array) DefaultReplay() int {
	capacity := 2
	for capacity < s.SF {
		capacity *= 2
	}
	return capacity
}

func (s Array) start(frames, in, _ int) block {
	a := &array{core: s.Core, sf: s.SF, left: int64(frames) * int64(in) * int64(s.NF)}
	latency := s.Latency
	if latency == 0 {
		latency = 3
	}
	a.inFlight = make([]bool, latency)
	if s.NF == 1 {
		return a
	}
	a.replay = &replay{sf: s.SF, nf: s.NF, capacity: int64(s.Replay)}
	if s.Replay == 0 {
		a.replay.capacity = int64(s.DefaultReplay())
	}
	return a
}

type array struct {
	core   Core
	replay *replay // nil: beats go straight through
	sf     int
	left   int64 // beats not yet multiplied, over all frames

	tap      int    // beats of this vector multiplied so far
	lock     bool   // CoreDev: multiplying stops, results pile up
	side     bool   // CoreMain, CoreOld: the side register holds a result
	inFlight []bool // results between the multipliers and the output FIFO, newest first
	queued   int    // results in the output FIFO; unbounded, FINN's four entries can overflow
	peak     int    // most that were queued
	full     bool   // the output register holds a result
}

func (a *array) offer(Cycle, bool) bool { return a.full }

func (a *array) accept(bool, bool) bool {
	if a.replay != nil {
		return a.replay.room()
	}
	return a.run()
}

// run says whether beats are multiplied in this cycle if there are any.
func (a *array) run() bool {
	switch a.core {
	case CoreMain:
		return !a.side
	case CoreOld:
		return !a.side || !a.head()
	}
	return !a.lock
}

// head says whether the last stage of the pipeline holds a result.
func (a *array) head() bool { return a.inFlight[len(a.inFlight)-1] }

func (a *array) commit(w wires, names []Name) bool {
	available := w.inValid
	if a.replay != nil {
		available = a.replay.full
	}
	multiply := available && a.run()
	names[0] = a.name(multiply, available, true)
	return a.step(w, multiply)
}

// name names a cycle; weights says whether there are any for the beat that is available.
func (a *array) name(multiply, available, weights bool) Name {
	switch {
	case multiply:
		return Busy
	case a.left == 0:
		return Finished
	case !available:
		return Starved
	case !weights:
		return Throttled
	}
	return Blocked
}

// step moves to the next state.
func (a *array) step(w wires, multiply bool) bool {
	moved := w.in() || w.out() || multiply
	if a.replay != nil {
		moved = a.replay.commit(w.in(), multiply) || moved
	}
	result := a.count(multiply)
	if a.core == CoreDev {
		return a.output(w, result) || moved
	}
	return a.slice(w, result) || moved
}

// count advances the vector and reports whether this beat completes a result.
func (a *array) count(multiply bool) bool {
	if !multiply {
		return false
	}
	a.left--
	a.tap = (a.tap + 1) % a.sf
	return a.tap == 0
}

// output moves results through the pipeline, the FIFO and the output register, and sets the lock. All
// conditions are those at the start of the cycle.
func (a *array) output(w wires, result bool) bool {
	last := len(a.inFlight) - 1
	lock := a.lock
	switch {
	case a.queued == 0:
		lock = false
	case a.full && !w.outReady:
		lock = true
	}
	load := a.queued > 0 && (!a.full || w.outReady)
	push := a.inFlight[last]

	moved := load || lock != a.lock
	for _, busy := range a.inFlight {
		moved = moved || busy
	}

	copy(a.inFlight[1:], a.inFlight[:last])
	a.inFlight[0] = result
	if push {
		a.queued++
	}
	if load {
		a.queued--
	}
	a.peak = max(a.peak, a.queued)
	a.full = load || a.full && !w.outReady
	a.lock = lock
	return moved
}

// slice moves results through a pipeline that freezes and the two registers behind it.
func (a *array) slice(w wires, result bool) (moved bool) {
	run, head := a.run(), a.head()
	load := !a.full || w.outReady
	full, side := a.full, a.side
	switch a.core {
	case CoreMain:
		if load {
			full = head || side
		}
		side = (side || head) && !load
	case CoreOld:
		if load {
			full = side
		}
		if !side || load {
			side = head && run
		}
	}
	moved = full != a.full || side != a.side
	if run {
		for _, busy := range a.inFlight {
			moved = moved || busy
		}
		copy(a.inFlight[1:], a.inFlight[:len(a.inFlight)-1])
		a.inFlight[0] = result
	}
	a.full, a.side = full, side
	return moved
}
