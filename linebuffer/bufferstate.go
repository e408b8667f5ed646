package linebuffer

import "github.com/convsim/convsim/pipeline"

// State describes the two sides of the buffer. Once a frame is in whole, how far
// the writing side is ahead no longer matters to the reading one; arrivals that
// lie in the reader's future always do.
func (b *Buffer) State(s *pipeline.State) {
	w, r := &b.write, &b.read
	back, ahead := w.next, w.limit-w.next
	if s.Level() != pipeline.Frame {
		frame := w.next / b.reads.FrameBeats() * b.reads.FrameBeats()
		back, ahead = w.next-frame, min(frame+b.reads.FrameBeats()-w.next-1, ahead)
	}
	s.Section(w.next, w.units, back, ahead)
	b.free.state(s, w.next, w.stage.Last())

	back, ahead = b.room(s.Level())
	s.Section(r.done, r.units, back, ahead)
	s.Exact(r.stage.Last())
	if w.next < r.start+b.reads.FrameBeats() {
		s.Value(w.next - r.base)
	}
	for j := w.next - b.future(); j < w.next; j++ {
		s.Exact(b.arrival[(j-b.shifted)&b.mask])
	}
}

// room is for how many reads before and after now the nest looks the same; none
// are made beyond the limit.
func (b *Buffer) room(level pipeline.Level) (back, ahead int64) {
	r, n := &b.read, b.reads
	pixel := int64(len(n.Inner))
	row := pixel * int64(len(n.Col))
	back, ahead = r.done, r.limit-r.done-1
	switch level {
	case pipeline.Row:
		first, last := n.AlikeRows(r.y)
		at := int64(r.x)*pixel + int64(r.i)
		back, ahead = int64(r.y-first)*row+at, min(int64(last-r.y)*row-at, ahead)
	case pipeline.Pixel:
		first, last := n.AlikePixels(r.y, r.x)
		at := int64(r.i)
		back, ahead = int64(r.x-first)*pixel+at, min(int64(last-r.x)*pixel-at, ahead)
	}
	return back, ahead
}

// Skip jumps ahead.
func (b *Buffer) Skip(k *pipeline.Skip) {
	w, r := &b.write, &b.read
	if k.Section() {
		beats := k.Beats(w.units)
		b.delay(k.Time)
		w.next += beats
		b.shifted += beats
		b.free.skip(beats, k.Time)
		w.stage.Shift(k)
		if k.Level == pipeline.Frame && !b.overlap {
			w.frameEnd += beats
		}
	}
	if !k.Section() {
		return
	}
	r.done += k.Beats(r.units)
	r.stage.Shift(k)
	b.place()
}

// future is the number of newest beats that arrive after the last read.
func (b *Buffer) future() int64 {
	w, last := &b.write, b.read.stage.Last()
	n := int64(0)
	for n < min(w.next, b.depth) && b.arrival[(w.next-1-n-b.shifted)&b.mask] > last {
		n++
	}
	return n
}

// delay moves the arrivals that may still be waited for.
func (b *Buffer) delay(t pipeline.Cycle) {
	for j := b.write.next - b.future(); j < b.write.next; j++ {
		b.arrival[(j-b.shifted)&b.mask] += t
	}
}

// place finds the reader's pixel from the reads done; within the pixel it stays
// where it was.
func (b *Buffer) place() {
	r, n := &b.read, b.reads
	r.frame = r.done / n.Steps()
	r.start = r.frame * n.FrameBeats()
	at := r.done % n.Steps()
	at /= int64(len(n.Inner))
	r.x, r.y = int(at%int64(len(n.Col))), int(at/int64(len(n.Col)))
	r.seek(n)
}
