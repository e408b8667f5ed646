package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// sideBeats is how many beats lie between two boundaries of a side that fills by itself,
// and sideRoom for how many there must be room to make looking worth it.
const (
	sideBeats = 16
	sideRoom  = 8 * sideBeats
)

// roomy reports whether many beats of the frame can be written before one waits for room.
func (b *buffer) roomy() bool { return b.room() >= b.write.next+sideRoom }

// room is up to which beat of the frame at hand places have been free since the last write.
func (b *buffer) room() int64 {
	w, size := &b.write, b.reads.FrameBeats()
	now := w.account.Last() + 1
	if b.free.pass(now); b.free.now.at > now {
		return 0
	}
	return min(b.free.now.upTo+b.depth, (w.next/size+1)*size)
}

// Filling shows the writing side: arrivals to come are those of the last period, later.
func (b *buffer) Filling(v *clock.Registers) {
	w := &b.write
	v.Section(w.next)
	if !v.Moving() {
		v.Exact(w.account.Last())
		return
	}
	shift, beats := v.Shift(), v.Beats()
	for j := w.next; j < w.next+beats; j++ {
		b.arrival[(j-b.shifted)&b.mask] = b.arrival[(j-shift-b.shifted)&b.mask] + v.Period()
	}
	w.next += beats
	v.MoveAccount(&w.account)
}

// FillAlike says for how long there is room. There was when the period began, which was
// not with the first beat of a frame: that one waits for the frame before. Beats that no
// window shows take no place, so a period may bring more than arrivals are kept of.
func (b *buffer) FillAlike(from, shift int64) int64 {
	next, size := b.write.next, b.reads.FrameBeats()
	if shift > min(sideRoom, b.mask+1) || from%size == 0 || from/size != next/size {
		return 0
	}
	return max(0, b.room()-next-1) / shift
}

// Fill shifts beats in up to the one that completes the next window.
func (w *shifter) Fill() bool {
	for !w.offered && w.shift() {
		if w.next%sideBeats == 0 && w.room() >= w.next+sideRoom {
			return true
		}
	}
	return false
}

// room is up to which beat of the frame at hand beats complete no window.
func (w *shifter) room() int64 { return min(w.wanted, (w.next/w.frame+1)*w.frame) }

// Filling shows the shifting side.
func (w *shifter) Filling(v *clock.Registers) {
	v.Section(w.next)
	if !v.Moving() {
		v.Exact(w.write.Last())
		return
	}
	w.next += v.Beats()
	v.MoveAccount(&w.write)
}

// FillAlike says for how long no window is completed. None was when the period began, which
// was not with the first beat of a frame.
func (w *shifter) FillAlike(from, shift int64) int64 {
	if shift > sideRoom || from%w.frame == 0 || from/w.frame != w.next/w.frame {
		return 0
	}
	return max(0, w.room()-w.next-1) / shift
}
