package clock_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// alwaysOpen is a plan whose ends are always open.
func alwaysOpen(p *pipeline.Plan) *pipeline.Plan {
	for i, n := range p.Nodes {
		switch end := n.Block.(type) {
		case wiring.Source:
			end.Pattern = clock.Always{}
			p.Nodes[i].Block = end
		case wiring.Sink:
			end.Pattern = clock.Always{}
			p.Nodes[i].Block = end
		}
	}
	return p
}

// TestEveryBlockRecurs: between ends that are always open, the state of every kind of
// block is soon that of a frame before. A number in it that stands still, or that only
// ever grows, would keep fast-forward from ever finding a period.
func TestEveryBlockRecurs(t *testing.T) {
	const each, frames = 20, 64
	for _, kind := range blocktest.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			found := 0
			for seed := range uint64(4 * each) {
				r := rand.New(rand.NewPCG(23, seed))
				p := alwaysOpen(blocktest.Alone(r, kind.Draw(r)))
				got, err := clock.Recur(p, clock.Options{Frames: frames})
				var dead *clock.Deadlock
				switch {
				case errors.As(err, &dead):
					continue
				case err != nil:
					t.Fatal(err)
				case got.Pace.Period == 0:
					t.Errorf("seed %d: no period in %d frames", seed, frames)
				}
				if found++; found == each {
					return
				}
			}
			t.Errorf("only %d machines finish", found)
		})
	}
}

// TestRecurIsSolve: a run that ends with its first period has the pace of the whole
// run, and deadlocks like it.
func TestRecurIsSolve(t *testing.T) {
	const plans, frames = 150, 48
	periods, deadlocks := 0, 0
	for seed := range uint64(plans) {
		p := blocktest.Network(rand.New(rand.NewPCG(29, seed)))
		want, wantErr := clock.Solve(p, clock.Options{Frames: frames})
		got, err := clock.Recur(p, clock.Options{Frames: frames})
		var dead *clock.Deadlock
		if errors.As(wantErr, &dead) {
			deadlocks++
			var now *clock.Deadlock
			if !errors.As(err, &now) || now.Error() != dead.Error() {
				t.Errorf("seed %d: %v, want %v", seed, err, dead)
			}
			continue
		}
		if wantErr != nil || err != nil {
			t.Fatalf("seed %d: %v, %v", seed, wantErr, err)
		}
		pace, _ := want.Pace()
		if got.Pace != pace {
			t.Errorf("seed %d: pace %+v, want %+v", seed, got.Pace, pace)
		}
		if pace.Period > 0 {
			periods++
		}
		for i, e := range want.Edges {
			if got.Held[i] > e.MaxOccupancy {
				t.Errorf("seed %d: %s held %d, %d in the whole run", seed, e.Name, got.Held[i], e.MaxOccupancy)
			}
		}
	}
	if periods < plans/4 || deadlocks < plans/30 {
		t.Errorf("only %d periods and %d deadlocks were compared", periods, deadlocks)
	}
}

// spacedSource is a source whose frames start some cycles apart at least.
type spacedSource struct {
	wiring.Source
	cycles clock.Cycle
}

func (s spacedSource) Process(at clock.Ports) clock.Process {
	p := clock.NewSource(at, s.Kind(), s.Pattern.Gate(), s.Stream.Frame())
	p.Space(s.cycles)
	return p
}

// TestSpacedFrames: a source whose frames start some cycles apart does not let them
// start earlier, makes what follows as fast as that if it can be, and changes nothing
// about what fast-forward skips.
func TestSpacedFrames(t *testing.T) {
	const plans, frames = 80, 24
	skipped, slower, odd := 0, 0, 0
	for seed := range uint64(plans) {
		r := rand.New(rand.NewPCG(31, seed))
		p := alwaysOpen(blocktest.Network(r))
		free, err := clock.Recur(p, clock.Options{Frames: frames})
		if err != nil || free.Pace.Period == 0 {
			continue
		}
		spacing := clock.Cycle(free.Pace.Mean*(0.5+r.Float64())) + 1
		for i, n := range p.Nodes {
			if s, ok := n.Block.(wiring.Source); ok {
				p.Nodes[i].Block = spacedSource{s, spacing}
			}
		}
		fast, err := clock.Solve(p, clock.Options{Frames: frames})
		if err != nil {
			t.Fatal(err)
		}
		every, err := clock.Solve(p, clock.Options{Frames: frames, EveryBeat: true})
		if err != nil {
			t.Fatal(err)
		}
		if fast.Skipped > 0 {
			skipped++
		}
		fast.Skipped = 0
		if diff := compare.Diff(every, fast); diff != "" {
			t.Fatalf("seed %d: fast-forward changes %s", seed, diff)
		}
		for f, times := range fast.Sources[0][1:] {
			if before := fast.Sources[0][f].First; times.First < before+spacing {
				t.Errorf("seed %d: frames start in cycles %d and %d, want %d apart", seed, before, times.First, spacing)
			}
		}
		if n := fast.Period.Frames; n > 0 {
			pace, _ := fast.Pace()
			at := every.Sinks[0][fast.Period.From:]
			if want := float64(at[n].First-at[0].First) / float64(n); pace.Mean != want {
				t.Errorf("seed %d: a frame every %g cycles, want %g", seed, pace.Mean, want)
			}
			slower++
			if pace.Mean != max(free.Pace.Mean, float64(spacing)) {
				odd++ // where branches meet, frames that come later can leave sooner
			}
		}
	}
	if skipped < plans/4 || slower < plans/4 || odd > plans/20 {
		t.Errorf("only %d runs skipped, %d were compared, %d were as fast as nobody would think", skipped, slower, odd)
	}
}

// TestUntil: what a run is told of the ends of frames is true, and it goes on until it has
// heard enough, and no longer.
func TestUntil(t *testing.T) {
	const plans, frames, enough = 80, 24, 4
	ended := 0
	for seed := range uint64(plans) {
		p := blocktest.Network(rand.New(rand.NewPCG(37, seed)))
		whole, err := clock.Solve(p, clock.Options{Frames: frames})
		if err != nil || !clock.Repeats(p) {
			continue
		}
		over := false
		r, err := clock.Recur(p, clock.Options{Frames: frames, Until: func(ends [][]clock.Cycle) bool {
			if over {
				t.Errorf("seed %d: it goes on", seed)
			}
			for sink, list := range ends {
				for i, end := range list {
					if want := whole.Sinks[sink][i].Last; end != want {
						t.Errorf("seed %d: frame %d of sink %d ends in cycle %d, want %d", seed, i, sink, end, want)
					}
				}
			}
			over = len(ends[0]) >= enough
			return over
		}})
		if err != nil {
			t.Fatal(err)
		}
		if over && r.Pace.Period == 0 {
			ended++
		}
	}
	if ended < plans/10 {
		t.Errorf("only %d runs were ended", ended)
	}
}
