package pipeline

import "testing"

// TestPeriods holds the comparison of two boundaries to its rules, one section
// each.
func TestPeriods(t *testing.T) {
	units := Units{3, 30, 300}
	state := func(index int64, base Cycle, count, back, ahead int64, times ...Cycle) *State {
		s := newState()
		s.level, s.index, s.base = Pixel, index, base
		s.Section(count, units, back, ahead)
		for _, at := range times {
			s.Exact(at)
		}
		return s
	}
	old := state(2, 100, 40, 9, 99, 95, 104)
	for _, c := range []struct {
		name string
		now  *State
		want int64
	}{
		{"two units on", state(4, 120, 46, 6, 29, 115, 124), 4},
		{"room for less than a period", state(4, 120, 46, 6, 5, 115, 124), 0},
		{"not alike for a whole period", state(4, 120, 46, 5, 29, 115, 124), 0},
		{"more beats than the units say", state(4, 120, 47, 7, 29, 115, 124), 0},
		{"another time", state(4, 120, 46, 6, 29, 115, 125), 0},
		{"a time more", state(4, 120, 46, 6, 29, 115, 124, 125), 0},
		{"standing still", state(4, 120, 40, 9, 99, 95, 104), unlimited},
		{"standing still, yet another time", state(4, 120, 40, 9, 99, 115, 124), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &forwarder{}
			if got := f.periods(old, c.now, c.now.index-old.index); got != c.want {
				t.Errorf("%d periods, want %d", got, c.want)
			}
		})
	}
}

// TestPeriodsKeepSectionsApart: numbers must not move from one section to the
// next.
func TestPeriodsKeepSectionsApart(t *testing.T) {
	state := func(base Cycle, first, second []int64) *State {
		s := newState()
		s.base, s.index = base, int64(base)
		for _, values := range [][]int64{first, second} {
			s.Section(int64(base), Units{1, 1, 1}, unlimited, unlimited)
			for _, v := range values {
				s.Value(v)
			}
		}
		return s
	}
	f := &forwarder{}
	if n := f.periods(state(1, []int64{7}, []int64{7, 7}), state(2, []int64{7, 7}, []int64{7}), 1); n != 0 {
		t.Errorf("%d periods, want 0", n)
	}
}
