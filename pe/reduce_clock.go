package pe

import "github.com/convsim/convsim/pipeline/clock"

// AppendKey appends the beats of a vector, and the vectors.
func (r Reduce) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, int64(r.Fold.VectorBeats()), r.Fold.Vectors())
}

// Process makes the stage.
func (r Reduce) Process(at clock.Ports) clock.Process {
	return &reducer{Counted: at.Counted("pool", r.Fold.WindowBeats()), in: at.In[0], out: at.Out[0], beats: int64(r.Fold.VectorBeats()), last: 1}
}

// reducer is the stage in time. A beat that completes a result is taken when the
// output register is empty or being emptied, any other always; the result is
// offered in the next cycle.
type reducer struct {
	clock.Counted // beats
	in, out       *clock.Edge
	beats         int64 // of a vector
	last          int64 // of its last group, whose beats make a result each
	at            int64 // of them taken
}

// Advance moves every beat whose time is known.
func (r *reducer) Advance() clock.Progress {
	for r.Left > 0 {
		t, ok := r.Take(r.in, r)
		if !ok {
			return clock.Progress{}
		}
		r.took(t)
	}
	r.Account.Finish()
	return clock.Progress{}
}

// took goes on to the next beat after one that was taken in cycle t.
func (r *reducer) took(t clock.Cycle) {
	result := r.completes()
	if r.at++; r.at == r.beats {
		r.at = 0
	}
	if result {
		r.out.Offer(t + 1)
	}
}

// Receive takes a beat at once.
func (r *reducer) Receive(o clock.Cycle) (clock.Cycle, bool) {
	t, ok := r.Accepts(r.in, o)
	if r.Left == 0 || !ok || r.Account.Beyond(t) {
		return 0, false
	}
	r.Moved(o, t)
	r.took(t)
	if r.Left == 0 {
		r.Account.Finish()
	}
	return t, true
}

// Takes says how many beats are taken when they come: those that complete nothing, and the first one
// that does if the output register is empty by then.
func (r *reducer) Takes(_ *clock.Edge, t clock.Cycle, n int64) (first clock.Cycle, beats int64) {
	first = max(t, r.Account.Last()+1)
	whole := r.beats - r.last + 1 - r.at
	if !r.out.Open() || r.out.LastSent() >= first+clock.Cycle(whole) {
		whole--
	}
	return first, max(0, min(n, whole, int64(r.Account.Horizon()-first)))
}

// Took takes them, each when it came or right after the one before.
func (r *reducer) Took(_ *clock.Edge, first clock.Cycle, n int64) {
	end := first + clock.Cycle(n-1)
	r.Account.Moved(first, first)
	r.Account.Events(n-1, end)
	r.Left -= n
	r.at += n - 1
	if r.took(end); r.Left == 0 {
		r.Account.Finish()
	}
}

// completes reports whether the next beat makes a result.
func (r *reducer) completes() bool { return r.at >= r.beats-r.last }

// Accepts finds when the next beat may be taken.
func (r *reducer) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	t = max(t, r.Account.Last()+1)
	if r.completes() {
		return max(t, r.out.LastSent()), r.out.Open()
	}
	return t, true
}

// Close names the last wait.
func (r *reducer) Close(total clock.Cycle) {
	r.CloseAt(r.in, total)
}

// Waiting says what the stage waits for.
func (r *reducer) Waiting() clock.Wait {
	return clock.WaitOf(r.Left == 0 || r.out.Done(), r.completes() && !r.out.Free(), r.in, r.out)
}

// Registers shows the stage; how much of a vector has come follows from the beats taken.
func (r *reducer) Registers(v *clock.Registers) {
	r.Count(v)
	if v.Moving() {
		r.at = (r.at + v.Beats()) % r.beats
	}
	v.Exact(r.Account.Last())
}

// Alike says for how long vectors come, which are alike, or beats of one that complete
// nothing.
func (r *reducer) Alike(_ int, _, shift int64) int64 {
	switch {
	case shift%r.beats == 0:
		return r.Whole(r.beats, shift)
	case shift > r.at:
		return 0
	}
	return max(0, r.beats-r.last-r.at) / shift
}
