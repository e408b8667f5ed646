package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// Ahead is how long after the newest read the newest write is, 0 while a read waits for one.
func (b *buffer) Ahead() clock.Cycle {
	if b.starved() {
		return 0
	}
	return b.write.account.Last() - b.read.account.Last()
}

// Emptying shows the reading side by itself: what it has set free when, the writing side is
// told, and moves on with it.
func (b *buffer) Emptying(v *clock.Registers) {
	r := &b.read
	v.Section(r.done)
	if v.Moving() {
		at, last := b.wanted(), r.account.Last()
		r.done += v.Beats()
		r.seen = b.write.next
		v.MoveAccount(&r.account)
		b.place()
		if b.write.next < b.write.frameEnd {
			times := v.Beats() / v.Shift()
			b.free.repeat(last-v.Period()+1, v.Period(), (b.wanted()-at)/times, times)
		}
		return
	}
	v.Exact(r.account.Last())
	v.Value(b.free.newest() - b.wanted())
	v.Flag(b.write.next < b.write.frameEnd)
}

// EmptyAlike says for how long reads of a row look the same. Whatever was read since the
// given cycle and will be was there then.
func (b *buffer) EmptyAlike(since clock.Cycle, shift int64) int64 {
	r, n := &b.read, b.reads
	pixel := int64(len(n.Inner))
	row := pixel * int64(len(n.Col))
	if b.whole || shift%row == 0 || b.write.next < b.write.frameEnd && !b.free.knows(since+1) {
		return 0
	}
	x := int(max(0, int64(r.x)*pixel+int64(r.i)-shift) / pixel)
	for x < len(n.Col) && b.there(r.start+n.Row[r.y]+n.Col[x]+b.widest, since) {
		x++
	}
	return min(b.Alike(reading, 0, shift), max(0, int64(x-r.x)*pixel-int64(r.i))/shift)
}

// there reports whether a beat had arrived in a cycle.
func (b *buffer) there(beat int64, at clock.Cycle) bool {
	return beat < b.write.next && b.arrived(beat) <= at
}
