package resources

import "math/bits"

// multiplierLUT returns the LUTs of one w x a bit multiplier made of LUTs.
//
// Source: FINN-R, (2*ceil((W+A)/6)-1)*(W+A).
func multiplierLUT(w, a int) int {
	return (2*ceilDiv(w+a, lutMultInputs) - 1) * (w + a)
}

// adderTreeLUT returns the LUTs that sum simd products of the given width, two by two:
// each level halves the values and makes them a bit wider.
//
// Source: counted of the emitted convsim_tree.
func adderTreeLUT(simd, productBits int) int {
	total := 0
	for n, width := simd, productBits; n > 1; n = ceilDiv(n, 2) {
		width++
		total += n / 2 * width * adderLUTPerBit
	}
	return total
}

// adderTreeFF returns the registers of a tree over simd products that has them
// at every node of its last so many levels: each level halves the values and
// makes them a bit wider.
//
// Source: counted; finn-rtllib/mvu registers all levels (latency ceil(log2 SIMD)).
func adderTreeFF(simd, productBits, levels int) int {
	total := 0
	for n, width, left := simd, productBits, ceilLog2(simd); n > 1; left-- {
		n, width = ceilDiv(n, 2), width+1
		if left <= levels {
			total += n * width
		}
	}
	return total
}

// accumulatorBits returns the width an accumulator of fanIn products needs, or
// the declared width if that is narrower.
//
// Source: FINN lut_estimation, min(declared, ceil(a + log2(1+2^-a) + 1)) with
// a = log2(MW)+W+A-1-signed (arXiv 2301.13376). As 2^a is an integer x for
// W+A >= 2, this is ceil(log2(x+1)) + 1, the bit length of x plus one.
func accumulatorBits(declared, fanIn, weightBits, inputBits int, signedInput bool) int {
	shift := weightBits + inputBits - 1
	if signedInput {
		shift--
	}
	return min(declared, bits.Len(uint(fanIn))+shift+1)
}

// counter returns a counter of n states that wraps.
//
// Source: counted of the emitted convsim_last.
func counter(n int) Amount {
	return Amount{LUT: max(0, counterLUTPerBit*ceilLog2(n)-2), FF: ceilLog2(n)}
}
