package clock

import "testing"

// TestTallyWaits: a stage that waited for a beat in a period waits in each of those that are skipped, and for good in
// one that comes again and again; one that did not does not.
func TestTallyWaits(t *testing.T) {
	for _, c := range []struct {
		since        Cycle // the beat of the period was there
		again, later Cycle
	}{{32, 32 + 5*40, Never}, {28, 25, 25}} {
		a := NewAccount("stage", "in", "out")
		sum := tally{accounts: []*Account{&a}}
		a.Moved(25, 27)
		old, now := &Registers{base: 30}, &Registers{base: 70}
		sum.note(old)
		a.Moved(c.since, 40)
		sum.note(now)
		if sum.again(old, now, 5); a.early != c.again {
			t.Errorf("a beat since %d: waits until %d, want %d", c.since, a.early, c.again)
		}
		if sum.forever(old, now); a.early != c.later {
			t.Errorf("a beat since %d, again and again: waits until %d, want %d", c.since, a.early, c.later)
		}
	}
}
