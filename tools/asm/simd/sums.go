package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dots multiplies windows by width vectors of outputs: VNNI four bytes at a time,
// AVX2 two int16.
func dots(m machine, vectors, width int) {
	TEXT(fmt.Sprintf("dots%s%dx%d", m.name, vectors, width), NOSPLIT,
		"func(dst *int32, dstStride int, x *uint8, xStride int, runs *int, count, groups int, w *uint8, start *int32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%d windows times %d vectors of outputs.", vectors, width))
	x, runs := Load(Param("x"), GP64()).(reg.GPVirtual), Load(Param("runs"), GP64())
	stride := Load(Param("xStride"), GP64()).(reg.GPVirtual)
	count, groups, w := Load(Param("count"), GP64()), Load(Param("groups"), GP64()), Load(Param("w"), GP64())
	sums := make([][]reg.VecVirtual, vectors)
	start := Load(Param("start"), GP64())
	for v := range sums {
		sums[v] = m.vectors(width)
		for j, s := range sums[v] {
			m.move(Mem{Base: start, Disp: j * m.bytes}, s)
		}
	}
	weights, act := m.vectors(width), m.vector()
	Label("run")
	from := GP64()
	MOVQ(Mem{Base: runs}, from)
	ADDQ(x, from)
	ADDQ(Imm(8), runs)
	at := newPlaces(from, stride, vectors)
	left := GP64()
	MOVQ(groups, left)
	Label("group")
	for j, v := range weights {
		m.move(Mem{Base: w, Disp: j * m.bytes}, v)
	}
	ADDQ(I32(width*m.bytes), w)
	for v := range sums {
		VPBROADCASTD(at.at(v), act)
		for j := range weights {
			m.accumulate(act, weights[j], sums[v][j])
		}
	}
	at.advance(Imm(4))
	DECQ(left)
	JNE(LabelRef("group"))
	DECQ(count)
	JNE(LabelRef("run"))
	storeAll(m, sums)
}

// accumulate adds the products of the parts of 32 bits.
func (m machine) accumulate(x, w, sum reg.VecVirtual) {
	if m.name == "VNNI" {
		VPDPBUSD(w, x, sum)
		return
	}
	products := m.vector()
	VPMADDWD(w, x, products)
	VPADDD(products, sum, sum)
}

// storeAll stores the sums of windows a stride apart.
func storeAll(m machine, sums [][]reg.VecVirtual) {
	dst, stride := Load(Param("dst"), GP64()), Load(Param("dstStride"), GP64())
	for v := range sums {
		for j, s := range sums[v] {
			m.move(s, Mem{Base: dst, Disp: j * m.bytes})
		}
		if v+1 < len(sums) {
			ADDQ(stride, dst)
		}
	}
	VZEROUPPER()
	RET()
}

// depthwise sums up the taps of one vector of channels for all pixels of a row,
// four at a time. Bytes become 32 bits; the upper half of a weight is 0, so
// that the product of pairs is that of the lower half.
func depthwise(m machine, signed bool) {
	name, extend := "U", VPMOVZXBD
	if signed {
		name, extend = "S", VPMOVSXBD
	}
	TEXT(fmt.Sprintf("depthwise%s%s", m.name, name), NOSPLIT,
		"func(dst *int32, dstStride int, x *uint8, xStride int, taps *int, count, pixels int, w *int32, wStride int, start *int32)")
	Pragma("noescape")
	Doc("a vector of channels of a row of pixels.")
	x, stride := Load(Param("x"), GP64()).(reg.GPVirtual), Load(Param("xStride"), GP64()).(reg.GPVirtual)
	dst, dstStride := Load(Param("dst"), GP64()), Load(Param("dstStride"), GP64())
	taps, pixels := Load(Param("taps"), GP64()), Load(Param("pixels"), GP64())
	weights, wStride := Load(Param("w"), GP64()), Load(Param("wStride"), GP64())
	start := m.vector()
	startAt := Load(Param("start"), GP64())
	m.move(Mem{Base: startAt}, start)
	body := func(vectors int, label string) {
		sums := m.vectors(vectors)
		for _, s := range sums {
			m.move(start, s)
		}
		tap, w, left := GP64(), GP64(), GP64()
		MOVQ(taps, tap)
		MOVQ(weights, w)
		Load(Param("count"), left)
		Label(label)
		weight, from := m.vector(), GP64()
		m.move(Mem{Base: w}, weight)
		ADDQ(wStride, w)
		MOVQ(Mem{Base: tap}, from)
		ADDQ(Imm(8), tap)
		ADDQ(x, from)
		at := newPlaces(from, stride, vectors)
		for v, s := range sums {
			wide := m.vector()
			extend(at.at(v), wide)
			if m.name == "VNNI" {
				VPDPWSSD(weight, wide, s)
				continue
			}
			VPMADDWD(weight, wide, wide)
			VPADDD(wide, s, s)
		}
		DECQ(left)
		JNE(LabelRef(label))
		for _, s := range sums {
			m.move(s, Mem{Base: dst})
			ADDQ(dstStride, dst)
		}
	}
	Label("four")
	CMPQ(pixels, Imm(4))
	JLT(LabelRef("one"))
	body(4, "fourTap")
	LEAQ(Mem{Base: x, Index: stride, Scale: 4}, x)
	SUBQ(Imm(4), pixels)
	JMP(LabelRef("four"))
	Label("one")
	TESTQ(pixels, pixels)
	JEQ(LabelRef("done"))
	body(1, "oneTap")
	ADDQ(stride, x)
	DECQ(pixels)
	JMP(LabelRef("one"))
	Label("done")
	VZEROUPPER()
	RET()
}
