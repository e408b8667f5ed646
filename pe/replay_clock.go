package pe

import (
	"math/bits"

	"github.com/convsim/convsim/pipeline/clock"
)

// replay is the buffer that holds vectors while they are read several times. A
// beat is readable one cycle after it was written; a read fills a register
// whose beat is computed from the next cycle on. Places are set free one by one
// during the last pass.
type replay struct {
	arrivals []clock.Cycle // by beat & mask
	frees    []clock.Cycle // from when on a beat's place may be written again
	mask     int64
	vector   int64 // beats per vector
	written  int64
	freed    int64 // beats whose last read is known
	first    int64 // first beat of the vector being computed
	lastIn   clock.Cycle
}

// ReplayDepth is the size in beats of the replay buffer for vectors of so many:
// the smallest power of two that holds one, at least two.
func ReplayDepth(vector int) int { return 1 << bits.Len(uint(max(vector-1, 1))) }

func newReplay(w *clock.Workspace, vector int) *replay {
	size := int64(ReplayDepth(vector))
	return &replay{arrivals: clock.Take[clock.Cycle](w, size), frees: clock.Take[clock.Cycle](w, size),
		mask: size - 1, vector: int64(vector), lastIn: -1}
}

// fill takes beats within the run while their places are known to be free,
// those of `vectors` vectors after the one computed at most.
func (r *replay) fill(in *clock.Edge, vectors int64, account *clock.Account) bool {
	moved := false
	end := r.first + vectors*r.vector
	for r.written-r.freed <= r.mask && r.written < end {
		o, ok := in.Head()
		if !ok {
			break
		}
		t := max(o, r.lastIn+1)
		if r.written > r.mask {
			t = max(t, r.frees[r.written&r.mask])
		}
		if account.Beyond(t) {
			break
		}
		in.Take(t)
		r.arrivals[r.written&r.mask] = t
		r.written++
		r.lastIn = t
		moved = true
	}
	return moved
}

// takes finds when the first of n beats that come one a cycle from t on is taken, and
// how many are then taken one a cycle, before the horizon.
func (r *replay) takes(t clock.Cycle, n int64, horizon clock.Cycle) (first clock.Cycle, beats int64) {
	n = min(n, r.mask+1-(r.written-r.freed))
	first = max(t, r.lastIn+1)
	if r.written > r.mask && n > 0 {
		first = max(first, r.frees[r.written&r.mask])
	}
	n = min(n, int64(horizon-first))
	for ; beats < n; beats++ {
		if j := r.written + beats; j > r.mask && r.frees[j&r.mask] > first+clock.Cycle(beats) {
			break
		}
	}
	return first, beats
}

// took notes n beats taken one a cycle.
func (r *replay) took(first clock.Cycle, n int64) {
	for i := range n {
		r.arrivals[(r.written+i)&r.mask] = first + clock.Cycle(i)
	}
	r.written += n
	r.lastIn = first + clock.Cycle(n-1)
}

// readable is how many beats of the current vector, from beat i up to, not including, end,
// can be computed one a cycle from cycle t on: as many as have come, if the last of them
// comes in time; beats come one a cycle at most.
func (r *replay) readable(i int, end int64, t clock.Cycle) int64 {
	n := min(end, r.written-r.first) - int64(i)
	if r.arrived(i+int(n)-1)+2 > t+clock.Cycle(n-1) {
		return 1
	}
	return n
}

// holds reports whether beat i of the current vector has arrived.
func (r *replay) holds(i int) bool { return r.first+int64(i) < r.written }

// arrived is when beat i of the current vector was written.
func (r *replay) arrived(i int) clock.Cycle { return r.arrivals[(r.first+int64(i))&r.mask] }

// release notes the last read, in cycle t, of the oldest beat.
func (r *replay) release(t clock.Cycle) {
	r.frees[r.freed&r.mask] = t + 1
	r.freed++
}

// registers shows how far writing is ahead, and the times that may still bind;
// what is set free follows from the beats computed.
func (r *replay) registers(v *clock.Registers, last clock.Cycle) {
	if v.Moving() {
		v.MoveAll(r.arrivals)
		v.MoveAll(r.frees)
		v.Move(&r.lastIn)
		return
	}
	v.Value(r.written - r.first)
	v.Latest(r.arrivals, r.written-1, r.freed, 0, last-1)
	v.Latest(r.frees, r.freed-1, max(0, r.written-r.mask-1), 0, r.lastIn+1)
}
