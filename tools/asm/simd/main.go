// Command simd writes the assembly of package simd.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	for _, width := range []int{4, 2, 1} {
		for vectors := 1; vectors <= 6; vectors++ {
			dots(machines["VNNI"], vectors, width)
		}
	}
	for _, width := range []int{2, 1} {
		for vectors := 1; vectors <= 6; vectors++ {
			dots(machines["AVX2"], vectors, width)
		}
	}
	for _, name := range []string{"AVX512", "AVX2"} {
		m := machines[name]
		for _, width := range []int{2, 1} {
			for vectors := 1; vectors <= m.floats; vectors++ {
				floats(m, vectors, width)
			}
		}
		depthwiseFloats(m)
	}
	for _, name := range []string{"VNNI", "AVX2"} {
		depthwise(machines[name], true)
		depthwise(machines[name], false)
	}
	requantize(machines["AVX512"])
	requantize(machines["AVX2"])
	fixed("fixedAVX2", 6, fixedPoint)
	fixed("shiftsAVX2", 4, shifts)
	extremes()
	transpose()
	transposeSquares()
	transpose16()
	transpose32()
	interleave()
	flip()
	peak(machines["VNNI"], 16)
	peak(machines["AVX2"], 6)
	Generate()
}
