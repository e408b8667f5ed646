package blocktest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// machine is a plan to run, and the words by which to draw it again.
type machine struct {
	*pipeline.Plan
	frames int64
	name   string
}

// eachAlone calls test with specimens of every kind.
func eachAlone(t *testing.T, few int, test func(t *testing.T, k Kind, m machine)) {
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			for seed := range Designs(t, few) {
				test(t, k, alone(k, seed))
			}
		})
	}
}

// alone is a specimen of a kind.
func alone(k Kind, seed uint64) machine {
	r := rand.New(rand.NewPCG(7, seed))
	return machine{Alone(r, k.Draw(r)), int64(between(r, 1, 4)), fmt.Sprint(k.Name, " ", seed)}
}

// solve runs the time plane, and tells a deadlock apart from a failure.
func (m machine) solve(t *testing.T, o clock.Options) (*clock.Result, *clock.Deadlock) {
	t.Helper()
	o.Frames = m.frames
	r, err := clock.Solve(m.Plan, o)
	dead, ok := err.(*clock.Deadlock)
	if err != nil && !ok {
		t.Fatalf("%s: %v\n%+v", m.name, err, m.Plan)
	}
	return r, dead
}
