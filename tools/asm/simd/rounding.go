package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// requantize makes bytes of sums: times a factor, limited, rounded half to even,
// plus the zero point. Factors come round after some.
func requantize(m machine) {
	TEXT("requantize"+m.name, NOSPLIT, "func(dst *uint8, acc *int32, count int, factors *float32, period int, lowest float32, highest float32, zero int32)")
	Pragma("noescape")
	Doc("count is a multiple of the lanes.")
	dst, acc, count := Load(Param("dst"), GP64()), Load(Param("acc"), GP64()), Load(Param("count"), GP64())
	factors, period := Load(Param("factors"), GP64()), Load(Param("period"), GP64())
	lowest, highest, zero := m.vector(), m.vector(), m.vector()
	address := func(name string) Op {
		a, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		return a.Addr
	}
	VBROADCASTSS(address("lowest"), lowest)
	VBROADCASTSS(address("highest"), highest)
	narrow := XMM()
	VMOVD(Load(Param("zero"), GP32()), narrow)
	VPBROADCASTD(narrow, zero)
	at := GP64()
	XORQ(at, at)
	v := m.vector()
	var low reg.VecVirtual
	if m.bytes == 32 {
		low = m.vector()
		VPCMPEQD(low, low, low)
		VPSRLD(Imm(24), low, low)
	}
	Label("loop")
	VCVTDQ2PS(Mem{Base: acc}, v)
	VMULPS(Mem{Base: factors, Index: at, Scale: 4}, v, v)
	VMAXPS(lowest, v, v)
	VMINPS(highest, v, v)
	VCVTPS2DQ(v, v)
	VPADDD(zero, v, v)
	if m.bytes == 64 {
		VPMOVDB(v, Mem{Base: dst})
	} else {
		narrow8(v, low, dst)
	}
	ADDQ(Imm(uint64(m.bytes)), acc)
	ADDQ(Imm(uint64(m.lanes())), dst)
	ADDQ(Imm(uint64(m.lanes())), at)
	CMPQ(at, period)
	JLT(LabelRef("on"))
	XORQ(at, at)
	Label("on")
	SUBQ(Imm(uint64(m.lanes())), count)
	JNE(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// narrow8 stores the low bytes of 8 numbers; low is a mask of them.
func narrow8(v, low reg.VecVirtual, dst reg.Register) {
	VPAND(low, v, v)
	high := XMM()
	VEXTRACTI128(Imm(1), v, high)
	VPACKUSDW(high, v.AsX(), v.AsX())
	VPACKUSWB(v.AsX(), v.AsX(), v.AsX())
	VMOVQ(v.AsX(), Mem{Base: dst})
}

// fixed makes bytes of sums, 8 at a time in 64 bits: by a rule of so many parameters,
// plus the zero point, limited. The parameters of 4 channels lie side by side, those of
// the next 4 behind them; they come round after some bytes.
func fixed(name string, parameters int, rule func(v reg.VecVirtual, parameter func(i int) Mem)) {
	TEXT(name, NOSPLIT, "func(dst *uint8, acc *int32, count int, parameters *int64, period int, limits *[3]int64)")
	Pragma("noescape")
	Doc("count is a multiple of 8; limits are the zero point, the lowest and the highest.")
	dst, acc, count := Load(Param("dst"), GP64()), Load(Param("acc"), GP64()), Load(Param("count"), GP64())
	from, period, limits := Load(Param("parameters"), GP64()), Load(Param("period"), GP64()), Load(Param("limits"), GP64())
	zero, lowest, highest, low := YMM(), YMM(), YMM(), YMM()
	for i, v := range []reg.VecVirtual{zero, lowest, highest} {
		VPBROADCASTQ(Mem{Base: limits, Disp: 8 * i}, v)
	}
	VPCMPEQD(low, low, low)
	VPSRLD(Imm(24), low, low)
	at := GP64()
	XORQ(at, at)
	Label("loop")
	halves := []reg.VecVirtual{YMM(), YMM()}
	for half, v := range halves {
		VPMOVSXDQ(Mem{Base: acc, Disp: 16 * half}, v)
		rule(v, func(i int) Mem { return Mem{Base: from, Index: at, Scale: 1, Disp: 32 * (half*parameters + i)} })
		VPADDQ(zero, v, v)
		beyond := YMM()
		VPCMPGTQ(highest, v, beyond)
		VPBLENDVB(beyond, highest, v, v)
		VPCMPGTQ(v, lowest, beyond)
		VPBLENDVB(beyond, lowest, v, v)
	}
	v := halves[0]
	VSHUFPS(U8(0x88), halves[1], v, v)
	VPERMQ(U8(0xd8), v, v)
	narrow8(v, low, dst.(reg.GPVirtual))
	ADDQ(Imm(32), acc)
	ADDQ(Imm(8), dst)
	ADDQ(U32(uint32(2*32*parameters)), at)
	CMPQ(at, period)
	JLT(LabelRef("on"))
	XORQ(at, at)
	Label("on")
	SUBQ(Imm(8), count)
	JNE(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// fixedPoint is TFLite's rule: times a significand, shifted right, ties up; then shifted
// right again, ties away from zero. Arithmetic shifts are logical ones of what is 2^63
// too much. Parameters: significand, half and 2^63, shift, what is too much then; half,
// shift.
func fixedPoint(v reg.VecVirtual, parameter func(i int) Mem) {
	VPMULDQ(parameter(0), v, v)
	VPADDQ(parameter(1), v, v)
	VPSRLVQ(parameter(2), v, v)
	VPSUBQ(parameter(3), v, v)
	negative := YMM()
	VPXOR(negative, negative, negative)
	VPCMPGTQ(v, negative, negative)
	VPXOR(negative, v, v)
	VPSUBQ(negative, v, v)
	VPADDQ(parameter(4), v, v)
	VPSRLVQ(parameter(5), v, v)
	VPXOR(negative, v, v)
	VPSUBQ(negative, v, v)
}

// shifts is a power of two, half to even: the lowest bit of the quotient lifts ties above odd
// ones. Parameters: just under half and 2^63, the bit, shift, what is too much then.
func shifts(v reg.VecVirtual, parameter func(i int) Mem) {
	odd := YMM()
	VPSRLVQ(parameter(2), v, odd)
	VPAND(parameter(1), odd, odd)
	VPADDQ(odd, v, v)
	VPADDQ(parameter(0), v, v)
	VPSRLVQ(parameter(2), v, v)
	VPSUBQ(parameter(3), v, v)
}
