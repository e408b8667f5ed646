package simd

import "sync/atomic"

// Peak computes about so many products of bytes in registers alone, as fast as the
// processor can with the instructions that are used, and returns how many.
func Peak(products int) int {
	turns := max(1, products/use.perTurn)
	use.peak(turns)
	return turns * use.perTurn
}

// perWord is how many products a multiplication of words makes without assembly: those of three
// weights, as sums of windows do.
const perWord = 3

// peakPortable multiplies words.
func peakPortable(turns int) {
	x, w := uint64(turns)&0x7f, uint64(3<<42|5<<21|7)
	var a, b, c, d, e, f, g, h uint64
	for range turns {
		a += x * w
		b += (x + 1) * w
		c += (x + 2) * w
		d += (x + 3) * w
		e += (x + 4) * w
		f += (x + 5) * w
		g += (x + 6) * w
		h += (x + 7) * w
		x ^= 1
	}
	made.Store(a + b + c + d + e + f + g + h)
}

// made keeps the compiler from leaving out what nobody looks at.
var made atomic.Uint64
