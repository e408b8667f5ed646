package linebuffer

import "github.com/convsim/convsim/pipeline"

// frees is what a buffer knows of the places it may overwrite: all beats before
// now.upTo from cycle now.at on, and then in steps, each from its cycle on.
type frees struct {
	now   freeStep
	steps []freeStep // a ring, oldest at head
	head  int
	n     int
}

// freeStep says that the beats before upTo may be overwritten from cycle at on.
type freeStep struct {
	upTo int64
	at   pipeline.Cycle
}

// add notes a step; one that frees nothing new is dropped.
func (f *frees) add(upTo int64, at pipeline.Cycle) {
	newest := f.now.upTo
	if f.n > 0 {
		newest = f.steps[(f.head+f.n-1)&(len(f.steps)-1)].upTo
	}
	if upTo <= newest {
		return
	}
	if f.n == len(f.steps) {
		f.grow()
	}
	f.steps[(f.head+f.n)&(len(f.steps)-1)] = freeStep{upTo, at}
	f.n++
}

func (f *frees) grow() {
	bigger := steps.take(int64(max(8, 2*len(f.steps))))
	for i := range f.n {
		bigger[i] = f.steps[(f.head+i)&(len(f.steps)-1)]
	}
	steps.put(f.steps)
	f.steps, f.head = bigger, 0
}

// cover finds from when on the place of beat may be overwritten.
func (f *frees) cover(beat int64) (pipeline.Cycle, bool) {
	for beat >= f.now.upTo {
		if f.n == 0 {
			return 0, false
		}
		f.pop()
	}
	return f.now.at, true
}

func (f *frees) pop() {
	f.now = f.steps[f.head]
	f.head = (f.head + 1) & (len(f.steps) - 1)
	f.n--
}

// pass turns the steps up to cycle t into room there is now.
func (f *frees) pass(t pipeline.Cycle) {
	for f.n > 0 && f.steps[f.head].at <= t {
		f.pop()
	}
}

// reset forgets all steps: every beat before upTo is free.
func (f *frees) reset(upTo int64) {
	f.now, f.n = freeStep{upTo: upTo}, 0
}

// state adds the room relative to the beat to be written next: what is there in
// the cycle after the last write, and the steps after it.
func (f *frees) state(s *pipeline.State, next int64, lastIn pipeline.Cycle) {
	f.pass(lastIn + 1)
	s.Value(f.now.upTo - next)
	for i := range f.n {
		step := f.steps[(f.head+i)&(len(f.steps)-1)]
		s.Value(step.upTo - next)
		s.Exact(step.at)
	}
}

// skip moves everything by beats and time; the room there is now has been there
// since before the last write, whenever that was.
func (f *frees) skip(beats int64, t pipeline.Cycle) {
	f.now.upTo += beats
	for i := range f.n {
		s := &f.steps[(f.head+i)&(len(f.steps)-1)]
		s.upTo += beats
		s.at += t
	}
}
