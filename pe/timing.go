package pe

import (
	"math/bits"

	"github.com/convsim/convsim/pipeline"
)

// ArraySpec is what the time of the arrays side by side depends on; they work
// in step, so one process stands for all.
type ArraySpec struct {
	VectorBeats int            // beats of one vector (SF)
	OutFolds    int            // passes over a vector (NF)
	Vectors     int64          // in all
	Units       pipeline.Units // vectors per unit of the driving window
}

// computeLatency is from the beat that completes a sum to the result's entering
// the output FIFO: the pipeline of FINN's DSP58 INT8 core.
const computeLatency = 3

// Array is FINN's matrix-vector unit (OutFolds > 1: a replay buffer holds each
// vector while OutFolds passes read it) or vector-vector unit (OutFolds == 1:
// beats go straight through). One beat is computed per cycle. Results pass an
// output FIFO and an output register; a registered lock stops computing one
// cycle after a result is held up and until the FIFO has drained. The FIFO
// always has room for what is in flight when the lock closes.
type Array struct {
	stage   pipeline.Stage
	in, out *pipeline.Edge
	spec    ArraySpec
	replay  *replay // nil: straight through
	lock    lock

	beat, pass int   // of the vector being computed
	vectors    int64 // finished
}

// NewArray adds the arrays to g.
func NewArray(g *pipeline.Graph, in, out *pipeline.Edge, s ArraySpec) *Array {
	a := &Array{stage: pipeline.NewStage("array", in.Name(), out.Name()), in: in, out: out, spec: s}
	if s.OutFolds > 1 {
		a.replay = newReplay(s.VectorBeats)
	}
	g.Add(a, []*pipeline.Edge{in}, []*pipeline.Edge{out})
	return a
}

// Advance moves every beat whose time is known.
func (a *Array) Advance() {
	for {
		moved := a.lock.emit(a.out)
		if a.replay == nil {
			moved = a.computeThrough() || moved
		} else {
			moved = a.replay.fill(a.in, a.spec.Vectors-a.vectors) || moved
			moved = a.computeReplayed() || moved
		}
		if !moved {
			break
		}
	}
	if a.vectors == a.spec.Vectors {
		a.stage.Finish()
	}
}

// computeThrough consumes the next beat in the cycle in which it is computed.
func (a *Array) computeThrough() bool {
	o, ok := a.in.Head()
	if !ok || a.vectors == a.spec.Vectors {
		return false
	}
	t, ok := a.lock.open(max(o, a.stage.Last()+1))
	if !ok {
		return false
	}
	a.in.Take(t)
	a.stage.Wait(pipeline.Starved, o)
	a.stage.Wait(pipeline.Blocked, t)
	a.stage.Event(t)
	a.step(t)
	return true
}

// step counts one computed beat.
func (a *Array) step(t pipeline.Cycle) {
	if a.beat++; a.beat < a.spec.VectorBeats {
		return
	}
	a.beat = 0
	a.lock.result(t + computeLatency)
	if a.pass++; a.pass == a.spec.OutFolds {
		a.pass = 0
		a.vectors++
	}
}

// computeReplayed computes the next beat out of the replay buffer, or all that
// is left of a pass when nothing can interrupt it.
func (a *Array) computeReplayed() bool {
	r, last := a.replay, a.stage.Last()
	if a.vectors == a.spec.Vectors || !r.holds(a.beat) {
		return false
	}
	fetched := max(r.arrived(a.beat)+1, last)
	t, ok := a.lock.open(max(fetched, last) + 1)
	if !ok {
		return false
	}
	if left := a.spec.VectorBeats - a.beat; a.pass > 0 && t+pipeline.Cycle(left-1) <= a.lock.sure {
		a.wholePass(fetched, t, left)
		return true
	}
	a.stage.Wait(pipeline.Starved, fetched+1)
	a.stage.Wait(pipeline.Blocked, t)
	a.stage.Event(t)
	if a.pass == a.spec.OutFolds-1 {
		r.release(fetched)
	}
	a.step(t)
	return true
}

// wholePass computes the rest of a pass, one beat per cycle from t on: the
// vector is all there, and the lock stays open.
func (a *Array) wholePass(fetched, t pipeline.Cycle, left int) {
	a.stage.Wait(pipeline.Starved, fetched+1)
	a.stage.Wait(pipeline.Blocked, t)
	end := t + pipeline.Cycle(left-1)
	a.stage.Events(int64(left), end)
	if a.pass == a.spec.OutFolds-1 {
		a.replay.release(fetched)
		for c := t; c < end; c++ {
			a.replay.release(c)
		}
	}
	a.beat = a.spec.VectorBeats - 1
	a.step(end)
}

