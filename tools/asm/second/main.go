// Command second writes the assembly of package second.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	for _, positions := range []int{4, 2, 1} {
		for _, outputs := range []int{6, 4, 2, 1} {
			wide(positions, outputs)
		}
	}
	for _, positions := range []int{2, 1} {
		for _, outputs := range []int{4, 2, 1} {
			narrow(positions, outputs)
		}
	}
	for _, step := range []int{1, 2} {
		channel("S", step, VPMOVSXBD)
		channel("U", step, VPMOVZXBD)
		channelRows("S", step, VPMOVSXBD)
		channelRows("U", step, VPMOVZXBD)
	}
	for _, s := range [][2]int{{2, 6}, {2, 4}, {4, 2}, {4, 1}, {1, 6}, {1, 4}, {1, 2}, {1, 1}} {
		floats("Wide", func() reg.VecVirtual { return ZMM() }, 64, s[0], s[1])
	}
	for _, s := range [][2]int{{2, 2}, {4, 1}, {1, 2}, {1, 1}} {
		floats("", func() reg.VecVirtual { return YMM() }, 32, s[0], s[1])
	}
	agree("S", VPMOVSXBD)
	agree("U", VPMOVZXBD)
	agreeWide("S", VPMOVSXBD)
	agreeWide("U", VPMOVZXBD)
	for _, even := range []bool{false, true} {
		within(map[bool]string{false: "Fixed", true: "Shift"}[even]+"S", VPMOVSXBQ, even)
		within(map[bool]string{false: "Fixed", true: "Shift"}[even]+"U", VPMOVZXBQ, even)
	}
	cells()
	byteSum()
	layRows()
	Generate()
}

