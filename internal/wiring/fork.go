package wiring

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// Fork copies a stream to several branches. Unless Style says otherwise, each
// branch is offered each beat and takes its copy once, in a cycle of its own; the
// input beat is taken in the cycle in which the last branch takes its copy.
type Fork struct {
	Stream   sched.Stream
	Branches int
	Style    ForkStyle
}

// mostBranches is more than any network has.
const mostBranches = 1 << 12

// Kind returns "fork".
func (Fork) Kind() string { return "fork" }

// Streams are the stream and its copies.
func (f Fork) Streams() (in, out []sched.Stream) {
	out = make([]sched.Stream, f.Branches)
	for i := range out {
		out[i] = f.Stream
	}
	return []sched.Stream{f.Stream}, out
}

// Needs is what the branch that needs most does.
func (f Fork) Needs(out []int64) []int64 {
	most := int64(0)
	for _, n := range out {
		most = max(most, n)
	}
	return []int64{most}
}

// Check refuses a fork that copies nothing.
func (f Fork) Check() error {
	if f.Branches < 1 || f.Branches > mostBranches {
		return fmt.Errorf("wiring: a fork into %d branches; allowed: 1 to %d", f.Branches, mostBranches)
	}
	return errors.Join(f.Style.check(f.Branches), f.Stream.Check())
}

// AppendKey appends branches, beats and the style.
func (f Fork) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, int64(f.Branches), f.Stream.Frame(), int64(f.Style))
}

// Process makes the fork.
func (f Fork) Process(at clock.Ports) clock.Process {
	base := fork{Counted: at.Counted("fork", f.Stream.Frame()), in: at.In[0], out: at.Out}
	switch f.Style {
	case AllOrNothing:
		return &forkAll{base}
	case Tap:
		return newForkTap(base)
	}
	return &base
}

// fork is a fork in time. Nothing is stored but who has taken the beat, which
// the edges tell.
type fork struct {
	clock.Counted
	in      *clock.Edge
	out     []*clock.Edge
	offered bool // the current beat is on offer to all branches
	start   clock.Cycle
}

// Advance moves every beat whose time is known.
func (f *fork) Advance() clock.Progress {
	for f.Left > 0 {
		if !f.offered && !f.offer() {
			return clock.Progress{}
		}
		t := f.start
		for _, e := range f.out {
			if !e.Free() {
				return clock.Progress{}
			}
			t = max(t, e.LastSent())
		}
		f.in.Take(t)
		f.Moved(f.start, t)
		f.offered = false
	}
	f.Account.Finish()
	return clock.Progress{}
}

// offer puts the next beat on all branches and reports whether there is one.
func (f *fork) offer() bool {
	o, ok := f.in.Head()
	if !ok || f.done() {
		return false
	}
	f.start = max(o, f.Account.Last()+1)
	if f.Account.Beyond(f.start) {
		return false
	}
	f.offered = true
	for _, e := range f.out {
		e.Offer(f.start)
	}
	return true
}

// done reports whether some branch needs no more beats, as far as is known.
func (f *fork) done() bool {
	for _, e := range f.out {
		if e.Done() {
			return true
		}
	}
	return false
}

// Receive offers a beat to all branches, and takes it when all have. (Where a fork all or
// nothing is in a plan, nothing is received.)
func (f *fork) Receive(o clock.Cycle) (clock.Cycle, bool) {
	start := max(o, f.Account.Last()+1)
	if f.offered || f.Left == 0 || f.done() || f.Account.Beyond(start) {
		return 0, false
	}
	t, all := start, true
	f.start, f.offered = start, true
	for _, e := range f.out {
		e.Offer(start)
	}
	for _, e := range f.out {
		all = all && e.Free()
		t = max(t, e.LastSent())
	}
	if !all { // Advance takes it
		return 0, false
	}
	f.Moved(start, t)
	if f.offered = false; f.Left == 0 {
		f.Account.Finish()
	}
	return t, true
}

// Accepts finds the first cycle from t on in which all branches would take a
// copy, if none has one on offer: what a fork that offers nothing unless all are
// ready waits for.
func (f *fork) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	if f.offered {
		return 0, false
	}
	return allAccept(f.out, max(t, f.Account.Last()+1))
}

// Close names the last wait.
func (f *fork) Close(total clock.Cycle) {
	if f.offered {
		f.Account.Waits(f.start, total)
	}
}

// Waiting says what the fork waits for.
func (f *fork) Waiting() clock.Wait {
	held := held(f.out)
	return clock.WaitOf(f.Left == 0, held != nil, f.in, held)
}

// held is the first output whose last beat has not left, nil if there is none.
func held(out []*clock.Edge) *clock.Edge {
	for _, e := range out {
		if !e.Free() {
			return e
		}
	}
	return nil
}

// Registers shows the fork, which stores nothing its edges do not tell.
func (f *fork) Registers(v *clock.Registers) {
	f.Count(v)
	if v.Moving() {
		v.Move(&f.start)
	}
}

// Alike says for how long beats come; all of them are alike.
func (f *fork) Alike(_ int, _, shift int64) int64 { return f.Whole(1, shift) }
