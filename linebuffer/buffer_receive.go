package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// Hold keeps the reading side where it is.
func (b *buffer) Hold(held bool) { b.held = held }

// Ease leaves out the boundaries within rows, or brings them back.
func (b *buffer) Ease(eased bool) {
	if b.loops = b.own; eased {
		b.loops = loops{}
	}
}

// Receive writes a beat if its place is known to be free, and reads pixels that are there
// whole; others are read when nothing else moves. Boundaries within frames are reported
// by Advance alone, which reads then, and writes the beats that may come to one of writing.
func (b *buffer) Receive(o clock.Cycle) (clock.Cycle, bool) {
	w := &b.write
	if w.next == b.all || b.stopped.Level != clock.None || b.drives && (b.filled || (w.next+1)%sideBeats == 0) {
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
	if b.drives || b.held {
		b.in.Wake()
		return t, true
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
