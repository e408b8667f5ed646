package wiring

import "fmt"

// ForkStyle says how the branches of a fork wait for each other.
type ForkStyle uint8

// The styles of forks.
const (
	Eager        ForkStyle = iota // each branch takes its copy when it can
	AllOrNothing                  // all branches take their copies in the same cycle; there is no state
	Tap                           // FINN's stream_tap: registers in front of the main branch 0 and of the tap 1
)

func (s ForkStyle) String() string { return [...]string{"eager", "aon", "tap"}[s] }

// check refuses a style that there is not, and taps of other than two branches.
func (s ForkStyle) check(branches int) error {
	switch {
	case s > Tap:
		return fmt.Errorf("wiring: fork style %d; allowed: %d to %d", s, Eager, Tap)
	case s == Tap && branches != 2:
		return fmt.Errorf("wiring: a fork %s into %d branches; allowed: 2", s, branches)
	}
	return nil
}
