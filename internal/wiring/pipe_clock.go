package wiring

import "github.com/convsim/convsim/pipeline/clock"

// Pipe is a process: a pipeline that never stops, behind it a queue and an
// output register. Credits keep more beats from coming than the queue can hold:
// a beat is taken while fewer than credits of those taken have not been handed
// over at the start of the cycle. A beat taken in cycle t enters the queue at the
// end of t+latency, and the register, which loads when it is empty or being
// emptied, a cycle later at the earliest. FINN's thresholding and scaling units
// are such, with credits = latency + 3.
type Pipe struct {
	clock.Counted // beats to take
	in, out       *clock.Edge
	latency       clock.Cycle
	taken         []clock.Cycle
	handed        []clock.Cycle // a ring of the newest ones, as taken
	first         int64         // oldest beat not yet in the register
	next          int64         // beat to take next
	credits       int64
}

// NewPipe makes the process of a stage that handles so many beats a frame.
func NewPipe(at clock.Ports, stage string, latency, credits int, beats int64) *Pipe {
	return &Pipe{Counted: at.Counted(stage, beats), in: at.In[0], out: at.Out[0], latency: clock.Cycle(latency), credits: int64(credits),
		taken: clock.Take[clock.Cycle](at.Work, int64(credits)), handed: clock.Take[clock.Cycle](at.Work, int64(credits))}
}

// Advance moves every beat whose time is known.
func (p *Pipe) Advance() clock.Progress {
	for p.emit() || p.take() {
	}
	if p.Left == 0 {
		p.Account.Finish()
	}
	return clock.Progress{}
}

// emit loads the register with the oldest result once the one before is known
// to have left, and reports whether there was one.
func (p *Pipe) emit() bool {
	if p.first == p.next || !p.out.Open() {
		return false
	}
	if p.first > 0 {
		p.handed[(p.first-1)%p.credits] = p.out.LastSent()
	}
	p.out.Offer(max(p.taken[p.first%p.credits]+p.latency+1, p.out.LastSent()) + 1)
	p.first++
	return true
}

// take takes the next beat if its time is known.
func (p *Pipe) take() bool {
	if p.Left == 0 {
		return false
	}
	t, ok := p.Take(p.in, p)
	if ok {
		p.enter(t)
	}
	return ok
}

// enter notes a beat taken in cycle t.
func (p *Pipe) enter(t clock.Cycle) {
	p.taken[p.next%p.credits] = t
	p.next++
}

// Accepts finds when there is a credit.
func (p *Pipe) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	t = max(t, p.Account.Last()+1)
	if back := p.next - p.credits; back >= 0 {
		gone, known := p.gone(back)
		return max(t, gone+1), known
	}
	return t, true
}

// gone is when beat k was handed over, if that is known.
func (p *Pipe) gone(k int64) (clock.Cycle, bool) {
	switch {
	case k < p.first-1:
		return p.handed[k%p.credits], true
	case k == p.first-1 && p.out.Free():
		return p.out.LastSent(), true
	}
	return 0, false
}

// Close names the last wait.
func (p *Pipe) Close(total clock.Cycle) {
	p.CloseAt(p.in, total)
}

// Waiting says what the stage waits for.
func (p *Pipe) Waiting() clock.Wait {
	finished := p.Left == 0 && p.first == p.next && p.out.Free() || p.out.Done()
	return clock.WaitOf(finished, !p.out.Free() && p.next-p.first+1 >= p.credits, p.in, p.out)
}

// Registers shows the beats under way, and when those handed over were that a
// credit may still wait for.
func (p *Pipe) Registers(v *clock.Registers) {
	v.Section(p.next)
	if v.Moving() {
		p.move(v)
		return
	}
	last := p.Account.Last()
	v.Exact(last)
	v.Value(p.next - p.first)
	for k := p.first; k < p.next; k++ {
		v.Time(p.taken[k%p.credits]+p.latency, last)
	}
	for k := max(0, p.next-p.credits); k < p.first-1; k++ {
		v.Time(p.handed[k%p.credits], last)
	}
}

// move moves the rings with the beats: places are by beat.
func (p *Pipe) move(v *clock.Registers) {
	v.MoveAccount(&p.Account)
	v.MoveAll(p.taken)
	v.MoveAll(p.handed)
	beats := v.Beats()
	rotate(p.taken, beats)
	rotate(p.handed, beats)
	p.first += beats
	p.next += beats
	p.Left -= beats
}

// rotate moves what stands at place k to place k+n of a ring.
func rotate(ring []clock.Cycle, n int64) {
	at := int64(len(ring)) - n%int64(len(ring))
	turned := append(append([]clock.Cycle(nil), ring[at%int64(len(ring)):]...), ring[:at%int64(len(ring))]...)
	copy(ring, turned)
}

// Alike says for how long beats come; all of them are alike.
func (p *Pipe) Alike(_ int, _, shift int64) int64 { return p.Whole(1, shift) }

// Release gives the rings back after the run.
func (p *Pipe) Release(w *clock.Workspace) {
	clock.Keep(w, p.taken)
	clock.Keep(w, p.handed)
}
