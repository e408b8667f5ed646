package pareto

// relation says how one vector stands to another.
type relation uint8

const (
	incomparable relation = iota
	equal
	better
	worse
)

// Dominates reports whether a is nowhere larger than b and somewhere smaller. Both have the same length.
func Dominates(a, b []float64) bool { return compare(a, b) == better }

// compare says how a stands to b.
func compare(a, b []float64) relation {
	state := equal
	for k, x := range a {
		step := equal
		switch y := b[k]; {
		case x < y:
			step = better
		case x > y:
			step = worse
		}
		switch {
		case step == equal || step == state:
		case state == equal:
			state = step
		default:
			return incomparable
		}
	}
	return state
}
