package sizing

import (
	"testing"

	"pgregory.net/rapid"
)

// TestBracket: whatever the intervals of a FIFO's depths, as long as they do not grow,
// the least depth that is enough is found; where they fall by less and less an entry,
// as they do, after a few tries.
func TestBracket(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(2, 5000).Draw(t, "most")
		least := rapid.IntRange(2, most).Draw(t, "least")
		dead := rapid.IntRange(0, least-1).Draw(t, "deepest that deadlocks")
		slopes := rapid.SliceOfN(rapid.IntRange(1, 1000), 1, 3).Draw(t, "slopes, flattest last")
		last := rapid.IntRange(0, 1).Draw(t, "cycles that the last entry saves") * 1000
		wanted := rapid.Float64Range(1, 1e7).Draw(t, "wanted")
		cycles := func(depth int) pace {
			if depth <= dead {
				return never
			}
			p := pace{cycles: wanted}
			if depth < least {
				p.cycles += float64(last)
			}
			for i, slope := range slopes { // each holds up to a depth further down
				p.cycles += float64(max(0, least-depth-i*least/4) * slope)
			}
			return p
		}
		b := bracket{most: most, wanted: wanted}
		if rapid.Bool().Draw(t, "one is known") {
			b.enough = most
		}
		b.tried(1, cycles(1), false)
		tries := 0
		for depth := b.next(); depth > 0; depth = b.next() {
			if depth <= b.small || b.enough > 0 && depth >= b.enough {
				t.Fatalf("%d is tried, %d is too small and %d is enough", depth, b.small, b.enough)
			}
			p := cycles(depth)
			b.tried(depth, p, p.cycles <= wanted && !p.dead)
			tries++
		}
		if b.enough != least {
			t.Fatalf("found %d, want %d", b.enough, least)
		}
		const halvings = 2 * 13
		if tries > halvings || dead == 0 && last == 0 && tries > 12 {
			t.Fatalf("%d tries", tries)
		}
	})
}
