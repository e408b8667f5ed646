package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// readable is how many reads of the pixel can be made from cycle t on, one a cycle,
// if the next can be made then.
func (b *buffer) readable(t clock.Cycle) int64 {
	r := &b.read
	left := b.reads.Inner[r.i:]
	if b.vectors > 0 {
		left = left[:min(len(left), b.vectors-b.step()%b.vectors)]
	}
	if newest := r.base + b.widest; newest < b.write.next && b.arrival[(newest-b.shifted)&b.mask] < t+max(0, b.slack-clock.Cycle(r.i)) {
		return int64(len(left))
	}
	i := max(0, r.sure-r.i)
	for ; i < len(left); i++ {
		beat := r.base + int64(left[i])
		if beat >= b.write.next || b.arrival[(beat-b.shifted)&b.mask] >= t+clock.Cycle(i) {
			break
		}
	}
	i = min(i, len(left))
	r.sure = r.i + i
	return int64(i)
}

// fetched notes n reads that were made from cycle t on, the first of which is
// accounted for, and returns the boundary they reached.
func (b *buffer) fetched(t clock.Cycle, n int64) clock.Progress {
	r := &b.read
	at, end := int64(r.i), t+clock.Cycle(n-1)
	r.account.Events(n-1, end)
	if b.write.next < b.write.frameEnd {
		b.releaseRow(t+1, b.reads.InnerAfter()[at:at+n])
	}
	r.done += n
	r.i = int(at + n)
	return b.reached(end)
}

// releaseRow is release of reads made one a cycle, after each of which so much is still
// to be read in the pixel.
func (b *buffer) releaseRow(t clock.Cycle, after []int32) {
	r, newest := &b.read, b.free.newest()
	for i, a := range after {
		if newest >= r.after {
			return
		}
		if upTo := min(r.after, r.base+int64(a)); upTo > newest {
			b.free.add(upTo, t+clock.Cycle(i))
			newest = upTo
		}
	}
}
