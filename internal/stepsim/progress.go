package stepsim

import "math"

// never is a beat index that no frame reaches.
const never = math.MaxInt64

// progress counts how far the writer and the reader of a window are. Both count over all frames, so "the
// state is reset" of hardware that works on one frame at a time is just: the reader's frame goes up.
type progress struct {
	need    []int // per read of a frame: the beat that must be stored before
	beats   int   // of a frame
	frames  int
	overlap bool

	stored int64 // beats written, over all frames
	frame  int   // the frame being read
	read   int   // reads done in this frame
}

// base is the number of beats before the frame being read.
func (p *progress) base() int64 { return int64(p.frame) * int64(p.beats) }

// limit is the number of beats that may be stored at all before the frame goes up.
func (p *progress) limit() int64 {
	if p.overlap {
		return int64(p.frames) * int64(p.beats)
	}
	return int64(p.frame+1) * int64(p.beats)
}

func (p *progress) allStored() bool { return p.stored == int64(p.frames)*int64(p.beats) }
func (p *progress) frameRead() bool { return p.read == len(p.need) }
func (p *progress) allRead() bool {
	return p.frame == p.frames || p.frame == p.frames-1 && p.frameRead()
}

// available reports whether what the next read needs is stored.
func (p *progress) available() bool {
	return p.frame < p.frames && !p.frameRead() && p.base()+int64(p.need[p.read]) < p.stored
}

// endFrame starts the next frame if this one is done; idle says that no beat of it is left in the output register.
func (p *progress) endFrame(idle bool) {
	if p.frame == p.frames || !p.frameRead() {
		return
	}
	if p.overlap || idle && p.stored == p.limit() {
		p.frame++
		p.read = 0
	}
}

// nameWrite names the writer's cycle.
func (p *progress) nameWrite(w wires) Name {
	switch {
	case w.in():
		return Busy
	case p.allStored():
		return Finished
	case !w.inValid:
		return Starved
	case p.stored == p.limit():
		return Turnaround
	}
	return Blocked
}

// nameRead names the reader's cycle; moved says that its event happens in it.
func (p *progress) nameRead(moved bool) Name {
	switch {
	case moved:
		return Busy
	case p.allRead():
		return Finished
	case !p.available():
		return Starved
	}
	return Blocked
}

// lowestToCome returns, per number of reads done in a frame, the lowest beat that is still to be read in it.
//
// FINN keeps from the next read on and, as soon as a unit has begun, from the first beat of the next unit on.
// That is the same: beats rise within a unit, and first beats rise from unit to unit.
func lowestToCome(need []int) []int64 {
	keep := make([]int64, len(need)+1)
	keep[len(need)] = never
	for q := len(need) - 1; q >= 0; q-- {
		keep[q] = min(keep[q+1], int64(need[q]))
	}
	return keep
}
