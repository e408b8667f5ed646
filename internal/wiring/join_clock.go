package wiring

import "github.com/convsim/convsim/pipeline/clock"

// AppendKey appends inputs and beats.
func (j Join) AppendKey(dst []byte) []byte {
	return clock.AppendInts(clock.AppendFlag(dst, j.Queued), int64(len(j.In)), j.Out.Frame())
}

// Process makes the join.
func (j Join) Process(at clock.Ports) clock.Process {
	if j.Queued {
		return newQueueJoiner(at, j.Out.Frame())
	}
	return &joiner{Counted: at.Counted("join", j.Out.Frame()), in: at.In, out: at.Out[0]}
}

// joiner is a join in time.
type joiner struct {
	clock.Counted
	in      []*clock.Edge
	out     *clock.Edge
	offered bool // the current beat is on offer
	start   clock.Cycle
}

// Advance moves every beat whose time is known.
func (j *joiner) Advance() clock.Progress {
	for j.Left > 0 {
		if !j.offered && !j.offer() {
			return clock.Progress{}
		}
		if !j.out.Free() {
			return clock.Progress{}
		}
		t := j.out.LastSent()
		for _, e := range j.in {
			e.Take(t)
		}
		j.Moved(j.start, t)
		j.offered = false
	}
	j.Account.Finish()
	return clock.Progress{}
}

// ReceiverOf takes beats of one input at once.
func (j *joiner) ReceiverOf(in *clock.Edge) clock.Receiver { return &joinEnd{j, in} }

// joinEnd is an input of a join.
type joinEnd struct {
	j  *joiner
	in *clock.Edge
}

// Receive takes a beat when the other inputs have one and the output takes the result.
func (e *joinEnd) Receive(o clock.Cycle) (clock.Cycle, bool) {
	j := e.j
	if j.offered || j.Left == 0 || !j.offerWith(e.in, o) || !j.out.Free() {
		return 0, false
	}
	t := j.out.LastSent()
	for _, other := range j.in {
		if other != e.in {
			other.Take(t)
		}
	}
	j.Moved(j.start, t)
	if j.offered = false; j.Left == 0 {
		j.Account.Finish()
	}
	return t, true
}

// offer puts the result on offer from the first cycle in which all inputs have
// a beat, and reports whether that is known. That cycle rises from beat to beat
// as each of the inputs' does.
func (j *joiner) offer() bool { return j.offerWith(nil, 0) }

// offerWith is offer when one input has a beat from a cycle on; nil for none.
func (j *joiner) offerWith(in *clock.Edge, since clock.Cycle) bool {
	start, ok := collect(max(since, j.Account.Last()+1), j.in, in)
	if !ok {
		return false
	}
	j.start = start
	if j.Account.Beyond(start) || !j.out.Open() {
		return false
	}
	j.offered = true
	j.out.Offer(j.start)
	return true
}

// Accepts finds when the output takes a beat, once the other inputs have one.
func (j *joiner) Accepts(in *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	t, ok := collect(max(t, j.Account.Last()+1), j.in, in)
	if !ok || !j.out.Open() {
		return 0, false
	}
	return j.out.Accepts(t)
}

// Close names the last wait.
func (j *joiner) Close(total clock.Cycle) {
	if j.offered {
		j.Account.Waits(j.start, total)
	}
}

// Waiting says what the join waits for.
func (j *joiner) Waiting() clock.Wait {
	return clock.WaitOf(j.Left == 0 || j.out.Done(), !j.out.Free(), empty(j.in), j.out)
}

// Registers shows the join, which stores nothing its edges do not tell.
func (j *joiner) Registers(v *clock.Registers) {
	j.Count(v)
	if v.Moving() {
		v.Move(&j.start)
	}
}

// Alike says for how long beats come; all of them are alike.
func (j *joiner) Alike(_ int, _, shift int64) int64 { return j.Whole(1, shift) }
