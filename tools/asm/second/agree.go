package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// agreement is what agree compares with, in all lanes.
type agreement struct{ factor, lowest, highest, zero, half, size reg.VecVirtual }

// agreeSignature: limits are without zero.
const agreeSignature = "func(sums *int32, got *uint8, count int, factor, lowest, highest float32, zero int32) int"

// spread loads the arguments, and makes 1/2 and all bits but the sign.
func spread(vector func() reg.VecVirtual) agreement {
	of := func(name string) reg.VecVirtual {
		a, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		v := vector()
		VBROADCASTSS(a.Addr, v)
		return v
	}
	g := agreement{of("factor"), of("lowest"), of("highest"), of("zero"), vector(), vector()}
	bits := func(value uint32, v reg.VecVirtual) {
		r, x := GP32(), XMM()
		MOVL(U32(value), r)
		VMOVD(r, x)
		VPBROADCASTD(x, v)
	}
	bits(0x3f000000, g.half)
	bits(0x7fffffff, g.size)
	return g
}

// distance makes of sums, as floats, how far their products, limited, are from activations.
func (g agreement) distance(product, y reg.VecVirtual) {
	VMULPS(g.factor, product, product)
	VMAXPS(g.lowest, product, product)
	VMINPS(g.highest, product, product)
	VPSUBD(g.zero, y, y)
	VCVTDQ2PS(y, y)
	VSUBPS(y, product, product)
}

// agree looks whether bytes can be those of sums times a factor, as Row does: nearer than half
// to the product, or to the limit that it is beyond.
func agree(name string, extend func(...Op)) {
	TEXT("agree"+name, NOSPLIT, agreeSignature)
	Pragma("noescape")
	Doc("count is a multiple of 8. Returns how many of the first are certain, of 8.")
	sums, got, count := Load(Param("sums"), GP64()), Load(Param("got"), GP64()), Load(Param("count"), GP64())
	g := spread(func() reg.VecVirtual { return YMM() })
	i, mask := GP64(), GP32()
	XORQ(i, i)
	Label("loop")
	product, y := YMM(), YMM()
	VCVTDQ2PS(Mem{Base: sums, Index: i, Scale: 4}, product)
	extend(Mem{Base: got, Index: i, Scale: 1}, y)
	g.distance(product, y)
	VANDPS(g.size, product, product)
	VCMPPS(Imm(1), g.half, product, product) // less
	VMOVMSKPS(product, mask)
	CMPL(mask, Imm(255))
	JNE(LabelRef("done"))
	ADDQ(Imm(8), i)
	CMPQ(i, count)
	JLT(LabelRef("loop"))
	Label("done")
	Store(i, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// agreeWide is agree for any count, 16 at a time and the rest behind a mask.
func agreeWide(name string, extend func(...Op)) {
	TEXT("agreeWide"+name, NOSPLIT, agreeSignature)
	Pragma("noescape")
	Doc("Returns how many of the first are certain: all, or a multiple of 16.")
	sums, got, count := Load(Param("sums"), GP64()), Load(Param("got"), GP64()), Load(Param("count"), GP64())
	g := spread(func() reg.VecVirtual { return ZMM() })
	i, whole, some, bits := GP64(), GP64(), K(), K()
	XORQ(i, i)
	MOVQ(count, whole)
	ANDQ(I8(-16), whole)
	JEQ(LabelRef("rest"))
	Label("loop")
	product, y := ZMM(), ZMM()
	VCVTDQ2PS(Mem{Base: sums, Index: i, Scale: 4}, product)
	extend(Mem{Base: got, Index: i, Scale: 1}, y)
	g.distance(product, y)
	VPANDD(g.size, product, product)
	VCMPPS(Imm(5), g.half, product, bits) // not less
	KORTESTW(bits, bits)
	JNE(LabelRef("done"))
	ADDQ(Imm(16), i)
	CMPQ(i, whole)
	JLT(LabelRef("loop"))
	Label("rest")
	left := reg.RCX
	MOVQ(count, left)
	SUBQ(i, left)
	JEQ(LabelRef("done"))
	mask := GP32()
	MOVL(U32(1), mask)
	SHLL(reg.CL, mask)
	DECL(mask)
	KMOVW(mask, some)
	few := XMM()
	VMOVDQU32_Z(Mem{Base: sums, Index: i, Scale: 4}, some, product)
	VCVTDQ2PS(product, product)
	VMOVDQU8_Z(Mem{Base: got, Index: i, Scale: 1}, some, few)
	extend(few, y)
	g.distance(product, y)
	VPANDD(g.size, product, product)
	VCMPPS(Imm(5), g.half, product, some, bits)
	KORTESTW(bits, bits)
	JNE(LabelRef("done"))
	MOVQ(count, i)
	Label("done")
	Store(i, ReturnIndex(0))
	VZEROUPPER()
	RET()
}
