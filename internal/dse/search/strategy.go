package search

import (
	"fmt"
	"math/rand/v2"

	"github.com/convsim/convsim/internal/dse/space"
)

// Result is what the evaluation of one point said.
type Result struct {
	Index      int64     // the point
	Objectives []float64 // minimized, finite; may be nil if Violation is positive
	// Violation is how far the point is from legal: 0 if it meets every constraint, else the number of broken ones or any
	// other measure that grows with the breach.
	Violation float64
}

// Plan is the description of a strategy.
type Plan interface {
	// Points checks the plan and returns the largest number of points that its strategy will ask for.
	Points(sp *space.Space) (int64, error)
	// Start checks the plan and returns its strategy at the beginning.
	Start(sp *space.Space) (Strategy, error)
}

// Strategy hands out points and takes their results.
type Strategy interface {
	// Ask returns up to n points, none of them asked before. None means: tell the results still owed, then ask again; if
	// none are owed, the search is over.
	Ask(n int) []int64
	// Tell takes results of asked points, in any order and any portions.
	Tell(results []Result)
	// Total is the largest number of points the strategy will ask for.
	Total() int64
}

// Streams of random numbers, one per use, so that uses with one seed are independent.
const (
	streamPermutation = iota + 1
	streamLatin
	streamEvolution
)

// newRand returns the generator of a plan's seed for one use.
func newRand(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

func checkCount(name string, n int64) error {
	if n < 1 {
		return fmt.Errorf("%s is %d, want at least 1", name, n)
	}
	return nil
}
