package conv

import "fmt"

// Accumulator is the register an output is summed up in: two's complement of
// Bits bits (1..32, since results are int32), which on overflow wraps round or
// stays at its limit.
type Accumulator struct {
	Bits     int
	Saturate bool
}

// MaxAccumulatorBits is the widest register there is.
const MaxAccumulatorBits = 32

// Check says what is wrong with the width, if anything.
func (a Accumulator) Check() error {
	if a.Bits < 1 || a.Bits > MaxAccumulatorBits {
		return Problems{{"accumulator.bits", fmt.Sprint(a.Bits), fmt.Sprintf("1..%d", MaxAccumulatorBits)}}
	}
	return nil
}

// Range returns the smallest and largest value it holds.
func (a Accumulator) Range() (lo, hi int64) {
	return -1 << (a.Bits - 1), 1<<(a.Bits-1) - 1
}

// Add returns acc + sum as the register holds it. The true sum must fit int64.
func (a Accumulator) Add(acc, sum int64) int64 {
	acc += sum
	if a.Saturate {
		lo, hi := a.Range()
		return max(lo, min(acc, hi))
	}
	unused := 64 - a.Bits
	return acc << unused >> unused
}

// String says width and overflow as the hardware's file does.
func (a Accumulator) String() string {
	if a.Saturate {
		return fmt.Sprintf("%d bits, saturate", a.Bits)
	}
	return fmt.Sprintf("%d bits, wrap", a.Bits)
}
