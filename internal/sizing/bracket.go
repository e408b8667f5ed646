package sizing

import "math"

// bracket is a search for the least depth of a FIFO that is enough. The deeper a FIFO,
// the shorter the interval, by less and less an entry: through two depths that are too
// small runs a line that reaches the interval wanted before the depth looked for. So
// the next depth to try is mostly found from intervals, not by halving.
type bracket struct {
	small  int // too small
	enough int // is enough; 0: none is known yet
	most   int // deeper ones are not tried
	wanted float64

	before, newest sample // of depths too small, without a deadlock
	onLine         int    // depths tried in a row that a line gave
	bent           bool   // no line leads to the depth looked for
}

// sample is a depth tried and its interval.
type sample struct {
	depth  int
	cycles float64 // 0: none
}

// next is the depth to try, 0 when the search has ended.
func (b *bracket) next() int {
	if b.small >= b.most || b.enough > 0 && b.enough-b.small <= 1 {
		return 0
	}
	const trust = 3 // a line that fails again and again is none
	const wide = 8
	if !b.bent && b.newest.cycles > 0 && b.before.cycles == 0 && (b.enough == 0 || b.enough-b.small > wide) {
		return b.small + 1 // the second depth of a line
	}
	if guess := b.line(); guess > 0 && !b.bent && b.onLine < trust {
		b.onLine++
		return b.within(guess)
	}
	b.onLine = 0
	if b.enough == 0 {
		return b.within(2 * b.small)
	}
	return b.small + (b.enough-b.small)/2
}

// within keeps a depth between those that are known.
func (b *bracket) within(depth int) int {
	highest := b.most
	if b.enough > 0 {
		highest = b.enough - 1
	}
	return min(max(depth, b.small+1), highest)
}

// line is where the interval would be short enough, 0 if that cannot be said. It is at
// least a depth above the last one tried.
func (b *bracket) line() int {
	if b.before.cycles == 0 || b.before.cycles <= b.newest.cycles {
		return 0
	}
	entry := (b.before.cycles - b.newest.cycles) / float64(b.newest.depth-b.before.depth)
	more := math.Ceil((b.newest.cycles - b.wanted) / entry)
	return b.newest.depth + int(min(max(more, 1), float64(b.most)))
}

// tried notes what became of a depth.
func (b *bracket) tried(depth int, p pace, fast bool) {
	switch {
	case fast:
		b.bent = b.bent || depth < b.line() // it leads past what is enough
		b.enough = depth
		return
	case !p.dead && p.cycles > 0:
		b.before, b.newest = b.newest, sample{depth, p.cycles}
	}
	b.small = depth
}

// narrow finds the least depth of a FIFO with which some nodes are fast enough, up to
// a bound, and leaves it so; one too small is given, with its pace, and one that is
// enough, or 0. Without any that is enough, the deepest stays.
func (s *search) narrow(nodes []int, edge int, b bracket) error {
	b.wanted = s.wanted()
	for depth := b.next(); depth > 0; depth = b.next() {
		s.depths[edge] = depth
		p, err := s.tried(nodes)
		if err != nil {
			s.depths[edge] = max(b.enough, b.small)
			return err
		}
		b.tried(depth, p, s.fast(p))
	}
	s.depths[edge] = max(b.enough, b.small)
	return nil
}
