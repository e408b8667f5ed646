package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// within looks whether sums times a factor lie between the products that bytes stand for, in
// 64 bits, four at a time. The numbers of bounds are those of the Go type: factor, shift,
// from, to, one, zero, lowest, highest.
func within(name string, extend func(...Op), even bool) {
	TEXT("within"+name, NOSPLIT, "func(sums *int32, got *uint8, count int, bounds *[8]int64) int")
	Pragma("noescape")
	Doc("count is a multiple of 8. Returns how many of the first are certain, of 8.")
	sums, got, count := Load(Param("sums"), GP64()), Load(Param("got"), GP64()), Load(Param("count"), GP64())
	bounds := Load(Param("bounds"), GP64())
	spread := func(i int) reg.VecVirtual {
		v := YMM()
		VPBROADCASTQ(Mem{Base: bounds, Disp: 8 * i}, v)
		return v
	}
	factor, from, to, one, zero, lowest, highest := spread(0), spread(2), spread(3), spread(4), spread(5), spread(6), spread(7)
	shift := XMM()
	VMOVQ(Mem{Base: bounds, Disp: 8}, shift)
	i := GP64()
	XORQ(i, i)
	Label("loop")
	for half := range 2 {
		product, y, step, least, most, more, bad := YMM(), YMM(), YMM(), YMM(), YMM(), YMM(), YMM()
		VPMOVSXDQ(Mem{Base: sums, Index: i, Scale: 4, Disp: 16 * half}, product)
		VPMULDQ(factor, product, product)
		extend(Mem{Base: got, Index: i, Scale: 1, Disp: 4 * half}, y)
		VPCMPGTQ(y, lowest, bad) // below the limits
		VPCMPGTQ(highest, y, more)
		VPOR(more, bad, bad)
		VPSUBQ(zero, y, step)
		VPSLLQ(shift, step, least)
		VPADDQ(to, least, most)
		VPADDQ(from, least, least)
		if even { // an odd one has neither of its ties, an even one both
			odd := YMM()
			VPSLLQ(Imm(63), step, odd)
			VPXOR(more, more, more)
			VPCMPGTQ(odd, more, odd)
			VPAND(one, odd, more)
			VPADDQ(more, least, least)
			VPANDN(one, odd, more)
			VPADDQ(more, most, most)
		} else { // ties go away from zero: from -1 on the upper one counts, from 1 on the lower one
			VPXOR(more, more, more)
			VPCMPGTQ(step, more, more)
			VPAND(one, more, more)
			VPADDQ(more, most, most)
			positive := YMM()
			VPXOR(more, more, more)
			VPCMPGTQ(more, step, positive)
			VPANDN(one, positive, more)
			VPADDQ(more, least, least)
		}
		VPCMPGTQ(product, least, least) // the product is too small, but none is for the lower limit
		VPCMPEQQ(y, lowest, more)
		VPANDN(least, more, least)
		VPOR(least, bad, bad)
		VPCMPGTQ(product, most, most) // not too great
		VPCMPEQQ(y, highest, more)
		VPOR(more, most, most)
		VPCMPEQQ(more, more, more)
		VPANDN(more, most, most)
		VPOR(most, bad, bad)
		VPTEST(bad, bad)
		JNE(LabelRef("done"))
	}
	ADDQ(Imm(8), i)
	CMPQ(i, count)
	JLT(LabelRef("loop"))
	Label("done")
	Store(i, ReturnIndex(0))
	VZEROUPPER()
	RET()
}
