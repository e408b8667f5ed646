package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// Receive writes a beat if its place is known to be free, and reads pixels that are there
// whole; others are read when nothing else moves. Boundaries within frames are reported
// by Advance alone.
func (b *buffer) Receive(o clock.Cycle) (clock.Cycle, bool) {
	w := &b.write
	if b.pace.Stops(clock.Row) || b.stopped.Level != clock.None || w.next == b.all {
		return 0, false
	}
	t, ok := b.Accepts(b.in, o)
	if !ok || w.account.Beyond(t) {
		return 0, false
	}
	b.wrote(o, t)
	if w.next == b.all {
		w.account.Finish()
	}
	for b.read.base+b.widest < w.next {
		more, reached := b.fetch()
		if !more {
			return t, true
		}
		if reached.Level != clock.None {
			b.stopped = reached
			break
		}
	}
	b.in.Wake()
	return t, true
}
