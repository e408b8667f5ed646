package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// Receive writes a beat if its place is known to be free, and reads pixels that are there
// whole; others are read when nothing else moves. Boundaries within frames are reported
// by Advance alone.
func (b *buffer) Receive(o clock.Cycle) (clock.Cycle, bool) {
	w := &b.write
	all := b.frames * b.reads.FrameBeats()
	if b.pace.Stops(clock.Row) || b.stopped.Level != clock.None || w.next == all {
		return 0, false
	}
	t, ok := b.Accepts(b.in, o)
	if !ok || t >= w.account.Horizon() {
		return 0, false
	}
	b.wrote(o, t)
	more := true
	for more && b.stopped.Level == clock.None && b.read.base+b.widest < w.next {
		more, b.stopped = b.fetch()
	}
	if more {
		b.in.Wake()
	}
	if w.next == all {
		w.account.Finish()
	}
	return t, true
}
