package wiring

import "github.com/convsim/convsim/pipeline/clock"

// forkTap is FINN's stream_tap in time. A beat is taken into a side register, or
// through it, and loaded into the register that owes it to the main branch and to
// the tap. The tap's copy enters a skid, whose older slot closes it, and leaves by
// the tap's output register.
type forkTap struct {
	fork
	taken, loaded, skidded, tapped int64 // beats that have come so far
	beats                          [4]tapBeat
	side                           clock.Cycle // when the beat not yet loaded was taken
}

// tapBeat is a beat's way through the tap.
type tapBeat struct {
	loaded  clock.Cycle // into the register
	skidded clock.Cycle // its copy came into the skid
	tapped  clock.Cycle // into the tap's output register
}

func newForkTap(f fork) *forkTap {
	t := &forkTap{fork: f, side: -1}
	for i := range t.beats {
		t.beats[i] = tapBeat{-1, -1, -1}
	}
	return t
}

func (f *forkTap) at(beat int64) *tapBeat { return &f.beats[beat&3] }

// Receive takes no beat at once.
func (f *forkTap) Receive(clock.Cycle) (clock.Cycle, bool) { return 0, false }

// Advance moves every beat whose time is known.
func (f *forkTap) Advance() clock.Progress {
	for f.take() || f.load() || f.skid() || f.tap() {
	}
	if f.Left == 0 {
		f.Account.Finish()
	}
	return clock.Progress{}
}

// Accepts finds the first cycle from t on in which the side register is empty.
func (f *forkTap) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	if f.Left == 0 || f.taken > f.loaded {
		return 0, false
	}
	return max(t, f.at(f.loaded-1).loaded+1), true
}

// take takes the next beat if its time is known.
func (f *forkTap) take() bool {
	t, ok := f.Take(f.in, f)
	if ok {
		f.side = t
		f.taken++
	}
	return ok
}

// load loads the beat that was taken once the one before owes nothing more: it
// leaves in the cycle in which the main branch takes it, and in that in which its
// copy enters the skid if that is the first one, else in the next.
func (f *forkTap) load() bool {
	if f.taken == f.loaded || f.skidded < f.loaded || !f.out[0].Open() {
		return false
	}
	last := f.at(f.loaded - 1)
	free := last.skidded
	if free > last.loaded+1 {
		free++
	}
	t := max(f.side, f.out[0].LastSent(), free)
	f.at(f.loaded).loaded = t
	f.loaded++
	f.out[0].Offer(t + 1)
	return true
}

// skid finds when the copy of the newest beat enters the skid: in the first cycle
// in which the older slot is empty.
func (f *forkTap) skid() bool {
	if f.skidded == f.loaded {
		return false
	}
	b, one, two := f.at(f.skidded), f.at(f.skidded-1), f.at(f.skidded-2)
	if f.tapped < f.skidded-1 { // when the older slot empties is not known
		return false
	}
	t := max(b.loaded, two.tapped) + 1
	if t > max(one.skidded, two.tapped)+1 { // the beat before has left the first slot
		if f.tapped < f.skidded {
			return false
		}
		t = max(t, one.tapped+1)
	}
	b.skidded = t
	f.skidded++
	return true
}

// tap moves the next copy into the tap's output register once that is known to
// be empty.
func (f *forkTap) tap() bool {
	if f.tapped == f.skidded || !f.out[1].Open() {
		return false
	}
	b := f.at(f.tapped)
	b.tapped = max(b.skidded+1, f.out[1].LastSent())
	f.tapped++
	f.out[1].Offer(b.tapped + 1)
	return true
}

// Close names the last wait.
func (f *forkTap) Close(total clock.Cycle) {
	f.CloseAt(f.in, total)
}

// Waiting says what the fork waits for.
func (f *forkTap) Waiting() clock.Wait {
	held := held(f.out)
	return clock.WaitOf(held == nil && f.Left == 0, held != nil, f.in, held)
}

// Registers shows the newest beats' way.
func (f *forkTap) Registers(v *clock.Registers) {
	v.Section(f.taken)
	if v.Moving() {
		f.move(v)
		return
	}
	last := f.Account.Last()
	v.Exact(last)
	v.Value(f.taken - f.loaded)
	v.Value(f.loaded - f.skidded)
	v.Value(f.skidded - f.tapped)
	for k := f.taken - 4; k < f.taken; k++ {
		b := f.at(k)
		for _, t := range []clock.Cycle{b.loaded, b.skidded, b.tapped} {
			v.Exact(t)
		}
	}
}

// move moves the beats; places are by beat.
func (f *forkTap) move(v *clock.Registers) {
	v.MoveAccount(&f.Account)
	v.Move(&f.side)
	beats, old := v.Beats(), f.beats
	for k := f.taken - 4; k < f.taken; k++ {
		b := old[k&3]
		v.Move(&b.loaded, &b.skidded, &b.tapped)
		*f.at(k + beats) = b
	}
	f.taken += beats
	f.loaded += beats
	f.skidded += beats
	f.tapped += beats
	f.Left -= beats
}
