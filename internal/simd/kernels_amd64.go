//go:build !noasm

package simd

import "golang.org/x/sys/cpu"

// best is what this processor has.
func best() kernels { return all()[0] }

// all are the variants that this processor can run, the best first.
func all() []kernels {
	list := []kernels{portable}
	if !cpu.X86.HasAVX2 {
		return list
	}
	list = append([]kernels{avx2()}, list...)
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512VNNI {
		list = append([]kernels{vnni()}, list...)
	}
	return list
}

func avx2() kernels {
	return kernels{
		name: "AVX2",
		pairs: []dotsWidth{
			{16, []dotsFunc{dotsAVX21x2, dotsAVX22x2, dotsAVX23x2, dotsAVX24x2, dotsAVX25x2, dotsAVX26x2}},
			{8, []dotsFunc{dotsAVX21x1, dotsAVX22x1, dotsAVX23x1, dotsAVX24x1, dotsAVX25x1, dotsAVX26x1}},
		},
		floats: []floatsWidth{
			{16, []floatsFunc{floatsAVX21x2, floatsAVX22x2, floatsAVX23x2}},
			{8, []floatsFunc{floatsAVX21x1, floatsAVX22x1, floatsAVX23x1}},
		},
		depthwise: depthwiseAVX2S, depthwiseU: depthwiseAVX2U, depthwiseFloats: depthwiseFloatsAVX2, channels: 8,
		requantize: requantizeAVX2, requantized: 8,
		fixed: fixedAVX2, shifts: shiftsAVX2, extremes: extremesAVX2, transpose: [5]transposeFunc{1: transposeAVX2, 2: transpose16AVX2, 4: transpose32AVX2}, squares: transposeSquaresAVX2, interleave: interleaveAVX2, flip: flipAVX2,
		peak: peakAVX2, perTurn: 6 * 16,
	}
}

func vnni() kernels {
	k := avx2()
	k.name = "AVX-512 VNNI"
	k.dots = []dotsWidth{
		{64, []dotsFunc{dotsVNNI1x4, dotsVNNI2x4, dotsVNNI3x4, dotsVNNI4x4, dotsVNNI5x4, dotsVNNI6x4}},
		{32, []dotsFunc{dotsVNNI1x2, dotsVNNI2x2, dotsVNNI3x2, dotsVNNI4x2, dotsVNNI5x2, dotsVNNI6x2}},
		{16, []dotsFunc{dotsVNNI1x1, dotsVNNI2x1, dotsVNNI3x1, dotsVNNI4x1, dotsVNNI5x1, dotsVNNI6x1}},
	}
	k.floats = []floatsWidth{
		{32, []floatsFunc{floatsAVX5121x2, floatsAVX5122x2, floatsAVX5123x2, floatsAVX5124x2}},
		{16, []floatsFunc{floatsAVX5121x1, floatsAVX5122x1, floatsAVX5123x1, floatsAVX5124x1}},
	}
	k.peak, k.perTurn = peakVNNI, 16*64
	k.depthwise, k.depthwiseU, k.channels = depthwiseVNNIS, depthwiseVNNIU, 16
	k.depthwiseFloats = depthwiseFloatsAVX512
	k.requantize, k.requantized = requantizeAVX512, 16
	return k
}
