package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// layRows copies rows of bytes that lie one behind the other to where they are a step apart,
// 64 bytes at a time and the rest behind a mask.
func layRows() {
	TEXT("layRows", NOSPLIT, "func(to *uint8, step int, from *uint8, width, rows int)")
	Pragma("noescape")
	Doc("rows of width bytes, of which there is one.")
	to, step, from := Load(Param("to"), GP64()), Load(Param("step"), GP64()), Load(Param("from"), GP64())
	width, rows := Load(Param("width"), reg.RCX), Load(Param("rows"), GP64())
	mask, bits, some := GP64(), K(), ZMM()
	MOVQ(U32(1), mask)
	SHLQ(reg.CL, mask) // by the width modulo 64
	DECQ(mask)
	KMOVQ(mask, bits)
	at, left := GP64(), GP64()
	Label("row")
	MOVQ(to, at)
	MOVQ(width, left)
	Label("whole")
	CMPQ(left, Imm(64))
	JLT(LabelRef("rest"))
	VMOVDQU32(Mem{Base: from}, some)
	VMOVDQU32(some, Mem{Base: at})
	ADDQ(Imm(64), from)
	ADDQ(Imm(64), at)
	SUBQ(Imm(64), left)
	JMP(LabelRef("whole"))
	Label("rest")
	VMOVDQU8_Z(Mem{Base: from}, bits, some)
	VMOVDQU8(some, bits, Mem{Base: at})
	ADDQ(left, from)
	ADDQ(step, to)
	DECQ(rows)
	JNE(LabelRef("row"))
	VZEROUPPER()
	RET()
}
