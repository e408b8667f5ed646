package second

import "unsafe"

// Rounding is requantising by a factor a channel: the product of sum and factor, both
// float32, rounded to float32, then half to even, plus Zero, limited. It does not
// compute activations but looks whether one can be right.
type Rounding struct {
	Factors               []float32 // one, or one a channel
	Zero, Lowest, Highest int32
}

// NewRounding takes the scales of ONNX's rule, finite and above 0. Products and quotients
// of two float32s, computed in float64 and rounded, are those of float32.
func NewRounding(input, output float32, weights []float32, zero, lowest, highest int32) Rounding {
	r := Rounding{Zero: zero, Lowest: lowest, Highest: highest}
	for _, w := range weights {
		product := float32(float64(input) * float64(w))
		r.Factors = append(r.Factors, float32(float64(product)/float64(output)))
	}
	return r
}

// Row returns how many activations at the beginning of got are certainly those of sums of a
// channel: of the next one it takes more to tell.
func Row[T Integer](r Rounding, channel int, sums []int32, got []T) int {
	done := 0
	for done < len(sums) {
		done += agreed(r, channel, sums[done:], got[done:])
		few := min(lanes, len(sums)-done)
		certain := rest(r, channel, sums[done:done+few], got[done:])
		if done += certain; certain < few {
			break
		}
	}
	return done
}

// lanes is how many activations are looked at side by side.
const lanes = 8

// agreed is Row by the loops of the processor, and of as many as they take.
func agreed[T Integer](r Rounding, channel int, sums []int32, got []T) int {
	loop := agreeLoopOf[T]()
	if loop.run == nil || len(sums) < loop.step {
		return 0
	}
	n := len(sums) &^ (loop.step - 1)
	_ = got[n-1]
	return loop.run(&sums[0], (*uint8)(unsafe.Pointer(&got[0])), n, r.Factors[channel%len(r.Factors)], float32(r.Lowest-r.Zero), float32(r.Highest-r.Zero), r.Zero)
}

// agreeLoopOf is the loop for activations of a type.
func agreeLoopOf[T Integer]() agreeLoop {
	switch any(T(0)).(type) {
	case int8:
		return agreeSigned
	case uint8:
		return agreeUnsigned
	}
	return agreeLoop{}
}

// rest is Row without the loops of the processor.
func rest[T Integer](r Rounding, channel int, sums []int32, got []T) int {
	factor := float64(r.Factors[channel%len(r.Factors)])
	lowest, highest, zero := T(r.Lowest), T(r.Highest), float64(r.Zero)
	got = got[:len(sums)]
	for i, sum := range sums {
		y := got[i]
		off := float64(float32(float64(float32(sum))*factor)) + zero - float64(y)
		switch { // the zero point is whole: it moves no half, and float64 holds the sum
		case off > -0.5 && off < 0.5 && y >= lowest && y <= highest:
		case y == lowest && off <= 0 || y == highest && off >= 0:
		default:
			return i
		}
	}
	return len(sums)
}
