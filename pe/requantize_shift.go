package pe

import "fmt"

// NewShift makes y = clamp(roundHalfToEven(acc / 2^shift) + zeroPoint), exact in
// integers, with one shift of 0..31 bits per output channel, or one for all.
// Mistakes are conv.Problems.
func NewShift(shifts []int, channels int, out Output) (Requantizer, error) {
	var c checks
	c.count("shift", len(shifts), channels)
	for i, s := range shifts {
		c.add(0 <= s && s <= 31, fmt.Sprintf("shift[%d]", i), s, "0..31")
	}
	c.output(out)
	if err := c.err(); err != nil {
		return nil, err
	}
	return &table[int]{spread(shifts, channels), shiftHalfToEven, out}, nil
}

// shiftHalfToEven returns acc / 2^shift, rounded half to even. Adding just
// under a half rounds ties down; adding the lowest bit of the quotient to that
// lifts those above odd quotients.
func shiftHalfToEven(acc int32, shift int) int64 {
	if shift == 0 {
		return int64(acc)
	}
	odd := int64(acc) >> shift & 1
	return (int64(acc) + 1<<(shift-1) - 1 + odd) >> shift
}
