package wiring

import (
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// batching is a block for tests: it takes n beats, one per cycle, before it
// hands out the first of them, and takes no more until all have left. A path
// with a batch is what makes reconvergent streams deadlock.
type batching struct {
	n      int64
	stream sched.Stream
}

func (batching) Kind() string { return "batch" }
func (b batching) Streams() (in, out []sched.Stream) {
	return []sched.Stream{b.stream}, []sched.Stream{b.stream}
}
func (b batching) Needs(out []int64) []int64 { return []int64{(out[0] + b.n - 1) / b.n * b.n} }
func (batching) Check() error                { return nil }
func (batching) AppendKey(dst []byte) []byte { return dst }
func (b batching) Process(at clock.Ports) clock.Process {
	in, out := at.In[0], at.Out[0]
	return &waiting{account: clock.NewAccount(at.Stage("batch"), in.Name(), out.Name()), in: in, out: out, n: b.n,
		left: b.stream.Frame() * at.Frames}
}

type waiting struct {
	account clock.Account
	in, out *clock.Edge
	n       int64
	taken   int64 // of this batch
	given   int64
	offered bool
	since   clock.Cycle
	left    int64 // beats to hand out in all
}

func (b *waiting) Accounts() []*clock.Account    { return []*clock.Account{&b.account} }
func (b *waiting) Close(clock.Cycle)             {}
func (b *waiting) Alike(_ int, _, _ int64) int64 { return 0 }
func (b *waiting) Registers(v *clock.Registers)  { v.Blind(); v.Section(b.left) }

func (b *waiting) Advance() clock.Progress {
	for b.left > 0 {
		if b.taken < b.n {
			o, ok := b.in.Head()
			if !ok {
				return clock.Progress{}
			}
			t := max(o, b.account.Last()+1)
			b.in.Take(t)
			b.account.Wait(clock.Starved, t)
			b.account.Event(t)
			b.taken++
			continue
		}
		if !b.offered {
			b.since, b.offered = b.account.Last()+1, true
			b.out.Offer(b.since)
		}
		if !b.out.Free() {
			return clock.Progress{}
		}
		t := b.out.LastSent()
		b.account.Wait(clock.Blocked, t)
		b.account.Event(t)
		b.offered = false
		b.left--
		if b.given++; b.given == b.n {
			b.taken, b.given = 0, 0
		}
	}
	b.account.Finish()
	return clock.Progress{}
}

func (b *waiting) Waiting() clock.Wait {
	switch {
	case b.left == 0:
		return clock.Wait{Cause: clock.Finished}
	case b.offered:
		return clock.Wait{Cause: clock.Blocked, Edge: b.out}
	}
	return clock.Wait{Cause: clock.Starved, Edge: b.in}
}
