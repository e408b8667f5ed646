package blocktest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// designs is how many random machines a test tries: few, or as many as
// CONVSIM_DESIGNS says.
func designs(t *testing.T, few int) uint64 {
	if v := os.Getenv("CONVSIM_DESIGNS"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatalf("CONVSIM_DESIGNS: %v", err)
		}
		return n
	}
	if testing.Short() {
		few /= 10
	}
	return uint64(few)
}

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
			for seed := range designs(t, few) {
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
