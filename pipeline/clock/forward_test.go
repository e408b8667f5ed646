package clock

import "testing"

// loop is a process that only says for how long it looks the same.
type loop struct {
	Process
	room int64 // events ahead
}

func (l loop) Alike(_ int, _, shift int64) int64 { return l.room / shift }

// TestPeriods holds the comparison of two boundaries to its rules, one section
// each.
func TestPeriods(t *testing.T) {
	state := func(base Cycle, count int64, times ...Cycle) *Registers {
		v := &Registers{}
		v.reset(base)
		v.Section(count)
		for _, at := range times {
			v.Exact(at)
		}
		return v
	}
	old := state(100, 40, 95, 104)
	for _, c := range []struct {
		name string
		now  *Registers
		room int64
		want int64
	}{
		{"on by six", state(120, 46, 115, 124), 29, 4},
		{"room for less than a period", state(120, 46, 115, 124), 5, 0},
		{"another time", state(120, 46, 115, 125), 29, 0},
		{"a time more", state(120, 46, 115, 124, 125), 29, 0},
		{"standing still", state(120, 40, 95, 104), 29, 1e6/20 - 1},
		{"standing still, yet another time", state(120, 40, 115, 124), 29, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &forwarder{s: &solver{procs: []node{{Process: loop{room: c.room}}}, horizon: 120 + 1e6}}
			got := int64(0)
			if f.same(old, c.now, false) {
				got = f.periods(old, c.now)
			}
			if got != c.want {
				t.Errorf("%d periods, want %d", got, c.want)
			}
		})
	}
}

// TestSameKeepsSectionsApart: numbers must not move from one section to the
// next.
func TestSameKeepsSectionsApart(t *testing.T) {
	state := func(base Cycle, first, second []int64) *Registers {
		v := &Registers{}
		v.reset(base)
		for _, values := range [][]int64{first, second} {
			v.Section(int64(base))
			for _, n := range values {
				v.Value(n)
			}
		}
		return v
	}
	f := &forwarder{}
	if f.same(state(1, []int64{7}, []int64{7, 7}), state(2, []int64{7, 7}, []int64{7}), false) {
		t.Error("a number moved from the second section to the first, and the states are the same")
	}
}

// TestDearStatesAreRare: two states in a row are taken before beats must pay again, or
// none could ever equal the one before.
func TestDearStatesAreRare(t *testing.T) {
	f, tr := &forwarder{s: &solver{edges: make([]Edge, 1)}, ports: true}, &track{next: 1 << 20}
	taken := ""
	for i := range int64(16) {
		f.held = []int64{min(i, 8)} // from then on the sign is the same, and less must be paid
		if tr.taken = f.worth(tr, Progress{}); tr.taken {
			tr.spent += 10 * spare
			taken += "x"
		} else {
			taken += "."
		}
		f.s.edges[0].taken += 5 * spare * price
	}
	if want := "xx..xx..xxxxxxxx"; taken != want {
		t.Errorf("states taken: %s, want %s", taken, want)
	}
}

// TestSearchRests: where nothing recurs, few boundaries are looked at, and those in a row.
func TestSearchRests(t *testing.T) {
	f, looked, longest, row := &forwarder{}, 0, 0, 0
	for range 100 * patience {
		if f.rests(Pixel) {
			row = 0
			continue
		}
		looked++
		row++
		longest = max(longest, row)
	}
	if looked > 15*patience || longest < patience/8 {
		t.Errorf("looked at %d of %d boundaries, %d in a row", looked, 100*patience, longest)
	}
	if f.rests(Row) {
		t.Error("the end of a row is not looked at")
	}
}
