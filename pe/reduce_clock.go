package pe

import "github.com/convsim/convsim/pipeline/clock"

// AppendKey appends the beats of a vector, and the vectors.
func (r Reduce) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, int64(r.Fold.VectorBeats()), r.Fold.Vectors())
}

// Process makes the stage.
func (r Reduce) Process(at clock.Ports) clock.Process {
	return &reducer{account: clock.NewAccount(at.Stage("pool"), at.In[0].Name(), at.Out[0].Name()), in: at.In[0], out: at.Out[0],
		beats: int64(r.Fold.VectorBeats()), last: 1, left: r.Fold.WindowBeats() * at.Frames}
}

// reducer is the stage in time. A beat that completes a result is taken when the
// output register is empty or being emptied, any other always; the result is
// offered in the next cycle.
type reducer struct {
	account clock.Account
	in, out *clock.Edge
	beats   int64 // of a vector
	last    int64 // of its last group, whose beats make a result each
	at      int64 // of them taken
	left    int64 // beats of the run
}

// Advance moves every beat whose time is known.
func (r *reducer) Advance() clock.Progress {
	for r.left > 0 {
		o, ok := r.in.Head()
		if !ok {
			return clock.Progress{}
		}
		t, ok := r.Accepts(r.in, o)
		if !ok || t >= r.account.Horizon() {
			return clock.Progress{}
		}
		r.in.Take(t)
		r.account.Wait(clock.Starved, o)
		r.account.Wait(clock.Blocked, t)
		r.account.Event(t)
		r.left--
		if r.completes() {
			r.out.Offer(t + 1)
		}
		if r.at++; r.at == r.beats {
			r.at = 0
		}
	}
	r.account.Finish()
	return clock.Progress{}
}

// completes reports whether the next beat makes a result.
func (r *reducer) completes() bool { return r.at >= r.beats-r.last }

// Accepts finds when the next beat may be taken.
func (r *reducer) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	t = max(t, r.account.Last()+1)
	if r.completes() {
		return max(t, r.out.LastSent()), r.out.Open()
	}
	return t, true
}

// Accounts returns the stage's account.
func (r *reducer) Accounts() []*clock.Account { return []*clock.Account{&r.account} }

// Close names the last wait.
func (r *reducer) Close(total clock.Cycle) {
	if o, ok := r.in.Head(); ok && r.left > 0 {
		r.account.Wait(clock.Starved, o)
		r.account.Wait(clock.Blocked, total)
	}
}

// Waiting says what the stage waits for.
func (r *reducer) Waiting() clock.Wait {
	switch {
	case r.left == 0 || r.out.Done():
		return clock.Wait{Cause: clock.Finished}
	case r.completes() && !r.out.Free():
		return clock.Wait{Cause: clock.Blocked, Edge: r.out}
	}
	return clock.Wait{Cause: clock.Starved, Edge: r.in}
}

// Registers shows how much of a vector has come.
func (r *reducer) Registers(v *clock.Registers) {
	v.Section(-r.left)
	if v.Moving() {
		r.left -= v.Beats()
		v.MoveAccount(&r.account)
	}
	v.Value(r.at)
	v.Exact(r.account.Last())
}

// Alike says for how long vectors come; all of them are alike.
func (r *reducer) Alike(_ int, _, shift int64) int64 {
	if shift%r.beats != 0 {
		return 0
	}
	return (r.left - 1) / shift
}
