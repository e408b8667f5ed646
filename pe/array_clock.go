package pe

import "github.com/convsim/convsim/pipeline/clock"

// cores is the arrays side by side in time; they work in step, so one process
// stands for all. It is FINN's matrix-vector unit (more than one pass over a
// vector: a replay buffer holds each vector meanwhile) or vector-vector unit
// (one pass: beats go straight through). One beat is computed per cycle while what
// follows the pipeline lets it.
type cores struct {
	account     clock.Account
	in, out     *clock.Edge
	weights     *clock.Edge // nil: all are held
	sumBeats    int         // beats of a result (SF)
	vectorBeats int         // beats of a vector, or of those of a tile that share weights
	outFolds    int         // passes over a vector (NF)
	vectors     int64       // in all
	replay      *replay     // nil: straight through
	results     results

	beat, pass int   // of the vector being computed
	finished   int64 // vectors

	held  bool        // the next beat is in the register behind the replay buffer
	ready clock.Cycle // from then on, if held: it was read the cycle before
	late  clock.Cycle // if above 0, the next beat is computed then, after the end of the run
}

// Process makes the arrays.
func (a Array) Process(at clock.Ports) clock.Process {
	f := a.Fold
	in, out := at.In[0], at.Out[0]
	c := &cores{account: clock.NewAccount(at.Stage("array"), in.Name(), out.Name()), in: in, out: out, sumBeats: f.VectorBeats(),
		vectorBeats: f.VectorBeats(), outFolds: f.OutFolds, vectors: f.Vectors() * at.Frames, results: a.results(at.Work)}
	if a.Loads() {
		c.weights, c.account.HeldBy = at.In[1], "weights"
	}
	if f.OutFolds > 1 {
		c.vectorBeats *= int(a.tile())
		c.vectors /= a.tile()
		c.replay = newReplay(at.Work, c.vectorBeats)
	}
	return c
}

// Hasty says that results that leave earlier may make the arrays wait, and so later ones.
func (a Array) Hasty() {}

// AppendKey appends what decides the arrays' time.
func (a Array) AppendKey(dst []byte) []byte {
	f := a.Fold
	dst = clock.AppendInts(dst, int64(f.VectorBeats()), int64(f.OutFolds), f.Vectors(), int64(a.Latency), int64(a.Style), a.tile())
	return clock.AppendFlag(dst, a.Loads())
}

// results is what stands between the multipliers and the output edge.
type results interface {
	// computed notes that the beat of cycle t completes a result, and emits.
	computed(out *clock.Edge, t clock.Cycle)
	// emit offers results as far as it is known when, and reports whether it did.
	emit(out *clock.Edge) bool
	// open finds the first cycle from t on in which a beat may be computed; false
	// when that is not known yet. All computing before t has been noted.
	open(t clock.Cycle) (clock.Cycle, bool)
	// sure is up to when computing may go on after open while it completes no result.
	sure() clock.Cycle
	// runs emits, and finds up to when computing may go on from cycle t on while it
	// completes no result, without asking open; false when that is not plain to see.
	runs(out *clock.Edge, t clock.Cycle) (until clock.Cycle, ok bool)
	// passes is how many of n results that are computed one a cycle from cycle t on, as far as runs
	// has said, leave one a cycle, too; pass moves so many.
	passes(out *clock.Edge, t clock.Cycle, n int64) int64
	pass(out *clock.Edge, t clock.Cycle, n int64)
	registers(v *clock.Registers)
	release(w *clock.Workspace)
}

func (a Array) results(w *clock.Workspace) results {
	if a.Style == Queued {
		return newLock(w, a.Latency, a.Queue)
	}
	return &freeze{latency: clock.Cycle(a.Latency), late: a.Style == FrozenLate, moved: -1}
}

// Advance moves every beat whose time is known.
func (a *cores) Advance() clock.Progress {
	for {
		moved := a.results.emit(a.out)
		if a.replay == nil {
			moved = a.computeThrough() || moved
		} else {
			moved = a.replay.fill(a.in, a.vectors-a.finished, &a.account) || moved
			moved = a.computeReplayed() || moved
		}
		if !moved {
			return clock.Progress{}
		}
	}
}

// computeThrough consumes the next beat in the cycle in which it is computed.
func (a *cores) computeThrough() bool {
	o, ok := a.in.Head()
	if !ok || a.finished == a.vectors {
		return false
	}
	from, ok := a.loaded(max(o, a.account.Last()+1))
	if !ok {
		return false
	}
	t, ok := a.open(from)
	if !ok {
		return false
	}
	a.in.Take(t)
	a.multiply(o, from, t)
	a.step(t)
	return true
}

// loaded finds the first cycle from t on in which weights are there for the next beat.
func (a *cores) loaded(t clock.Cycle) (clock.Cycle, bool) {
	if a.weights == nil {
		return t, true
	}
	o, ok := a.weights.Head()
	return max(t, o), ok
}

// multiply notes that a beat which was there from cycle since on, and weights for it
// from cycle from on, is computed in cycle t.
func (a *cores) multiply(since, from, t clock.Cycle) {
	a.account.Wait(clock.Starved, since)
	if a.weights != nil {
		a.account.Wait(clock.Throttled, from)
		a.weights.Take(t)
	}
	a.account.Wait(clock.Blocked, t)
	a.account.Event(t)
}

