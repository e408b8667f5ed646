// Package second computes convolutions a second time, apart from the blocks that compute
// them, to check all outputs of big layers quickly. The definitions are conv.ReferenceInt
// and conv.ReferenceFloat; tests hold this package to them, bit for bit.
//
// It shares nothing with pe and simd: not the layout, not the loops, not the arithmetic of
// requantising. Blocks have channels innermost and compute many outputs of a pixel at
// once; here images are planes of cells (four channels, or four pixels of a kernel
// row where there are few channels, in 32 bits), sorted by their phase of the stride,
// so that the windows of all outputs lie side by side: a tap is one place in a
// plane, an output channel's sums are 16 neighbours there times one weight. Floats have
// a plane a channel, and are added up in the order they are given.
//
// Where the processor has no AVX2, or sums of integers may leave int32, it declines: then the
// definition has to be computed.
package second

//go:generate go -C ../../tools/asm run ./second -out ../../internal/second/second_amd64.s -stubs ../../internal/second/stubs_amd64.go -pkg second
