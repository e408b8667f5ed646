package pe

import (
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/tensor"
)

// Span is a closed range of integers: the values a dtype can hold, the
// activations a kernel must expect, or what an accumulator was seen to hold.
type Span struct{ Min, Max int64 }

// Signed is the span of a two's-complement integer of the given width in bits.
func Signed(width int) Span {
	limit := int64(1) << (width - 1)
	return Span{-limit, limit - 1}
}

// SpanOf is the span of an integer element type; it panics for floats.
func SpanOf(d tensor.DType) Span {
	low, high := d.Range()
	return Span{low, high}
}

// Minus is the span of what remains when zeroPoint is subtracted.
func (s Span) Minus(zeroPoint int64) Span { return Span{s.Min - zeroPoint, s.Max - zeroPoint} }

// Union is the smallest span that holds both.
func (s Span) Union(t Span) Span { return Span{min(s.Min, t.Min), max(s.Max, t.Max)} }

// Contains reports whether t lies within s.
func (s Span) Contains(t Span) bool { return s.Min <= t.Min && t.Max <= s.Max }

// NeededBits is the smallest two's-complement width in bits that holds the
// whole span; 1 for the span of zero alone.
func (s Span) NeededBits() int {
	return 1 + max(magnitudeBits(s.Min), magnitudeBits(s.Max))
}

// magnitudeBits counts the bits of v below its sign bit.
func magnitudeBits(v int64) int { return bits.Len64(uint64(v ^ v>>63)) }

// grow is Union with a single value, written out for the inner loops.
func (s *Span) grow(v int64) {
	s.Min = min(s.Min, v)
	s.Max = max(s.Max, v)
}

// String formats the span as "[min, max]".
func (s Span) String() string { return fmt.Sprintf("[%d, %d]", s.Min, s.Max) }
