package blocktest

import (
	"errors"
	"testing"

	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/stepsim"
	"github.com/convsim/convsim/pipeline/clock"
)

// stageCounts is what both simulators say of a stage.
type stageCounts struct{ Busy, Starved, Blocked, Throttled, Turnaround, Finished int64 }

// edgeUse is what both say of an edge: every handshake at its ends, and the fill
// of its FIFO.
type edgeUse struct {
	In, Out           []int64
	Most, Full, Empty int64
}

// verdict is everything the two simulators must agree on. Of a deadlock that is
// the cycle of its last handshake.
type verdict struct {
	Deadlock bool
	LastMove int64
	Total    int64
	Stages   []stageCounts
	Edges    []edgeUse
}

const mostCycles = 1 << 22

func (m machine) stepped(t *testing.T) verdict {
	t.Helper()
	o, err := Stepped(m.Plan, m.frames).Run(mostCycles)
	if err != nil {
		stuck := new(stepsim.StuckError)
		if !errors.As(err, &stuck) || !stuck.Deadlock {
			t.Fatalf("%s: stepping: %v\n%+v", m.name, err, m.Plan)
		}
		return verdict{Deadlock: true, LastMove: int64(stuck.LastMove)}
	}
	v := verdict{Total: int64(o.Total)}
	for _, p := range o.Stages {
		var s stageCounts
		for i, at := range []*int64{&s.Busy, &s.Starved, &s.Blocked, &s.Throttled, &s.Turnaround, &s.Finished} {
			*at = int64(p.Counts[i])
		}
		v.Stages = append(v.Stages, s)
	}
	for i, f := range o.Edges {
		u := edgeUse{In: cycles(f.In), Out: cycles(f.Out)}
		if m.Edges[i].Depth > 0 {
			u.Most, u.Full, u.Empty = int64(f.FIFO.MaxOccupancy), int64(f.FIFO.FullCycles), int64(f.FIFO.EmptyCycles)
		}
		v.Edges = append(v.Edges, u)
	}
	return v
}

func cycles(t stepsim.Trace) (list []int64) {
	for _, c := range t.Cycles {
		list = append(list, int64(c))
	}
	return list
}

func (m machine) solved(t *testing.T) verdict {
	t.Helper()
	r, dead := m.solve(t, clock.Options{Record: true})
	if dead != nil {
		return verdict{Deadlock: true, LastMove: int64(dead.At)}
	}
	v := verdict{Total: int64(r.Total)}
	for _, s := range r.Stages {
		v.Stages = append(v.Stages, stageCounts{s.Of(clock.Busy), s.Of(clock.Starved), s.Of(clock.Blocked),
			s.Of(clock.Throttled), s.Of(clock.Turnaround), s.Of(clock.Finished)})
		if s.Total() != int64(r.Total) {
			t.Errorf("%s: stage %s accounts for %d of %d cycles", m.name, s.Name, s.Total(), r.Total)
		}
	}
	for i, e := range r.Edges {
		u := edgeUse{In: moments(r.Records[i].In), Out: moments(r.Records[i].Out)}
		if e.Depth > 0 {
			u.Most, u.Full, u.Empty = e.MaxOccupancy, e.Full, e.Empty
		}
		v.Edges = append(v.Edges, u)
	}
	return v
}

func moments(t *clock.Trace) (list []int64) {
	for _, s := range t.Spans {
		for at := s.First; at <= s.Last; at++ {
			list = append(list, int64(at))
		}
	}
	return list
}

// agree holds the time plane to the simulator that steps every cycle.
func (m machine) agree(t *testing.T) (deadlock bool) {
	t.Helper()
	want, got := m.stepped(t), m.solved(t)
	if diff := compare.Diff(want, got); diff != "" {
		t.Fatalf("%s, %d frames (-stepped +solved):\n%s\n%+v", m.name, m.frames, diff, m.Plan)
	}
	return want.Deadlock
}

// TestBlocksMoveAsStepped: every handshake, the name of every cycle, every FIFO's fill.
func TestBlocksMoveAsStepped(t *testing.T) {
	t.Parallel()
	eachAlone(t, 200, func(t *testing.T, k Kind, m machine) {
		if !k.Unstepped {
			m.agree(t)
		}
	})
}

// TestFastForwardOfBlocks: skipping what repeats changes nothing.
func TestFastForwardOfBlocks(t *testing.T) {
	t.Parallel()
	eachAlone(t, 200, func(t *testing.T, _ Kind, m machine) {
		m.frames *= 3
		m.forward(t)
	})
}

// TestWhichBeatsAreWaitedFor: a beat that is waited for before one that is held up enters is not
// one of those behind it, in whatever order both are looked at. 20,000 specimens showed these two.
func TestWhichBeatsAreWaitedFor(t *testing.T) {
	seeds := map[string]uint64{"pad": 3260, "weights loaded": 9991}
	for _, k := range Kinds {
		if seed, ok := seeds[k.Name]; ok {
			m := alone(k, seed)
			m.frames *= 3
			m.forward(t)
			delete(seeds, k.Name)
		}
	}
	if len(seeds) > 0 {
		t.Errorf("no kinds of these names: %v", seeds)
	}
}

// forward holds a run with fast-forward to one of every beat, and that, in which beats go
// on at once and in rows, to one in which each moves by itself.
func (m machine) forward(t *testing.T) (skipped bool) {
	t.Helper()
	single, lone := m.solve(t, clock.Options{EveryBeat: true, Single: true})
	want, dead := m.solve(t, clock.Options{EveryBeat: true})
	if diff := compare.Diff(single, want); diff != "" || told(lone) != told(dead) {
		t.Fatalf("%s, %d frames (-one by one +at once):\n%s\n%v %v %+v", m.name, m.frames, diff, lone, dead, m.Plan)
	}
	got, stuck := m.solve(t, clock.Options{})
	if want != nil && got != nil {
		skipped = got.Skipped > 0
		got.Skipped, got.Period, want.Period = 0, clock.Period{}, clock.Period{}
	}
	if diff := compare.Diff(want, got); diff != "" || (dead == nil) != (stuck == nil) {
		t.Fatalf("%s, %d frames (-every beat +fast-forward):\n%s\n%v %v %+v", m.name, m.frames, diff, dead, stuck, m.Plan)
	}
	return skipped
}

// told is what a deadlock says.
func told(d *clock.Deadlock) string {
	if d == nil {
		return ""
	}
	return d.Error()
}

// TestBlocksAreInOrder: Check finds nothing wrong with what is drawn.
func TestBlocksAreInOrder(t *testing.T) {
	eachAlone(t, 200, func(t *testing.T, _ Kind, m machine) {
		if err := m.Check(); err != nil {
			t.Fatalf("%s: %v\n%+v", m.name, err, m.Plan)
		}
	})
}