// Stages returns the arrays' account.
func (a *Array) Stages() []*pipeline.Stage { return []*pipeline.Stage{&a.stage} }

// Unlimit has nothing to do: every beat is needed.
func (a *Array) Unlimit() {}

// Close has nothing to name: the arrays finish before the run does.
func (a *Array) Close(pipeline.Cycle) {}

// Waiting says what the arrays wait for.
func (a *Array) Waiting() pipeline.Wait {
	switch {
	case !a.out.Free():
		return pipeline.Wait{Cause: pipeline.Blocked, Edge: a.out}
	case a.vectors == a.spec.Vectors:
		return pipeline.Wait{Cause: pipeline.Finished}
	}
	return pipeline.Wait{Cause: pipeline.Starved, Edge: a.in}
}

// State describes the arrays; all vectors are alike.
func (a *Array) State(s *pipeline.State) {
	last := a.stage.Last()
	perVector := int64(a.spec.VectorBeats) * int64(a.spec.OutFolds)
	units := a.spec.Units
	for i := range units {
		units[i] *= perVector
	}
	done := a.vectors*perVector + int64(a.pass)*int64(a.spec.VectorBeats) + int64(a.beat)
	s.Section(done, units, done, a.spec.Vectors*perVector-done-1)
	s.Exact(last)
	if a.replay != nil {
		a.replay.state(s, last)
	}
	a.lock.state(s)
}

// Skip jumps ahead.
func (a *Array) Skip(k *pipeline.Skip) {
	if !k.Section() {
		return
	}
	a.vectors += k.Beats(a.spec.Units)
	a.stage.Shift(k)
	if a.replay != nil {
		a.replay.skip(k.Time)
	}
	a.lock.skip(k.Time)
}

// replay is the buffer that holds vectors while they are read several times. A
// beat is readable one cycle after it was written; a read fills a register
// whose beat is computed from the next cycle on. Places are set free one by one
// during the last pass.
type replay struct {
	arrivals []pipeline.Cycle // by beat & mask
	frees    []pipeline.Cycle // from when on a beat's place may be written again
	mask     int64
	vector   int64 // beats per vector
	written  int64
	freed    int64 // beats whose last read is known
	first    int64 // first beat of the vector being computed
	lastIn   pipeline.Cycle
}

// ReplayDepth is the size in beats of the replay buffer for vectors of so many:
// the smallest power of two that holds one, at least two.
func ReplayDepth(vector int) int { return 1 << bits.Len(uint(max(vector-1, 1))) }

func newReplay(vector int) *replay {
	size := int64(ReplayDepth(vector))
	return &replay{arrivals: make([]pipeline.Cycle, size), frees: make([]pipeline.Cycle, size),
		mask: size - 1, vector: int64(vector), lastIn: -1}
}

// fill takes beats while their places are known to be free, those of `vectors`
// vectors after the one computed at most.
func (r *replay) fill(in *pipeline.Edge, vectors int64) bool {
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
		in.Take(t)
		r.arrivals[r.written&r.mask] = t
		r.written++
		r.lastIn = t
		moved = true
	}
	return moved
}

// holds reports whether beat i of the current vector has arrived.
func (r *replay) holds(i int) bool { return r.first+int64(i) < r.written }

// arrived is when beat i of the current vector was written.
func (r *replay) arrived(i int) pipeline.Cycle { return r.arrivals[(r.first+int64(i))&r.mask] }

// release notes the last read, in cycle t, of the oldest beat.
func (r *replay) release(t pipeline.Cycle) {
	r.frees[r.freed&r.mask] = t + 1
	r.freed++
	if r.freed == r.first+r.vector {
		r.first = r.freed
	}
}

// state adds how far writing is ahead, and the times that may still bind; what
// is set free follows from the beats computed.
func (r *replay) state(s *pipeline.State, last pipeline.Cycle) {
	s.Value(r.written - r.first)
	times(s, r.arrivals, r.mask, r.written-1, r.freed, last-1)
	times(s, r.frees, r.mask, r.freed-1, max(0, r.written-r.mask-1), r.lastIn+1)
}

// times adds the times of beats newest down to oldest that lie after floor.
func times(s *pipeline.State, ring []pipeline.Cycle, mask, newest, oldest int64, floor pipeline.Cycle) {
	for j := newest; j >= oldest && ring[j&mask] > floor; j-- {
		s.Exact(ring[j&mask])
	}
}

func (r *replay) skip(t pipeline.Cycle) {
	for i := range r.arrivals {
		r.arrivals[i] += t
		r.frees[i] += t
	}
	r.lastIn += t
}