// open finds the first cycle from t on in which a beat may be computed, within
// the run; false when there is none, or it is not known yet.
func (a *cores) open(t clock.Cycle) (clock.Cycle, bool) {
	if a.late > 0 { // the results are not asked twice about one beat
		t = a.late
	} else if first, ok := a.results.open(t); ok {
		t = first
	} else {
		return 0, false
	}
	a.late = 0
	if a.account.Beyond(t) {
		a.late = t
		return 0, false
	}
	return t, true
}

// step counts one computed beat.
func (a *cores) step(t clock.Cycle) {
	if a.beat++; a.beat == a.vectorBeats || a.beat%a.sumBeats == 0 {
		a.results.computed(a.out, t)
	}
	if a.beat < a.vectorBeats {
		return
	}
	a.beat = 0
	if a.pass++; a.pass == a.outFolds {
		a.pass = 0
		if a.finished++; a.finished == a.vectors {
			a.account.Finish()
		}
		if a.replay != nil {
			a.replay.first += a.replay.vector
		}
	}
}

// fetch reads the next beat out of the replay buffer, and reports whether it is
// known when. The beat's place is free from then on if it was the last read,
// whether or not the beat is ever computed.
func (a *cores) fetch() bool {
	r := a.replay
	if a.held {
		return true
	}
	if a.finished == a.vectors || !r.holds(a.beat) {
		return false
	}
	a.held, a.ready = true, max(r.arrived(a.beat)+1, a.account.Last())+1
	if a.pass == a.outFolds-1 {
		r.release(a.ready - 1)
	}
	return true
}

// computeReplayed computes the beat that was fetched, or all that is left of a
// pass when nothing can interrupt it. It reports whether anything moved.
func (a *cores) computeReplayed() bool {
	fetched := !a.held
	if !a.fetch() {
		return false
	}
	from, ok := a.loaded(a.ready)
	if !ok {
		return fetched
	}
	t, ok := a.open(from)
	if !ok {
		return fetched
	}
	if a.weights != nil {
		a.multiply(a.ready, from, t)
		a.held, a.ready = false, 0
		a.step(t)
		return true
	}
	a.account.Waits(a.ready, t)
	a.held, a.ready = false, 0
	left := int64(a.sumBeats - a.beat%a.sumBeats)
	a.row(t, min(a.replay.readable(a.beat, int64(a.beat)+left, t), int64(min(a.results.sure(), a.account.Horizon()-1)-t)+1))
	return true
}

// row computes n beats of a pass, one per cycle from t on: they are all there in
// time, and the pipeline runs on.
func (a *cores) row(t clock.Cycle, n int64) {
	end := t + clock.Cycle(n-1)
	a.account.Events(n, end)
	if a.pass == a.outFolds-1 {
		for c := t; c < end; c++ {
			a.replay.release(c)
		}
	}
	a.beat += int(n) - 1
	a.step(end)
}

// Accounts returns the arrays' account.
func (a *cores) Accounts() []*clock.Account { return []*clock.Account{&a.account} }

// Close names the last wait of arrays that make more than is needed.
func (a *cores) Close(total clock.Cycle) {
	if l, ok := a.results.(*lock); ok {
		a.account.Overfull = l.over
	}
	if a.finished < a.vectors {
		there := a.there(total)
		a.account.Wait(clock.Starved, there)
		if a.weights != nil {
			from, ok := a.loaded(there)
			if !ok {
				from = total
			}
			a.account.Wait(clock.Throttled, from)
		}
		a.account.Wait(clock.Blocked, total)
	}
}

// there is from when on the next beat can be computed, else if that is not known.
func (a *cores) there(otherwise clock.Cycle) clock.Cycle {
	if a.held {
		return a.ready
	}
	if o, ok := a.in.Head(); ok && a.replay == nil {
		return o
	}
	return otherwise
}

// Waiting says what the arrays wait for.
func (a *cores) Waiting() clock.Wait {
	switch {
	case !a.out.Free():
		return clock.Wait{Cause: clock.Blocked, Edge: a.out}
	case a.finished == a.vectors || a.out.Done():
		return clock.Wait{Cause: clock.Finished}
	case a.weights != nil && a.there(clock.Never) < clock.Never:
		return clock.Wait{Cause: clock.Starved, Edge: a.weights}
	}
	return clock.Wait{Cause: clock.Starved, Edge: a.in}
}

// done is how many beats have been computed.
func (a *cores) done() int64 {
	return (a.finished*int64(a.outFolds)+int64(a.pass))*int64(a.vectorBeats) + int64(a.beat)
}

// Registers shows the arrays' state.
func (a *cores) Registers(v *clock.Registers) {
	v.Section(a.done())
	if v.Moving() {
		a.finished += v.Beats() / a.perVector()
		v.MoveAccount(&a.account)
		if a.held {
			v.Move(&a.ready)
		}
	}
	v.Exact(a.account.Last())
	v.Flag(a.held)
	if a.held {
		v.Exact(a.ready)
	}
	if a.replay != nil {
		a.replay.registers(v, a.account.Last())
	}
	a.results.registers(v)
}

// perVector is how many beats are computed per vector.
func (a *cores) perVector() int64 { return int64(a.vectorBeats) * int64(a.outFolds) }

// Alike says for how long vectors come; all of them are alike.
func (a *cores) Alike(_ int, _, shift int64) int64 {
	if shift%a.perVector() != 0 {
		return 0
	}
	return (a.vectors*a.perVector() - a.done() - 1) / shift
}

// Release gives the arrays' memories back after the run.
func (a *cores) Release(w *clock.Workspace) {
	a.results.release(w)
	if a.replay != nil {
		clock.Keep(w, a.replay.arrivals)
		clock.Keep(w, a.replay.frees)
	}
}
