package blocktest

import "github.com/convsim/convsim/pipeline/clock"

// Choice is where random machines come from: a *rand.Rand, or a test's own.
type Choice interface {
	IntN(n int) int // in [0, n)
}

// between draws from lo to hi.
func between(c Choice, lo, hi int) int { return lo + c.IntN(hi-lo+1) }

func chance(c Choice, percent int) bool { return c.IntN(100) < percent }

// divisor draws one of the divisors of n.
func divisor(c Choice, n int) int {
	var all []int
	for d := 1; d <= n; d++ {
		if n%d == 0 {
			all = append(all, d)
		}
	}
	return all[c.IntN(len(all))]
}

// pattern draws when a port is open: mostly always.
func pattern(c Choice) clock.Pattern {
	switch c.IntN(8) {
	case 0, 1:
		n := between(c, 1, 6)
		return clock.Every{N: clock.Cycle(n), Phase: clock.Cycle(c.IntN(n))}
	case 2:
		return clock.Burst{On: clock.Cycle(between(c, 1, 6)), Off: clock.Cycle(c.IntN(6))}
	case 3:
		return clock.Random{Seed: uint32(c.IntN(1 << 20))}
	}
	return clock.Always{}
}

// depth draws that of a FIFO, often none.
func depth(c Choice) int { return []int{0, 0, 0, 1, 2, 3, 5, 9}[c.IntN(8)] }
