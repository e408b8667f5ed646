package clock_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// registered draws machines of every kind of block there is, and a few networks,
// that finish and reach many boundaries on the way: those whose state is looked at.
func registered(t *testing.T, each, networks int) []repeats {
	t.Helper()
	var all []repeats
	for _, kind := range blocktest.Kinds {
		all = append(all, drawn(t, kind.Name, func(r *rand.Rand) *pipeline.Plan { return blocktest.Alone(r, kind.Draw(r)) }, each)...)
	}
	return append(all, drawn(t, "network", func(r *rand.Rand) *pipeline.Plan { return blocktest.Network(r) }, networks)...)
}

// drawn draws until enough machines are found.
func drawn(t *testing.T, name string, draw func(*rand.Rand) *pipeline.Plan, enough int) []repeats {
	t.Helper()
	const boundaries, frames = 20, 24
	var all []repeats
	for seed := range uint64(200) {
		d := repeats{fmt.Sprintf("%s, seed %d", name, seed), draw(rand.New(rand.NewPCG(17, seed))), frames}
		if _, err := clock.Solve(d.plan, clock.Options{Frames: frames}); err != nil || d.boundaries() < boundaries {
			continue
		}
		if all = append(all, d); len(all) == enough {
			return all
		}
	}
	t.Fatalf("%s: %d machines found; want %d", name, len(all), enough)
	return nil
}

// boundaries counts those of a run.
func (d repeats) boundaries() int {
	n := 0
	d.start().Boundaries(func(clock.Level) bool {
		n++
		return n < 1000
	})
	return n
}
