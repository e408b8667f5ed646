package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// readable is how many of the next reads of the pixel, up to most, can be made from cycle t
// on, one a cycle, if the next can be made then.
func (b *buffer) readable(t clock.Cycle, most int) int {
	r, i := &b.read, max(0, b.read.sure-b.read.i)
	for ; i < most; i++ {
		beat := r.base + int64(b.reads.Inner[r.i+i])
		if beat >= b.write.next || b.arrived(beat) >= t+clock.Cycle(i) {
			break
		}
	}
	i = min(i, most)
	r.sure = r.i + i
	return i
}

// fetched notes n reads that were made from cycle t on, the first of which is
// accounted for, and returns the boundary they reached.
func (b *buffer) fetched(t clock.Cycle, n int) clock.Progress {
	r, at := &b.read, b.read.i
	end := t + clock.Cycle(n-1)
	r.account.Events(int64(n-1), end)
	r.done += int64(n)
	r.i += n
	if b.write.next < b.write.frameEnd {
		b.release(t+1, b.reads.InnerAfter()[at:r.i])
	}
	switch {
	case r.i == len(b.reads.Inner):
		return b.nextPixel(end)
	case b.vectors > 0 && b.step()%b.vectors == 0:
		return clock.Progress{Level: clock.Vector, At: end}
	}
	return clock.Progress{}
}

// release notes which beats no read to come needs, after reads made one a cycle, from cycle
// t on, after each of which so much is still to be read in the pixel.
func (b *buffer) release(t clock.Cycle, after []int32) {
	r, newest := &b.read, b.free.newest()
	if newest >= r.after {
		return
	}
	known := newest - r.base
	for i, a := range after {
		if int64(a) <= known {
			continue
		}
		newest = min(r.after, r.base+int64(a))
		b.free.add(newest, t+clock.Cycle(i))
		if newest == r.after {
			return
		}
		known = int64(a)
	}
}

// arrived is when a beat arrived.
func (b *buffer) arrived(beat int64) clock.Cycle { return b.arrival[(beat-b.shifted)&b.mask] }
