package sched

import "fmt"

// most bounds lanes, and beats of a frame: products of a few of them fit.
const (
	mostLanes = 1 << 20
	mostBeats = 1 << 52
)

// Check refuses a fold that NewFold does not make.
func (f Fold) Check() error {
	if err := f.Shape.Check(); err != nil {
		return err
	}
	for _, n := range []int{f.Array.PE, f.Array.SIMD, f.Array.GroupParallel} {
		if n < 1 || n > mostLanes {
			return fmt.Errorf("sched: an array of %d x %d x %d multipliers; allowed: 1 to %d each", f.Array.PE, f.Array.SIMD,
				f.Array.GroupParallel, mostLanes)
		}
	}
	if f.Style > Parallel {
		return fmt.Errorf("sched: a window of style %d", f.Style)
	}
	if f != NewFold(f.Shape, f.Array, f.Style) {
		return fmt.Errorf("sched: a fold that does not follow from its shape and its array")
	}
	return nil
}

// Check refuses a stream that carries nothing, or more than can be counted.
func (s Stream) Check() error {
	beats := float64(s.Rows) * float64(s.Pixels) * float64(s.Beats)
	if s.Rows < 1 || s.Pixels < 1 || s.Beats < 1 || beats > mostBeats {
		return fmt.Errorf("sched: a stream of %d x %d x %d beats a frame; allowed: 1 each, and %d in all", s.Rows, s.Pixels, s.Beats, int64(mostBeats))
	}
	if s.Lanes < 1 || s.Lanes > mostLanes || !s.Elem.Valid() {
		return fmt.Errorf("sched: a beat of %d elements of type %d; allowed: 1 to %d of a known type", s.Lanes, s.Elem, mostLanes)
	}
	if s.Idle < 0 || s.Idle >= s.Pixels*s.Beats*int64(s.Lanes) {
		return fmt.Errorf("sched: %d idle lanes in a row of %d", s.Idle, s.Pixels*s.Beats*int64(s.Lanes))
	}
	return nil
}
