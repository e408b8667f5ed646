package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// A window over the whole frame, as poolings have at the end of a network, is a loop as
// long as the frame, in which the layers before it come round many times. While there is
// room for much more than comes in a period, how much there is does not matter to anything,
// and reads go on as long as their addresses rise alike.

// ample reports whether there is so much room in the memory of a window over the whole
// frame that how much need not be looked at.
func (b *buffer) ample() bool {
	if !b.whole {
		return false
	}
	b.free.pass(b.write.account.Last() + 1)
	return b.free.n == 0 && b.places() > b.plenty()
}

// places is how many beats can be written now.
func (b *buffer) places() int64 { return b.free.now.upTo + b.depth - b.write.next }

// plenty is the room above which nothing is said of it, and the most that may be written
// in a period then: what was written before had room, too.
func (b *buffer) plenty() int64 { return b.depth / 8 }

// alikeWrites is for how many periods there is room already.
func (b *buffer) alikeWrites(shift int64) int64 {
	if shift > b.plenty() {
		return 0
	}
	return b.places() / shift
}

// alikeReads is for how many periods of shift reads the addresses rise alike, each by as
// much as they rose in the last one.
func (b *buffer) alikeReads(shift int64) int64 {
	inner, at := b.reads.Inner, int64(b.read.i)
	if at < shift || !b.ample() {
		return 0
	}
	by, end := inner[at]-inner[at-shift], at
	for end < int64(len(inner)) && inner[end]-inner[end-shift] == by {
		end++
	}
	return (end - 1 - at) / shift
}

// noteAmple shows v what there is of room that needs not be looked at: how many frames the
// writing side is ahead, and that room is what the newest read left, or all there is.
func (b *buffer) noteAmple(v *clock.Registers) {
	w, upTo := &b.write, b.free.now.upTo
	v.Place(w.next/b.reads.FrameBeats()-b.read.frame, b.read.frame)
	rest := upTo - b.left()
	if upTo == w.next {
		rest = 0
	}
	v.Place(rest, upTo)
}

// moveAmple moves the room after so many reads and writes have been skipped: by whole
// frames, or to where the newest read leaves it.
func (b *buffer) moveAmple(reads, wrote int64) {
	if reads%b.reads.Steps() == 0 {
		b.free.now.upTo += wrote
		return
	}
	b.free.now.upTo = max(b.free.now.upTo, b.left())
}

// left is up to where the newest read leaves beats to be overwritten.
func (b *buffer) left() int64 {
	r := &b.read
	if r.i == 0 {
		return r.start
	}
	return min(r.after, r.base+int64(b.reads.InnerAfter()[r.i-1]))
}
