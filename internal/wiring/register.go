package wiring

import "github.com/convsim/convsim/pipeline/clock"

// Register is a process with one output register: it takes a beat of every
// input when the register is empty or being emptied, works on them for one
// cycle, and offers the result in the next. One beat per cycle, latency 1.
type Register struct {
	clock.Counted
	in  []*clock.Edge
	out *clock.Edge
}

// NewRegister makes the process of a stage that handles so many beats a frame.
func NewRegister(at clock.Ports, stage string, beats int64) *Register {
	return &Register{Counted: at.Counted(stage, beats), in: at.In, out: at.Out[0]}
}

// collect finds the first cycle from t on in which all inputs but one have a beat, and
// reports whether it is known.
func collect(t clock.Cycle, inputs []*clock.Edge, but *clock.Edge) (clock.Cycle, bool) {
	for _, e := range inputs {
		if e == but {
			continue
		}
		o, ok := e.Head()
		if !ok {
			return 0, false
		}
		t = max(t, o)
	}
	return t, true
}

// Advance moves every beat whose time is known.
func (r *Register) Advance() clock.Progress {
	for r.Left > 0 {
		start, ok := collect(0, r.in, nil)
		if !ok || !r.out.Open() {
			return clock.Progress{}
		}
		t := max(start, r.Account.Last()+1, r.out.LastSent())
		if r.Account.Beyond(t) {
			return clock.Progress{}
		}
		for _, e := range r.in {
			e.Take(t)
		}
		r.Moved(start, t)
		r.out.Offer(t + 1)
	}
	r.Account.Finish()
	return clock.Progress{}
}

// Receive takes a beat of the only input.
func (r *Register) Receive(o clock.Cycle) (clock.Cycle, bool) {
	if r.Left == 0 || !r.out.Open() {
		return 0, false
	}
	t := max(o, r.Account.Last()+1, r.out.LastSent())
	if r.Account.Beyond(t) {
		return 0, false
	}
	r.Moved(o, t)
	r.out.Offer(t + 1)
	if r.Left == 0 {
		r.Account.Finish()
	}
	return t, true
}

// Accepts finds when the register is empty or being emptied.
func (r *Register) Accepts(in *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	t, ok := collect(t, r.in, in)
	if !ok {
		return 0, false
	}
	return max(t, r.Account.Last()+1, r.out.LastSent()), r.out.Open()
}

// Close names the last wait.
func (r *Register) Close(total clock.Cycle) {
	if start, ok := collect(0, r.in, nil); ok && r.Left > 0 {
		r.Account.Waits(start, total)
	}
}

// Waiting says what the stage waits for.
func (r *Register) Waiting() clock.Wait {
	return clock.WaitOf(r.Left == 0 || r.out.Done(), !r.out.Free(), empty(r.in), r.out)
}

// empty is the first input without a beat, nil if there is none.
func empty(in []*clock.Edge) *clock.Edge {
	for _, e := range in {
		if _, ok := e.Head(); !ok {
			return e
		}
	}
	return nil
}

// Registers shows the stage, which stores nothing its edges do not tell.
func (r *Register) Registers(v *clock.Registers) {
	r.Count(v)
}

// Alike says for how long beats come; all of them are alike.
func (r *Register) Alike(_ int, _, shift int64) int64 { return r.Whole(1, shift) }
