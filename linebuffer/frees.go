package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// frees is what a buffer knows of the places it may overwrite: all beats before
// now.upTo from cycle now.at on, and then in steps, each from its cycle on.
type frees struct {
	now   freeStep
	steps []freeStep // a ring, oldest at head
	head  int
	n     int
	work  *clock.Workspace
}

// freeStep says that the beats before upTo may be overwritten from cycle at on.
type freeStep struct {
	upTo int64
	at   clock.Cycle
}

// add notes a step; one that frees nothing new is dropped.
func (f *frees) add(upTo int64, at clock.Cycle) {
	if upTo <= f.newest() {
		return
	}
	if f.n == len(f.steps) {
		f.grow()
	}
	f.steps[(f.head+f.n)&(len(f.steps)-1)] = freeStep{upTo, at}
	f.n++
}

// newest is up to where beats may be overwritten at some time.
func (f *frees) newest() int64 {
	if f.n > 0 {
		return f.steps[(f.head+f.n-1)&(len(f.steps)-1)].upTo
	}
	return f.now.upTo
}

func (f *frees) grow() {
	bigger := clock.Take[freeStep](f.work, int64(max(8, 2*len(f.steps))))
	for i := range f.n {
		bigger[i] = f.steps[(f.head+i)&(len(f.steps)-1)]
	}
	clock.Keep(f.work, f.steps)
	f.steps, f.head = bigger, 0
}

// cover finds from when on the place of beat may be overwritten.
func (f *frees) cover(beat int64) (clock.Cycle, bool) {
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
func (f *frees) pass(t clock.Cycle) {
	for f.n > 0 && f.steps[f.head].at <= t {
		f.pop()
	}
}

// reset forgets all steps: every beat before upTo is free.
func (f *frees) reset(upTo int64) {
	f.now, f.n = freeStep{upTo: upTo}, 0
}

// release gives the steps' memory back.
func (f *frees) release() {
	clock.Keep(f.work, f.steps)
	f.steps = nil
}

// note shows v, to the reading side, the room relative to the beat to be written next:
// what is there in the cycle after the last write, and the steps after it.
func (f *frees) note(v *clock.Registers, next int64, lastIn clock.Cycle) {
	f.pass(lastIn + 1)
	v.Place(f.now.upTo-next, f.now.upTo)
	for i := range f.n {
		step := f.steps[(f.head+i)&(len(f.steps)-1)]
		v.Place(step.upTo-next, step.upTo)
		v.Exact(step.at)
	}
}

// move moves everything, by so many beats; the room there is now has been there since
// before the last write, whenever that was.
func (f *frees) move(v *clock.Registers, beats int64) {
	f.now.upTo += beats
	for i := range f.n {
		s := &f.steps[(f.head+i)&(len(f.steps)-1)]
		s.upTo += beats
		v.Move(&s.at)
	}
}
