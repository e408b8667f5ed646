package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// extremes finds the least and the greatest of integers, by lane.
func extremes() {
	m := machines["AVX2"]
	TEXT("extremesAVX2", NOSPLIT, "func(x *int32, count int, least, most *[8]int32)")
	Pragma("noescape")
	Doc("count is a multiple of 8; least and most are of what came before.")
	x, count := Load(Param("x"), GP64()), Load(Param("count"), GP64())
	leastAt, mostAt := Load(Param("least"), GP64()), Load(Param("most"), GP64())
	least, most, v := m.vector(), m.vector(), m.vector()
	VMOVDQU(Mem{Base: leastAt}, least)
	VMOVDQU(Mem{Base: mostAt}, most)
	Label("loop")
	VMOVDQU(Mem{Base: x}, v)
	VPMINSD(v, least, least)
	VPMAXSD(v, most, most)
	ADDQ(Imm(32), x)
	SUBQ(Imm(8), count)
	JNE(LabelRef("loop"))
	VMOVDQU(least, Mem{Base: leastAt})
	VMOVDQU(most, Mem{Base: mostAt})
	VZEROUPPER()
	RET()
}

// zipped interleaves the elements of 8 rows, lane by lane, those of rows i and i+4, three times: each
// step moves one bit of the row's number behind the column's.
func zipped(rows []reg.VecVirtual, vector func() reg.VecVirtual, low, high func(...Op)) []reg.VecVirtual {
	for range 3 {
		var out []reg.VecVirtual
		for i := range 4 {
			a, b := vector(), vector()
			low(rows[i+4], rows[i], a)
			high(rows[i+4], rows[i], b)
			out = append(out, a, b)
		}
		rows = out
	}
	return rows
}

// transpose turns 8 rows of 16 bytes into 16 rows of 8.
func transpose() {
	TEXT("transposeAVX2", NOSPLIT, "func(dst *uint8, dstStride int, src *uint8, srcStride int)")
	Pragma("noescape")
	Doc("8 rows of 16 bytes become 16 rows of 8.")
	src, stride := Load(Param("src"), GP64()), Load(Param("srcStride"), GP64())
	rows := make([]reg.VecVirtual, 8)
	for i := range rows {
		rows[i] = XMM()
		VMOVDQU(Mem{Base: src}, rows[i])
		ADDQ(stride, src)
	}
	rows = zipped(rows, XMM, VPUNPCKLBW, VPUNPCKHBW)
	dst, dstStride := Load(Param("dst"), GP64()), Load(Param("dstStride"), GP64())
	for i, r := range rows {
		VMOVQ(r, Mem{Base: dst})
		ADDQ(dstStride, dst)
		VPEXTRQ(Imm(1), r, Mem{Base: dst})
		if i+1 < len(rows) {
			ADDQ(dstStride, dst)
		}
	}
	RET()
}

// transposeSquares turns squares of 16 rows of 16 bytes round, one beside the other. Rows i and
// i+8 lie in the halves of a vector.
func transposeSquares() {
	TEXT("transposeSquaresAVX2", NOSPLIT, "func(dst *uint8, dstStride int, src *uint8, srcStride int, count int)")
	Pragma("noescape")
	Doc("count times 16 rows of 16 bytes become 16 rows of 16; what is beside in src is below in dst.")
	src, stride := Load(Param("src"), GP64()), Load(Param("srcStride"), GP64())
	dst, dstStride, count := Load(Param("dst"), GP64()), Load(Param("dstStride"), GP64()), Load(Param("count"), GP64())
	eight := GP64()
	MOVQ(stride, eight)
	SHLQ(Imm(3), eight)
	Label("square")
	from := GP64()
	MOVQ(src, from)
	ADDQ(Imm(16), src)
	rows := make([]reg.VecVirtual, 8)
	for i := range rows {
		rows[i] = YMM()
		VBROADCASTI128(Mem{Base: from}, rows[i])
		VINSERTI128(Imm(1), Mem{Base: from, Index: eight, Scale: 1}, rows[i], rows[i])
		ADDQ(stride, from)
	}
	rows = zipped(rows, YMM, VPUNPCKLBW, VPUNPCKHBW)
	for _, r := range rows { // two columns of eight rows in each half
		VPERMQ(Imm(0xd8), r, r)
		VMOVDQU(r.AsX(), Mem{Base: dst})
		VEXTRACTI128(Imm(1), r, Mem{Base: dst, Index: dstStride, Scale: 1})
		LEAQ(Mem{Base: dst, Index: dstStride, Scale: 2}, dst)
	}
	DECQ(count)
	JNE(LabelRef("square"))
	VZEROUPPER()
	RET()
}

