package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// channelRows is channel for rows of outputs, 16 side by side by VPDPWSSD, of four rows at a
// time. Columns that there are not are not stored.
func channelRows(name string, step int, extend func(...Op)) {
	TEXT(fmt.Sprintf("channelRows%s%d", name, step), NOSPLIT,
		"func(sums *int32, x *uint8, stride int, taps *int, count int, w *int32, start int32, rows, width int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("rows of width outputs, %d bytes apart; of the bytes rows are stride apart.", step))
	c := channelOfRows{step: step, extend: extend, sums: Load(Param("sums"), GP64()), x: Load(Param("x"), GP64()),
		stride: Load(Param("stride"), GP64()), first: ZMM(), all: K(), last: K()}
	a, err := Param("start").Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(a.Addr, c.first)
	width, mask, rows := Load(Param("width"), reg.RCX), GP32(), Load(Param("rows"), GP64())
	ANDQ(I8(15), width)
	MOVL(U32(1), mask)
	SHLL(reg.CL, mask)
	DECL(mask)
	KMOVW(mask, c.last)
	KXNORW(c.all, c.all, c.all)
	Label("four")
	CMPQ(rows, Imm(4))
	JLT(LabelRef("one"))
	c.body(4, "four")
	SUBQ(Imm(4), rows)
	JMP(LabelRef("four"))
	Label("one")
	TESTQ(rows, rows)
	JEQ(LabelRef("done"))
	c.body(1, "one")
	DECQ(rows)
	JMP(LabelRef("one"))
	Label("done")
	VZEROUPPER()
	RET()
}

// channelOfRows is what channelRows works with.
type channelOfRows struct {
	step            int
	extend          func(...Op)
	sums, x, stride reg.Register
	first           reg.VecVirtual
	all, last       reg.OpmaskVirtual // the columns of a vector that there are
}

// body computes n rows, and goes on to the next.
func (c channelOfRows) body(n int, label string) {
	from, to, left, bytes := GP64(), GP64(), GP64(), GP64()
	MOVQ(c.x, from)
	MOVQ(c.sums, to)
	Load(Param("width"), left)
	MOVQ(left, bytes)
	SHLQ(Imm(2), bytes)
	Label(label + "Columns")
	list, there := make([]reg.VecVirtual, n), K()
	for i := range list {
		list[i] = ZMM()
		VMOVDQA32(c.first, list[i])
	}
	tap, w, taps := Load(Param("taps"), GP64()), Load(Param("w"), GP64()), Load(Param("count"), GP64())
	Label(label + "Tap")
	at, weight := GP64(), ZMM()
	MOVQ(Mem{Base: tap}, at)
	ADDQ(from, at)
	VPBROADCASTD(Mem{Base: w}, weight)
	for i, sum := range list {
		wide := ZMM()
		c.load(Mem{Base: at}, wide)
		VPDPWSSD(weight, wide, sum)
		if i+1 < n {
			ADDQ(c.stride, at)
		}
	}
	ADDQ(Imm(8), tap)
	ADDQ(Imm(4), w)
	DECQ(taps)
	JNE(LabelRef(label + "Tap"))
	KMOVW(c.all, there)
	CMPQ(left, Imm(16))
	JGE(LabelRef(label + "Store"))
	KMOVW(c.last, there)
	Label(label + "Store")
	row := GP64()
	MOVQ(to, row)
	for i, sum := range list {
		VMOVDQU32(sum, there, Mem{Base: row})
		if i+1 < n {
			ADDQ(bytes, row)
		}
	}
	ADDQ(Imm(64), to)
	ADDQ(Imm(uint64(16*c.step)), from)
	SUBQ(Imm(16), left)
	JG(LabelRef(label + "Columns"))
	for range n {
		ADDQ(c.stride, c.x)
		ADDQ(bytes, c.sums)
	}
}

// load widens 16 bytes, step bytes apart.
func (c channelOfRows) load(at Mem, wide reg.VecVirtual) {
	if c.step == 1 {
		c.extend(at, wide)
		return
	}
	some := YMM()
	VMOVDQU(at, some)
	VPMOVWB(some, some.AsX())
	c.extend(some.AsX(), wide)
}
