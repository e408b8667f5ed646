package sizing_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// pace is the steady interval of a long run, 0 for a plan that deadlocks.
func pace(t *testing.T, p *pipeline.Plan) (float64, bool) {
	t.Helper()
	const frames = 64
	r, err := clock.Solve(p, clock.Options{Frames: frames})
	var dead *clock.Deadlock
	if errors.As(err, &dead) {
		return 0, false
	}
	if err != nil {
		t.Fatal(err)
	}
	steady, _ := r.Pace()
	return steady.Mean, steady.Period > 0
}

// ample is a plan whose FIFOs are never full within a run. Where layers load their
// weights by one port they hold two frames: one that could run ahead by all frames
// would have the port to itself until then, which is no steady state.
func ample(p *pipeline.Plan) *pipeline.Plan {
	loads := slices.ContainsFunc(p.Nodes, func(n pipeline.Node) bool { _, ok := n.Block.(pe.Weights); return ok })
	q := &pipeline.Plan{Nodes: p.Nodes, Edges: slices.Clone(p.Edges)}
	for i := range q.Edges {
		switch e := &q.Edges[i]; {
		case e.Depth == 0:
		case loads:
			e.Depth = int(2 * e.Stream.Frame())
		default:
			e.Depth = clock.Unbounded
		}
	}
	return q
}

// TestRandomPlans: on random networks, with ends that open as they like, the depths
// found are as fast as ample ones, and no FIFO could be shallower.
func TestRandomPlans(t *testing.T) {
	const plans = 60
	compared := 0
	for seed := range uint64(plans) {
		r := rand.New(rand.NewPCG(seed, 11))
		p := blocktest.Network(r)
		if !clock.Repeats(p) {
			continue
		}
		found, err := sizing.Size(t.Context(), p, sizing.Options{})
		if errors.Is(err, sizing.ErrNoPace) {
			if _, ok := pace(t, ample(p)); ok {
				t.Errorf("seed %d: %v, yet it runs", seed, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		best, _ := pace(t, ample(p))
		got, periodic := pace(t, found.Plan)
		const sampled = 1.005 // runs with ample FIFOs have no period
		if !found.Proven || got > best*sampled || periodic && got != *found.Interval {
			t.Errorf("seed %d: a frame every %g cycles (proven: %v), with ample FIFOs every %g", seed, got, found.Proven, best)
		}
		if !periodic {
			continue
		}
		compared++
		for _, f := range found.FIFOs {
			if f.Depth <= 2 {
				continue
			}
			if less, ok := pace(t, found.Plan.WithDepth(f.Edge, f.Depth-1)); ok && less <= found.Unbounded {
				t.Errorf("seed %d: %s of %d is deeper than it must be", seed, f.Edge, f.Depth)
			}
		}
	}
	if compared < plans/4 {
		t.Errorf("only %d plans were compared", compared)
	}
}

// TestHardPlans: depths are found, with which the plan is about as fast as with ample FIFOs, where
// few frames, stages alone or sources that keep time say little of the whole.
func TestHardPlans(t *testing.T) {
	for name, seeds := range map[string][]uint64{
		"ends that open at random":                 {1, 45, 46, 60, 97, 99},
		"slower with a source that is always open": {1770, 4713, 5133},
		"weights come by a port":                   {374},
		"cores that take a beat every other cycle": {548},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, seed := range seeds {
				p := blocktest.Network(rand.New(rand.NewPCG(seed, 11)))
				found, err := sizing.Size(t.Context(), p, sizing.Options{})
				if err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				best, _ := pace(t, ample(p))
				const sampled = 1.06 // runs have no period
				if got, _ := pace(t, found.Plan); !found.Proven || got > max(best, found.Unbounded)*sampled {
					t.Errorf("seed %d: a frame every %g cycles (proven: %v), with ample FIFOs every %g", seed, got, found.Proven, best)
				}
			}
		})
	}
}
