package pe

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestNeededBits(t *testing.T) {
	for _, c := range []struct {
		span Span
		want int
	}{
		{Span{0, 0}, 1}, {Span{-1, 0}, 1}, {Span{0, 1}, 2}, {Span{-2, 1}, 2}, {Span{-3, 0}, 3}, {Span{0, 127}, 8}, {Span{-128, 0}, 8},
		{Span{0, 128}, 9}, {Span{-129, 0}, 9}, {Span{math.MinInt32, math.MaxInt32}, 32}, {Span{math.MinInt64, math.MaxInt64}, 64},
	} {
		if got := c.span.NeededBits(); got != c.want {
			t.Errorf("%v.NeededBits() = %d, want %d", c.span, got, c.want)
		}
	}
}

// TestNeededBitsIsMinimal: the width holds the span, one bit less does not.
func TestNeededBitsIsMinimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Range(-1<<40, 1<<40).Draw(t, "a"), rapid.Int64Range(-1<<40, 1<<40).Draw(t, "b")
		s := Span{min(a, b), max(a, b)}
		bits := s.NeededBits()
		if !Signed(bits).Contains(s) || bits > 1 && Signed(bits-1).Contains(s) {
			t.Fatalf("%v.NeededBits() = %d", s, bits)
		}
	})
}
