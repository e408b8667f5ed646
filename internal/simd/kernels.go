package simd

// kernels are the loops of one kind of processor; what it has none for is nil.
type kernels struct {
	name       string
	dots       []dotsWidth // of bytes, four at a time; widest first
	pairs      []dotsWidth // of int16, two at a time
	floats     []floatsWidth
	depthwise  func(dst *int32, dstStride int, x *uint8, xStride int, taps *int, count, pixels int, w *int32, wStride int, start *int32)
	depthwiseU func(dst *int32, dstStride int, x *uint8, xStride int, taps *int, count, pixels int, w *int32, wStride int, start *int32)
	channels   int // that depthwise computes side by side

	depthwiseFloats depthwiseFloatsFunc
	requantize      func(dst *uint8, acc *int32, count int, factors *float32, period int, lowest, highest float32, zero int32)
	requantized     int // elements that requantize makes at once
	fixed           fixedFunc
	shifts          fixedFunc
	extremes        func(x *int32, count int, least, most *[8]int32)
	peak            func(turns int)
	perTurn         int              // products of a turn of peak
	transpose       [5]transposeFunc // by the size of an element, in bytes
	squares         squaresFunc      // of bytes
	interleave      func(dst, a, b, c, d *uint8, count int)
	flip            func(dst, src *uint8, count int)
}

type (
	dotsFunc func(dst *int32, dstStride int, x *uint8, xStride int, runs *int, count, groups int, w *uint8, start *int32)
	// transposeFunc turns 8 rows round, of as many elements as fill 16 or 32 bytes.
	transposeFunc func(dst *uint8, dstStride int, src *uint8, srcStride int)

	// squaresFunc turns squares of 16 bytes round, one beside the other.
	squaresFunc func(dst *uint8, dstStride int, src *uint8, srcStride int, count int)

	floatsFunc func(dst *float32, dstStride int, x *float32, xStride int, taps, real *int, beats int, w, bias *float32)

	depthwiseFloatsFunc func(dst *float32, dstStride int, x *float32, xStride int, taps, real *int, beats, pixels int, w *float32, wStride int, bias *float32)
)

// fixedFunc requantises in integers.
type fixedFunc func(dst *uint8, acc *int32, count int, parameters *int64, period int, limits *[3]int64)

// dotsWidth are the loops that compute so many outputs of 1, 2, ... windows.
type dotsWidth struct {
	outputs int
	windows []dotsFunc
}

// floatsWidth is the same of floats.
type floatsWidth struct {
	outputs int
	windows []floatsFunc
}

// portable has no loops but the plain ones.
var portable = kernels{name: "portable", peak: peakPortable, perTurn: 8 * perWord}

// use is what this processor has.
var use = best()

// Name says which instructions are used: "AVX-512 VNNI", "AVX2" or "portable".
func Name() string { return use.name }

// share is the size of the next of several nearly equal parts of n, none above most.
func share(n, most int) int {
	parts := (n + most - 1) / most
	return (n + parts - 1) / parts
}