// cells makes cells of the bytes of four channels, each less low.
func cells() {
	TEXT("cells", NOSPLIT, "func(to *uint32, a, b, c, d *uint8, count int, low uint8)")
	Pragma("noescape")
	Doc("count is a multiple of 16.")
	to, count, i := Load(Param("to"), GP64()), Load(Param("count"), GP64()), GP64()
	low := XMM()
	a, err := Param("low").Resolve()
	if err != nil {
		panic(err)
	}
	VPBROADCASTB(a.Addr, low)
	XORQ(i, i)
	from := []reg.Register{Load(Param("a"), GP64()), Load(Param("b"), GP64()), Load(Param("c"), GP64()), Load(Param("d"), GP64())}
	Label("loop")
	cell := ZMM()
	for part, channel := range from {
		some, wide := XMM(), ZMM()
		VMOVDQU(Mem{Base: channel, Index: i, Scale: 1}, some)
		VPSUBB(low, some, some)
		VPMOVZXBD(some, wide)
		if part == 0 {
			VMOVDQA32(wide, cell)
			continue
		}
		VPSLLD(Imm(uint64(8*part)), wide, wide)
		VPORD(wide, cell, cell)
	}
	VMOVDQU32(cell, Mem{Base: to, Index: i, Scale: 4})
	ADDQ(Imm(16), i)
	CMPQ(i, count)
	JLT(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// byteSum adds up signed bytes: their products with ones, 64 at a time and the rest behind a mask.
func byteSum() {
	TEXT("byteSum", NOSPLIT, "func(w *uint8, count int) int32")
	Pragma("noescape")
	Doc("of any count.")
	w, count := Load(Param("w"), GP64()), Load(Param("count"), reg.RCX)
	sum, ones, some, bits, mask := ZMM(), ZMM(), ZMM(), K(), GP64()
	VPXORD(sum, sum, sum)
	MOVQ(U32(1), mask)
	VPBROADCASTB(mask.As32(), ones)
	Label("loop")
	CMPQ(count, Imm(64))
	JLT(LabelRef("rest"))
	VMOVDQU32(Mem{Base: w}, some)
	VPDPBUSD(some, ones, sum)
	ADDQ(Imm(64), w)
	SUBQ(Imm(64), count)
	JMP(LabelRef("loop"))
	Label("rest")
	SHLQ(reg.CL, mask)
	DECQ(mask)
	KMOVQ(mask, bits)
	VMOVDQU8_Z(Mem{Base: w}, bits, some)
	VPDPBUSD(some, ones, sum)
	half, quarter := YMM(), XMM()
	VEXTRACTI64X4(Imm(1), sum, half)
	VPADDD(half, sum.AsY(), half)
	VEXTRACTI128(Imm(1), half, quarter)
	VPADDD(quarter, half.AsX(), quarter)
	for _, order := range []uint64{0x4e, 0xb1} {
		other := XMM()
		VPSHUFD(Imm(order), quarter, other)
		VPADDD(other, quarter, quarter)
	}
	total := GP32()
	VMOVD(quarter, total)
	Store(total, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// wide adds up cells of four bytes by VPDPBUSD, 16 positions a vector.
func wide(positions, outputs int) {
	TEXT(fmt.Sprintf("bytes%dx%d", positions, outputs), NOSPLIT, signature)
	Pragma("noescape")
	Doc(fmt.Sprintf("%d times 16 positions of %d outputs.", positions, outputs))
	vector := func() reg.VecVirtual { return ZMM() }
	loop(vector, positions, outputs, 64, func(x, w, sum reg.VecVirtual) { VPDPBUSD(w, x, sum) },
		func(from, to Op) { VMOVDQU32(from, to) })
}

// narrow adds up cells of two int16 by VPMADDWD, 8 positions a vector.
func narrow(positions, outputs int) {
	TEXT(fmt.Sprintf("words%dx%d", positions, outputs), NOSPLIT, signature)
	Pragma("noescape")
	Doc(fmt.Sprintf("%d times 8 positions of %d outputs.", positions, outputs))
	vector := func() reg.VecVirtual { return YMM() }
	product := vector()
	loop(vector, positions, outputs, 32, func(x, w, sum reg.VecVirtual) {
		VPMADDWD(w, x, product)
		VPADDD(product, sum, sum)
	}, func(from, to Op) { VMOVDQU(from, to) })
}

// signature: x is where the first position's cells are counted from, cells where each tap
// lies from there in bytes, w a cell for each tap of an output, start one an output; weights
// and sums of an output are wStride and stride bytes behind those of the one before.
const signature = "func(sums *int32, stride int, x *uint8, cells *int, count int, w *uint8, wStride int, start *int32)"

func loop(vector func() reg.VecVirtual, positions, outputs, bytes int, add func(x, w, sum reg.VecVirtual), move func(from, to Op)) {
	x, cells, count := Load(Param("x"), GP64()), Load(Param("cells"), GP64()), Load(Param("count"), GP64())
	w, wStride, start := Load(Param("w"), GP64()), Load(Param("wStride"), GP64()), Load(Param("start"), GP64())
	sums := make([][]reg.VecVirtual, outputs)
	for o := range sums {
		for p := range positions {
			v := vector()
			sums[o] = append(sums[o], v)
			if p == 0 {
				VPBROADCASTD(Mem{Base: start, Disp: 4 * o}, v)
			} else if bytes == 64 {
				VMOVDQA32(sums[o][0], v)
			} else {
				VMOVDQA(sums[o][0], v)
			}
		}
	}
	pixels := make([]reg.VecVirtual, positions)
	for p := range pixels {
		pixels[p] = vector()
	}
	weight, from, more := vector(), GP64(), GP64()
	if outputs > 3 {
		LEAQ(Mem{Base: w, Index: wStride, Scale: 2}, more)
		ADDQ(wStride, more)
	}
	Label("tap")
	MOVQ(Mem{Base: cells}, from)
	ADDQ(Imm(8), cells)
	for p, v := range pixels {
		move(Mem{Base: x, Index: from, Scale: 1, Disp: p * bytes}, v)
	}
	for o := range sums {
		of := Mem{Base: w}
		if o >= 3 {
			of.Base = more
		}
		if o%3 > 0 {
			of.Index, of.Scale = wStride, uint8(o%3)
		}
		VPBROADCASTD(of, weight)
		for p, v := range pixels {
			add(v, weight, sums[o][p])
		}
	}
	ADDQ(Imm(4), w)
	if outputs > 3 {
		ADDQ(Imm(4), more)
	}
	DECQ(count)
	JNE(LabelRef("tap"))
	to, stride := Load(Param("sums"), GP64()), Load(Param("stride"), GP64())
	for o := range sums {
		for p, v := range sums[o] {
			move(v, Mem{Base: to, Disp: p * bytes})
		}
		if o+1 < outputs {
			ADDQ(stride, to)
		}
	}
	VZEROUPPER()
	RET()
}

// channel adds up the taps of a row of outputs of one channel, whose windows are step bytes
// apart. A weight is the lower half of 32 bits, the upper half is 0, so that the product
// of pairs is that of the lower half.
func channel(name string, step int, extend func(...Op)) {
	TEXT(fmt.Sprintf("channel%s%d", name, step), NOSPLIT, "func(sums *int32, x *uint8, taps *int, count int, w *int32, start int32, vectors int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("vectors times 8 outputs, %d bytes apart.", step))
	sums, x, vectors := Load(Param("sums"), GP64()), Load(Param("x"), GP64()), Load(Param("vectors"), GP64())
	taps, weights := Load(Param("taps"), GP64()), Load(Param("w"), GP64())
	first, weight := YMM(), YMM()
	a, err := Param("start").Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(a.Addr, first)
	even := XMM()
	if step == 2 {
		evens := GLOBL("even"+name, RODATA|NOPTR)
		DATA(0, U64(0x0e0c0a0806040200))
		DATA(8, U64(0x0e0c0a0806040200))
		VMOVDQU(evens, even)
	}
	body := func(n int, label string) {
		list := make([]reg.VecVirtual, n)
		for i := range list {
			list[i] = YMM()
			VMOVDQA(first, list[i])
		}
		tap, w, left, from := GP64(), GP64(), GP64(), GP64()
		MOVQ(taps, tap)
		MOVQ(weights, w)
		Load(Param("count"), left)
		Label(label)
		MOVQ(Mem{Base: tap}, from)
		VPBROADCASTD(Mem{Base: w}, weight)
		for i, sum := range list {
			wide, at := YMM(), Mem{Base: x, Index: from, Scale: 1, Disp: 8 * step * i}
			if step == 1 {
				extend(at, wide)
			} else {
				some := XMM()
				VMOVDQU(at, some)
				VPSHUFB(even, some, some)
				extend(some, wide)
			}
			VPMADDWD(weight, wide, wide)
			VPADDD(wide, sum, sum)
		}
		ADDQ(Imm(8), tap)
		ADDQ(Imm(4), w)
		DECQ(left)
		JNE(LabelRef(label))
		for i, sum := range list {
			VMOVDQU(sum, Mem{Base: sums, Disp: 32 * i})
		}
		ADDQ(Imm(uint64(32*n)), sums)
		ADDQ(Imm(uint64(8*step*n)), x)
		SUBQ(Imm(uint64(n)), vectors)
	}
	Label("four")
	CMPQ(vectors, Imm(4))
	JLT(LabelRef("one"))
	body(4, "fourTap")
	JMP(LabelRef("four"))
	Label("one")
	TESTQ(vectors, vectors)
	JEQ(LabelRef("done"))
	body(1, "oneTap")
	JMP(LabelRef("one"))
	Label("done")
	VZEROUPPER()
	RET()
}
