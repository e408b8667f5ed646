package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// frees is what a buffer knows of the places it may overwrite: all beats before
// now.upTo from cycle now.at on, and then in steps, each from its cycle on.
type frees struct {
	now   freeStep
	steps []freeStep // a ring of the newest, those to come and as many before them as there is room for
	made  int        // steps
	n     int        // of them are to come
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
	f.made++
	f.n++
	*f.step(1) = freeStep{upTo, at}
}

// step is the newest step, the one before it, and so on.
func (f *frees) step(back int) *freeStep { return &f.steps[(f.made-back)&(len(f.steps)-1)] }

// newest is up to where beats may be overwritten at some time.
func (f *frees) newest() int64 {
	if f.n > 0 {
		return f.step(1).upTo
	}
	return f.now.upTo
}

func (f *frees) grow() {
	older := *f
	f.steps = clock.Take[freeStep](f.work, int64(max(8, 2*len(f.steps))))
	for back := 1; back <= min(f.made, len(older.steps)); back++ {
		*f.step(back) = *older.step(back)
	}
	clock.Keep(f.work, older.steps)
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
	f.now = *f.step(f.n)
	f.n--
}

// pass turns the steps up to cycle t into room there is now.
func (f *frees) pass(t clock.Cycle) {
	for f.n > 0 && f.step(f.n).at <= t {
		f.pop()
	}
}

// reset forgets all steps: every beat before upTo is free.
func (f *frees) reset(upTo int64) {
	f.now, f.n = freeStep{upTo: upTo}, 0
}

// mostSteps is how many steps are kept for having been made lately.
const mostSteps = 1 << 13

// knows reports whether all steps are kept that were made from after a cycle on.
func (f *frees) knows(after clock.Cycle) bool {
	if f.made <= len(f.steps) || f.step(len(f.steps)).at <= after {
		return true
	}
	if len(f.steps) < mostSteps {
		f.grow()
	}
	return false
}

// repeat makes the steps from after a cycle on so many times more, each time later by a
// period and by so many beats.
func (f *frees) repeat(after, period clock.Cycle, beats, times int64) {
	n := 0
	for n < min(f.made, len(f.steps)) && f.step(n+1).at > after {
		n++
	}
	for range times * int64(n) {
		s := f.step(n)
		f.add(s.upTo+beats, s.at+period)
	}
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
	for back := f.n; back > 0; back-- {
		step := f.step(back)
		v.Place(step.upTo-next, step.upTo)
		v.Exact(step.at)
	}
}

// move moves everything, by so many beats; the room there is now has been there since
// before the last write, whenever that was.
func (f *frees) move(v *clock.Registers, beats int64) {
	f.now.upTo += beats
	for back := f.n; back > 0; back-- {
		s := f.step(back)
		s.upTo += beats
		v.Move(&s.at)
	}
}
