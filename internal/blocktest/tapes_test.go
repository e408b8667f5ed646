package blocktest

import (
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestTapesOfNetworks: of random graphs, those that stop too, tapes name every cycle of
// a stage as its account does, and what goes on at the ends of edges.
func TestTapesOfNetworks(t *testing.T) {
	t.Parallel()
	skipped, dead := 0, 0
	for seed := range Designs(t, 400) {
		m := network(seed)
		m.frames *= 4
		r, stopped := m.solve(t, clock.Options{Tapes: &clock.Tapes{To: clock.Never}})
		if stopped != nil {
			dead++
			r = stopped.Stopped
		} else if r.Skipped > 0 {
			skipped++
		}
		for i, s := range r.Stages {
			var sum clock.Shares
			for _, b := range heard(r.Tapes.Stages[i]) {
				sum[strings.IndexRune(letters, b)]++
			}
			if sum != s.Cycles || s.Total() != int64(r.Total) {
				t.Fatalf("%s, %s: the tape has %v cycles, the account %v of %d; stopped %v", m.name, s.Name, sum, s.Cycles, r.Total, stopped)
			}
		}
		edges(t, m, r)
	}
	if skipped == 0 || dead == 0 {
		t.Errorf("%d networks skipped something, %d stopped", skipped, dead)
	}
}

// TestTapesOfBlocks: what tapes say each stage did in each cycle, whole and of windows,
// with periods skipped, is what the simulator sees that steps every cycle; and beats are
// on offer and move at the ends of edges when a record of every beat says.
func TestTapesOfBlocks(t *testing.T) {
	t.Parallel()
	var skipped atomic.Int64
	t.Cleanup(func() {
		if skipped.Load() == 0 {
			t.Error("no machine skipped a period")
		}
		if playedCalls.Load() < 1000 {
			t.Errorf("tapes were played %d times", playedCalls.Load())
		}
	})
	eachAlone(t, 60, func(t *testing.T, k Kind, m machine) {
		if k.Unstepped {
			return
		}
		m.frames *= 3
		whole := &clock.Tapes{To: clock.Never}
		r, stopped := m.solve(t, clock.Options{Tapes: whole})
		if stopped != nil {
			return
		}
		if r.Skipped > 0 {
			skipped.Add(1)
		}
		edges(t, m, r)
		g := Stepped(m.Plan, m.frames)
		g.Timelines = true
		o, err := g.Run(mostCycles)
		if err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(uint64(r.Total), 1))
		from := clock.Cycle(rnd.Int64N(int64(r.Total) + 1))
		window := &clock.Tapes{From: from, To: from + clock.Cycle(rnd.Int64N(int64(r.Total)))}
		part, _ := m.solve(t, clock.Options{Tapes: window})
		played(t, m, r, 1+rnd.IntN(200), rnd.IntN(2) == 0)
		for i, p := range o.Stages {
			var want []byte
			for _, name := range p.Timeline {
				want = append(want, letters[name])
			}
			same(t, m, p.Name, string(want), heard(r.Tapes.Stages[i]))
			same(t, m, p.Name+" in a window", string(want[window.From:min(int(window.To), len(want))]), heard(part.Tapes.Stages[i]))
		}
		for i, e := range r.Tapes.Edges {
			for _, end := range [][2]*clock.Tape{{e.In, part.Tapes.Edges[i].In}, {e.Out, part.Tapes.Edges[i].Out}} {
				want := heard(end[0])
				same(t, m, m.Edges[i].Name, want[window.From:min(int(window.To), len(want))], heard(end[1]))
			}
		}
	})
}

// played holds tapes that are played while they are recorded, and forgotten, to those that
// were kept.
func played(t *testing.T, m machine, r *clock.Result, every int, single bool) {
	t.Helper()
	var tapes []*clock.Tape
	var reels []*clock.Reel
	var told [][]byte
	calls := 0
	play := func(rec *clock.Recording, until clock.Cycle) {
		if calls++; calls == 1 {
			tapes = all(rec)
			for _, tape := range tapes {
				reels = append(reels, tape.Play())
			}
			told = make([][]byte, len(tapes))
		}
		for i, reel := range reels {
			for {
				s, ok := reel.Before(until)
				if !ok {
					break
				}
				if int(s.From) != len(told[i]) {
					t.Fatalf("%s: a stretch from %d on, %d cycles were told", m.name, s.From, len(told[i]))
				}
				for range s.Until - s.From {
					told[i] = append(told[i], letters[s.Cause])
				}
			}
			if len(told[i]) < int(until) {
				t.Fatalf("%s: a tape that is complete up to %d tells %d cycles", m.name, until, len(told[i]))
			}
		}
	}
	m.solve(t, clock.Options{Single: single, Tapes: &clock.Tapes{To: clock.Never, Play: play, Every: every}})
	for i, tape := range all(r.Tapes) {
		same(t, m, "a tape played while it is recorded", heard(tape), string(told[i]))
	}
	playedCalls.Add(int64(calls))
}

var playedCalls atomic.Int64

// all are the tapes of a recording.
func all(r *clock.Recording) (list []*clock.Tape) {
	list = append(list, r.Stages...)
	for _, e := range r.Edges {
		if list = append(list, e.Out); e.In != e.Out {
			list = append(list, e.In)
		}
	}
	return list
}

func same(t *testing.T, m machine, what, want, got string) {
	t.Helper()
	if diff := compare.Diff(want, got); diff != "" {
		t.Fatalf("%s, %s, %d frames (-want +got):\n%s\n%+v", m.name, what, m.frames, diff, m.Plan)
	}
}

// heard writes a tape out: a letter a cycle.
func heard(tape *clock.Tape) string {
	var out []byte
	last := clock.Cause(255)
	for reel := tape.Play(); ; {
		s, ok := reel.Next()
		if !ok {
			return string(out)
		}
		if s.Cause == last || s.Until <= s.From {
			return "stretches that are none"
		}
		for range s.Until - s.From {
			out = append(out, letters[s.Cause])
		}
		last = s.Cause
	}
}

// edges holds the tapes of edges to a record of every beat.
func edges(t *testing.T, m machine, r *clock.Result) {
	t.Helper()
	record, stopped := m.solve(t, clock.Options{Record: true})
	if stopped != nil {
		record = stopped.Stopped
	}
	for i, e := range record.Records {
		name, depth := m.Edges[i].Name, m.Edges[i].Depth
		same(t, m, name+" in", ends(e.In, e.Offers, r.Total), heard(r.Tapes.Edges[i].In))
		out := e.Offers
		if depth > 0 {
			if m.Edges[i].Memory != 0 {
				continue // how long a beat takes through a memory is not in the record
			}
			out = nil
			for n := range e.In.Len() {
				out = append(out, e.In.Nth(n)+clock.Cycle(m.Edges[i].Latency))
			}
		}
		same(t, m, name+" out", ends(e.Out, out, r.Total), heard(r.Tapes.Edges[i].Out))
	}
}

// ends writes out what a record says of an end: beat by beat, since when it is on offer
// and when it moves.
func ends(moves *clock.Trace, offers []clock.Cycle, total clock.Cycle) string {
	out := make([]byte, total)
	for i := range out {
		out[i] = letters[clock.Starved]
	}
	from := clock.Cycle(0)
	for n, since := range offers {
		at := moves.Nth(int64(n))
		for c := max(since, from); c < min(at, total); c++ {
			out[c] = letters[clock.Blocked]
		}
		if at >= total {
			break
		}
		out[at] = letters[clock.Busy]
		from = at + 1
	}
	return string(out)
}
