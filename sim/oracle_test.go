package sim

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/stepsim"
	"github.com/convsim/convsim/pipeline/clock"
)

// stageCounts is what both simulators say of a stage.
type stageCounts struct{ Busy, Starved, Blocked, Throttled, Turnaround, Finished int64 }

// verdict is everything the two simulators must agree on.
type verdict struct {
	Total   int64
	Stages  []stageCounts
	FIFOs   map[string][3]int64 // most held, full, empty
	Edges   map[string][]int64  // handshakes at the consumer's end
	In, Out []clock.FrameTimes
}

// TestTimeEqualsCycleStepping holds the time plane to the naive simulator that
// steps every cycle: every handshake, every cycle's name, every FIFO's fill.
func TestTimeEqualsCycleStepping(t *testing.T) {
	t.Parallel()
	for i := range int(blocktest.Designs(t, 4000)) {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		d := randomDesign(r, bounds{height: 3 + i%8, width: 3 + i%8, channels: 5, slow: 12, random: true})
		want, err := stepped(d)
		if err != nil {
			t.Fatalf("design %d %+v: stepping: %v", i, d, err)
		}
		got, err := solved(d)
		if err != nil {
			t.Fatalf("design %d %+v: solving: %v", i, d, err)
		}
		if diff := compare.Diff(want, got); diff != "" {
			t.Fatalf("design %d: %+v\nmismatch (-stepped +solved):\n%s", i, d, diff)
		}
	}
}

func stepped(d design) (verdict, error) {
	c, names := d.chain()
	r, err := c.Run(1 << 40)
	if err != nil {
		return verdict{}, err
	}
	v := verdict{Total: int64(r.Total), FIFOs: map[string][3]int64{}, Edges: map[string][]int64{}}
	for _, p := range r.Processes {
		var s stageCounts
		for i, at := range []*int64{&s.Busy, &s.Starved, &s.Blocked, &s.Throttled, &s.Turnaround, &s.Finished} {
			*at = int64(p.Counts[i])
		}
		v.Stages = append(v.Stages, s)
	}
	edge, fifo := 0, 0
	for i, s := range c.Stages[1:] {
		if _, ok := s.(stepsim.FIFO); ok {
			use := r.FIFOs[fifo]
			fifo++
			v.FIFOs[names[edge]] = [3]int64{int64(use.MaxOccupancy), int64(use.FullCycles), int64(use.EmptyCycles)}
			continue
		}
		for _, at := range r.Edges[i].Cycles {
			v.Edges[names[edge]] = append(v.Edges[names[edge]], int64(at))
		}
		edge++
	}
	for _, f := range r.In() {
		v.In = append(v.In, clock.FrameTimes{First: clock.Cycle(f.First), Last: clock.Cycle(f.Last)})
	}
	for _, f := range r.Out() {
		v.Out = append(v.Out, clock.FrameTimes{First: clock.Cycle(f.First), Last: clock.Cycle(f.Last)})
	}
	return v, nil
}

func solved(d design) (verdict, error) {
	r, err := clock.Solve(d.Timing.plan(d.Source.gate(), d.Sink.gate()), clock.Options{Frames: d.Timing.Frames, Record: true})
	if err != nil {
		return verdict{}, err
	}
	v := verdict{Total: int64(r.Total), FIFOs: map[string][3]int64{}, Edges: map[string][]int64{},
		In: r.Sources[0], Out: r.Sinks[0]}
	for _, s := range r.Stages {
		v.Stages = append(v.Stages, stageCounts{s.Of(clock.Busy), s.Of(clock.Starved), s.Of(clock.Blocked),
			s.Of(clock.Throttled), s.Of(clock.Turnaround), s.Of(clock.Finished)})
		if s.Total() != int64(r.Total) {
			return v, fmt.Errorf("stage %s accounts for %d of %d cycles", s.Name, s.Total(), r.Total)
		}
	}
	for _, e := range r.Edges {
		if e.Depth > 0 {
			v.FIFOs[e.Name] = [3]int64{e.MaxOccupancy, e.Full, e.Empty}
		}
	}
	for _, e := range r.Records {
		for _, s := range e.Out.Spans {
			for at := s.First; at <= s.Last; at++ {
				v.Edges[e.Name] = append(v.Edges[e.Name], int64(at))
			}
		}
	}
	return v, nil
}