// transpose16 turns 8 rows of 8 elements of two bytes round; steps are in bytes.
func transpose16() {
	TEXT("transpose16AVX2", NOSPLIT, "func(dst *uint8, dstStride int, src *uint8, srcStride int)")
	Pragma("noescape")
	Doc("8 rows of 8 elements of two bytes become 8 rows of 8.")
	src, stride := Load(Param("src"), GP64()), Load(Param("srcStride"), GP64())
	rows := make([]reg.VecVirtual, 8)
	for i := range rows {
		rows[i] = XMM()
		VMOVDQU(Mem{Base: src}, rows[i])
		ADDQ(stride, src)
	}
	rows = zipped(rows, XMM, VPUNPCKLWD, VPUNPCKHWD)
	storeRows(rows)
}

// transpose32 turns 8 rows of 8 elements of four bytes round; steps are in bytes.
func transpose32() {
	TEXT("transpose32AVX2", NOSPLIT, "func(dst *uint8, dstStride int, src *uint8, srcStride int)")
	Pragma("noescape")
	Doc("8 rows of 8 elements of four bytes become 8 rows of 8.")
	src, stride := Load(Param("src"), GP64()), Load(Param("srcStride"), GP64())
	rows, pairs, fours := make([]reg.VecVirtual, 8), make([]reg.VecVirtual, 8), make([]reg.VecVirtual, 8)
	for i := range rows {
		rows[i] = YMM()
		VMOVDQU(Mem{Base: src}, rows[i])
		ADDQ(stride, src)
	}
	for i := 0; i < 8; i += 2 { // of columns 0, 1, 4, 5 and 2, 3, 6, 7
		pairs[i], pairs[i+1] = YMM(), YMM()
		VPUNPCKLDQ(rows[i+1], rows[i], pairs[i])
		VPUNPCKHDQ(rows[i+1], rows[i], pairs[i+1])
	}
	for i := range 2 { // of columns 0, 4; 1, 5; 2, 6; 3, 7 of four rows
		for j := range 2 {
			a, b := YMM(), YMM()
			VPUNPCKLQDQ(pairs[4*i+j+2], pairs[4*i+j], a)
			VPUNPCKHQDQ(pairs[4*i+j+2], pairs[4*i+j], b)
			fours[4*i+2*j], fours[4*i+2*j+1] = a, b
		}
	}
	out := make([]reg.VecVirtual, 8)
	for i := range 4 {
		out[i], out[i+4] = YMM(), YMM()
		VPERM2I128(Imm(0x20), fours[i+4], fours[i], out[i])
		VPERM2I128(Imm(0x31), fours[i+4], fours[i], out[i+4])
	}
	storeRows(out)
}

// storeRows stores rows a stride apart.
func storeRows(rows []reg.VecVirtual) {
	dst, stride := Load(Param("dst"), GP64()), Load(Param("dstStride"), GP64())
	for i, r := range rows {
		VMOVDQU(r, Mem{Base: dst})
		if i+1 < len(rows) {
			ADDQ(stride, dst)
		}
	}
	VZEROUPPER()
	RET()
}

// interleave makes groups of four bytes of four rows.
func interleave() {
	TEXT("interleaveAVX2", NOSPLIT, "func(dst, a, b, c, d *uint8, count int)")
	Pragma("noescape")
	Doc("count is a multiple of 16; dst is four times as long.")
	dst, count := Load(Param("dst"), GP64()), Load(Param("count"), GP64())
	rows, at := make([]reg.Register, 4), make([]reg.VecVirtual, 4)
	for i, name := range []string{"a", "b", "c", "d"} {
		rows[i], at[i] = Load(Param(name), GP64()), XMM()
	}
	i, low, high := GP64(), XMM(), XMM()
	XORQ(i, i)
	Label("loop")
	for r, row := range rows {
		VMOVDQU(Mem{Base: row, Index: i, Scale: 1}, at[r])
	}
	for half, zip := range []func(...Op){func(o ...Op) { VPUNPCKLBW(o[0], o[1], o[2]) }, func(o ...Op) { VPUNPCKHBW(o[0], o[1], o[2]) }} {
		zip(at[1], at[0], low)
		zip(at[3], at[2], high)
		words := XMM()
		VPUNPCKLWD(high, low, words)
		VMOVDQU(words, Mem{Base: dst, Disp: 32 * half})
		VPUNPCKHWD(high, low, words)
		VMOVDQU(words, Mem{Base: dst, Disp: 32*half + 16})
	}
	ADDQ(Imm(64), dst)
	ADDQ(Imm(16), i)
	CMPQ(i, count)
	JLT(LabelRef("loop"))
	RET()
}

// flip copies bytes with their highest bit turned round.
func flip() {
	TEXT("flipAVX2", NOSPLIT, "func(dst, src *uint8, count int)")
	Pragma("noescape")
	Doc("count is a multiple of 32.")
	dst, src, count := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("count"), GP64())
	signs, v, i := YMM(), YMM(), GP64()
	VPCMPEQD(signs, signs, signs)
	VPABSB(signs, signs)
	VPSLLW(Imm(7), signs, signs)
	XORQ(i, i)
	Label("loop")
	VPXOR(Mem{Base: src, Index: i, Scale: 1}, signs, v)
	VMOVDQU(v, Mem{Base: dst, Index: i, Scale: 1})
	ADDQ(Imm(32), i)
	CMPQ(i, count)
	JLT(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
