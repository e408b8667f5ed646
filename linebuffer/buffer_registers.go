package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// The two sides of a buffer are a section each.
const (
	writing = iota
	reading
)

// Registers shows the two sides of the buffer. What the reading side sets free, and how
// far the writing side is ahead of it, is state of the reading side: while that waits
// for a beat to come, it stands still, and Alike sees to it that the beat does not come.
// Once a frame is in whole, how far the writing side is ahead no longer matters; arrivals
// that lie in the reader's future do, unless a later one is waited for.
func (b *buffer) Registers(v *clock.Registers) {
	w, r := &b.write, &b.read
	ample := b.ample()
	v.Section(w.next)
	wrote := int64(0)
	if v.Moving() {
		wrote = v.Beats()
		b.moveWriting(v)
	}
	v.Section(r.done)
	if v.Moving() {
		r.done += v.Beats()
		r.seen += wrote
		v.MoveAccount(&r.account)
		b.place()
		if ample {
			b.moveAmple(v.Beats(), wrote)
		} else {
			b.free.move(v, wrote)
		}
		return
	}
	v.Exact(r.account.Last())
	if ample {
		b.noteAmple(v)
	} else {
		b.free.note(v, w.next, w.account.Last())
	}
	starved, next := b.starved(), b.wanted()
	v.Flag(starved)
	switch {
	case starved:
		v.Place(w.next-next, next)
		return
	case w.next < r.start+b.reads.FrameBeats():
		v.Value(w.next - next)
	}
	v.Latest(b.arrival, w.next-1-b.shifted, w.next-min(w.next, b.depth)-b.shifted, 0, r.account.Last()) // as many as future
}

func (b *buffer) moveWriting(v *clock.Registers) {
	for j := b.write.next - b.future(); j < b.write.next; j++ {
		v.Move(&b.arrival[(j-b.shifted)&b.mask])
	}
	beats := v.Beats()
	b.write.next += beats
	b.shifted += beats
	v.MoveAccount(&b.write.account)
	if !b.overlap && beats%b.reads.FrameBeats() == 0 {
		b.write.frameEnd += beats
	}
}

// wanted is the beat to be read next, over all frames.
func (b *buffer) wanted() int64 { return b.read.base + int64(b.reads.Inner[b.read.i]) }

// starved reports whether the beat to be read next is not there.
func (b *buffer) starved() bool { return b.wanted() >= b.write.next && b.read.frame < b.frames }

// Alike says for how long the nest looks the same. Writing has no loops within a
// frame. Rows and pixels that are read look the same in runs that the nest
// knows.
func (b *buffer) Alike(section int, from, shift int64) int64 {
	n := b.reads
	if section == writing {
		return b.alikeWriting(from, shift)
	}
	r := &b.read
	pixel := int64(len(n.Inner))
	row := pixel * int64(len(n.Col))
	back, ahead := int64(0), int64(0)
	switch {
	case shift%n.Steps() == 0:
		return (b.frames*n.Steps() - r.done - 1) / shift
	case shift%row == 0:
		first, last := n.AlikeRows(r.y)
		at := int64(r.x)*pixel + int64(r.i)
		back, ahead = int64(r.y-first)*row+at, int64(last-r.y)*row-at
	case shift%pixel == 0:
		first, last := n.AlikePixels(r.y, r.x)
		at := int64(r.i)
		back, ahead = int64(r.x-first)*pixel+at, int64(last-r.x)*pixel-at
	case shift%int64(n.Vector()) == 0:
		first, last := n.AlikeVectors(r.y, r.x, r.i/n.Vector())
		back, ahead = int64(r.i-first*n.Vector()), int64(last*n.Vector()-r.i)
		if !b.linear {
			break
		}
		first, last = n.AlikeLinear(r.y, r.x)
		whole := int64(r.x-first)*pixel + int64(r.i)
		if on := int64(last-r.x+1)*pixel - int64(r.i+n.Vector()); whole >= shift && on > ahead {
			back, ahead = whole, on
		}
	case b.whole:
		return b.alikeReads(shift)
	}
	if back < shift {
		return 0
	}
	return max(0, ahead) / shift
}

// alikeWriting is Alike of the writing side, which moved from beat number from on. Only the first
// beat of a frame waits for the frame before to leave whole.
func (b *buffer) alikeWriting(from, shift int64) int64 {
	now, size := b.write.next, b.reads.FrameBeats()
	start, most := now/size*size, int64(clock.Unlimited)
	idle := b.read.seen <= from // nothing was read since
	switch {
	case shift%size == 0 && !idle:
		return clock.Unlimited
	case from < start, from == start && !b.overlap:
		return 0
	case idle && b.starved():
		most = max(0, min(b.wanted(), b.free.now.upTo+b.depth)-1-now) / shift
	case b.ample():
		most = b.alikeWrites(shift)
	case idle:
		most = max(0, b.free.now.upTo+b.depth-1-now) / shift
	}
	return min(most, (start+size-now-1)/shift)
}

// future is the number of newest beats that arrive after the last read.
func (b *buffer) future() int64 {
	w, last := &b.write, b.read.account.Last()
	n := int64(0)
	if b.starved() { // for one that comes later
		return 0
	}
	for n < min(w.next, b.depth) && b.arrival[(w.next-1-n-b.shifted)&b.mask] > last {
		n++
	}
	return n
}

// place finds the reader's pixel and its place in it from the reads done.
func (b *buffer) place() {
	r, n := &b.read, b.reads
	r.frame = r.done / n.Steps()
	r.start = r.frame * n.FrameBeats()
	at := r.done % n.Steps()
	r.i = int(at % int64(len(n.Inner)))
	at /= int64(len(n.Inner))
	r.sure = 0
	r.x, r.y = int(at%int64(len(n.Col))), int(at/int64(len(n.Col)))
	r.seek(n)
}
