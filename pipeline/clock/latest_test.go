package clock

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLatestIsTheSameWhereAllTimesAre: what is noted of two rings, one before the other, is the
// same where all their times are, moved or not, and nowhere else; it counts as so many numbers,
// though it may be fewer.
func TestLatestIsTheSameWhereAllTimesAre(t *testing.T) {
	type rings struct{ left, held []Cycle }
	noted := func(s rings, later Cycle) *Registers {
		v := &Registers{base: 1000 + later}
		v.Section(int64(later))
		for _, times := range [][]Cycle{s.held, s.left} {
			ring := make([]Cycle, 64)
			n := int64(copy(ring, times))
			v.Latest(ring, n-1, 0, later, later-1)
		}
		return v
	}
	r, same, shorter := rand.New(rand.NewPCG(3, 4)), 0, 0
	draw := func(at Cycle, most int) (times []Cycle) {
		for range r.IntN(most) {
			times = append(times, at)
			at += 1 + Cycle(r.Int64N(2)*r.Int64N(2))
		}
		return times
	}
	for i := range 20_000 {
		a := rings{draw(0, 20), draw(100, 40)}
		b := rings{slices.Clone(a.left), slices.Clone(a.held)}
		if n := len(b.held); n > 1 && i%2 == 1 {
			switch k := r.IntN(n-1) + 1; r.IntN(3) {
			case 0:
				b.held = slices.Delete(b.held, k-1, k)
			case 1:
				b.held[k] = b.held[k-1] + 2
			case 2: // a time that is what the oldest step was
				b.left, b.held = append(b.left, b.held[1]-b.held[0]), b.held[1:]
			}
		}
		wants := slices.Equal(a.left, b.left) && slices.Equal(a.held, b.held)
		x := noted(a, 0)
		if alike(x, noted(b, 0), 0) != wants || alike(x, noted(b, 5), 0) != wants {
			t.Fatalf("%v and %v are the same: %t", a, b, !wants)
		}
		if n := int64(len(a.left) + len(a.held)); x.size() != n {
			t.Fatalf("%v counts as %d numbers; want %d", a, x.size(), n)
		}
		if wants {
			same++
		}
		if int64(len(x.values)) < x.size() {
			shorter++
		}
	}
	if same < 9000 || same > 18_000 || shorter < 5000 {
		t.Errorf("%d pairs are the same, %d shorter than their times", same, shorter)
	}
}
