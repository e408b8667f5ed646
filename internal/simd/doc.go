// Package simd holds the tight loops of the value plane, by what the processor has:
// products of windows and weights ([Dots], [Floats], [Depthwise]), requantising
// ([Requantizer]), the range of integers ([Extremes]) and other layouts
// ([Transpose]).
//
// Which instructions there are is found out when the program starts; [Name] says
// which are used: AVX-512 VNNI, AVX2, or none (other processors, and the build tag
// noasm), where plain loops do the same. Every variant equals the plain loop bit for
// bit: integers are exact modulo 2^32, no intermediate saturates, and no product
// of floats is fused with a sum.
//
// The assembly is written by tools/asm.
package simd

//go:generate go -C ../../tools/asm run ./simd -out ../../internal/simd/simd_amd64.s -stubs ../../internal/simd/stubs_amd64.go -pkg simd
