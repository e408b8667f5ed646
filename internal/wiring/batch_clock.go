package wiring

import "github.com/convsim/convsim/pipeline/clock"

// AppendKey appends the sizes.
func (b Batch) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, b.Batches, b.In.Frame(), b.Out.Frame())
}

// Process makes the stage.
func (b Batch) Process(at clock.Ports) clock.Process {
	return &batcher{account: clock.NewAccount(at.Stage("batch"), at.In[0].Name(), at.Out[0].Name()), in: at.In[0], out: at.Out[0],
		take: b.In.Frame() / b.Batches, give: b.Out.Frame() / b.Batches, left: b.Batches * at.Frames}
}

// batcher is a batch in time: in the cycle after the last beat of a batch its
// first result is offered, and in the cycle after the last result has left the
// next batch may enter.
type batcher struct {
	account     clock.Account
	in, out     *clock.Edge
	take, give  int64 // beats of a batch
	taken, gone int64 // of this one
	offered     bool
	since       clock.Cycle // when the result on offer was put there
	left        int64       // batches
}

// Advance moves every beat whose time is known.
func (b *batcher) Advance() clock.Progress {
	for b.left > 0 {
		if b.taken < b.take {
			if !b.accept() {
				return clock.Progress{}
			}
			continue
		}
		if !b.offered {
			if !b.out.Open() {
				return clock.Progress{}
			}
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
		if b.gone++; b.gone == b.give {
			b.taken, b.gone = 0, 0
			b.left--
		}
	}
	b.account.Finish()
	return clock.Progress{}
}

// accept takes the next beat of a batch if its time is known.
func (b *batcher) accept() bool {
	o, ok := b.in.Head()
	if !ok {
		return false
	}
	t := max(o, b.account.Last()+1)
	if b.account.Beyond(t) {
		return false
	}
	b.in.Take(t)
	b.account.Wait(clock.Starved, t)
	b.account.Event(t)
	b.taken++
	return true
}

// Accepts says that a beat of a batch is taken in any cycle.
func (b *batcher) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return max(t, b.account.Last()+1), b.taken < b.take
}

// Accounts returns the stage's account.
func (b *batcher) Accounts() []*clock.Account { return []*clock.Account{&b.account} }

// Close names the last wait.
func (b *batcher) Close(total clock.Cycle) {
	switch {
	case b.offered:
		b.account.Wait(clock.Blocked, total)
	case b.left > 0:
		b.account.Wait(clock.Starved, total)
	}
}

// Waiting says what the stage waits for.
func (b *batcher) Waiting() clock.Wait {
	return clock.WaitOf(b.left == 0 || b.out.Done() && b.out.Free(), !b.out.Free(), b.in, b.out)
}

// done counts the beats taken and handed out.
func (b *batcher) done() int64 { return -b.left*(b.take+b.give) + b.taken + b.gone }

// Registers shows how far the batch is.
func (b *batcher) Registers(v *clock.Registers) {
	v.Section(b.done())
	if v.Moving() {
		b.left -= v.Beats() / (b.take + b.give)
		v.Move(&b.since)
		v.MoveAccount(&b.account)
	}
	v.Value(b.taken)
	v.Value(b.gone)
	v.Flag(b.offered)
	v.Exact(b.account.Last())
}

// Alike says for how long whole batches come; all of them are alike.
func (b *batcher) Alike(_ int, _, shift int64) int64 {
	if shift%(b.take+b.give) != 0 {
		return 0
	}
	return (-b.done() - 1) / shift
}
