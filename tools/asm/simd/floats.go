package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// floats multiplies windows by width vectors of outputs, beat by beat, no product fused with
// a sum. taps are where the elements of a window lie, in the order they are added; w has a
// row of outputs for each.
func floats(m machine, vectors, width int) {
	TEXT(fmt.Sprintf("floats%s%dx%d", m.name, vectors, width), NOSPLIT,
		"func(dst *float32, dstStride int, x *float32, xStride int, taps, real *int, beats int, w, bias *float32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%d windows times %d vectors of outputs.", vectors, width))
	x, stride := Load(Param("x"), GP64()).(reg.GPVirtual), Load(Param("xStride"), GP64()).(reg.GPVirtual)
	taps, real, beats := Load(Param("taps"), GP64()), Load(Param("real"), GP64()), Load(Param("beats"), GP64())
	w := Load(Param("w"), GP64())
	sums, totals := make([][]reg.VecVirtual, vectors), make([][]reg.VecVirtual, vectors)
	for v := range sums {
		sums[v], totals[v] = m.vectors(width), m.vectors(width)
		m.clearAll(totals[v])
	}
	weights, act := m.vectors(width), m.vector()
	Label("beat")
	for _, s := range sums {
		m.clearAll(s)
	}
	left, from := GP64(), GP64()
	MOVQ(Mem{Base: real}, left)
	ADDQ(Imm(8), real)
	TESTQ(left, left)
	JEQ(LabelRef("idle"))
	Label("tap")
	MOVQ(Mem{Base: taps}, from)
	ADDQ(Imm(8), taps)
	LEAQ(Mem{Base: x, Index: from, Scale: 4}, from)
	at := newPlaces(from, stride, vectors)
	for j, v := range weights {
		VMOVUPS(Mem{Base: w, Disp: j * m.bytes}, v)
	}
	ADDQ(I32(width*m.bytes), w)
	for v := range sums {
		VBROADCASTSS(at.at(v), act)
		for j := range weights {
			product := m.vector()
			VMULPS(weights[j], act, product)
			VADDPS(product, sums[v][j], sums[v][j])
		}
	}
	DECQ(left)
	JNE(LabelRef("tap"))
	Label("idle")
	for v := range sums {
		for j := range sums[v] {
			VADDPS(sums[v][j], totals[v][j], totals[v][j])
		}
	}
	DECQ(beats)
	JNE(LabelRef("beat"))
	bias := Load(Param("bias"), GP64())
	for j, b := range weights {
		VMOVUPS(Mem{Base: bias, Disp: j * m.bytes}, b)
		for v := range totals {
			VADDPS(b, totals[v][j], totals[v][j])
		}
	}
	storeAll(m, totals)
}

func (m machine) clearAll(list []reg.VecVirtual) {
	for _, v := range list {
		m.clear(v)
	}
}

// depthwiseFloats sums up the taps of one vector of channels for all pixels of a row, four at
// a time, beat by beat.
func depthwiseFloats(m machine) {
	TEXT("depthwiseFloats"+m.name, NOSPLIT,
		"func(dst *float32, dstStride int, x *float32, xStride int, taps, real *int, beats, pixels int, w *float32, wStride int, bias *float32)")
	Pragma("noescape")
	Doc("a vector of channels of a row of pixels.")
	x, stride := Load(Param("x"), GP64()).(reg.GPVirtual), Load(Param("xStride"), GP64()).(reg.GPVirtual)
	dst, dstStride, pixels := Load(Param("dst"), GP64()), Load(Param("dstStride"), GP64()), Load(Param("pixels"), GP64())
	wStride := Load(Param("wStride"), GP64())
	body := func(vectors int, label string) {
		sums, totals := m.vectors(vectors), m.vectors(vectors)
		m.clearAll(totals)
		taps, real, beats, w := Load(Param("taps"), GP64()), Load(Param("real"), GP64()), Load(Param("beats"), GP64()), Load(Param("w"), GP64())
		Label(label + "Beat")
		m.clearAll(sums)
		left, from, weight := GP64(), GP64(), m.vector()
		MOVQ(Mem{Base: real}, left)
		ADDQ(Imm(8), real)
		TESTQ(left, left)
		JEQ(LabelRef(label + "Idle"))
		Label(label + "Tap")
		VMOVUPS(Mem{Base: w}, weight)
		ADDQ(wStride, w)
		MOVQ(Mem{Base: taps}, from)
		ADDQ(Imm(8), taps)
		LEAQ(Mem{Base: x, Index: from, Scale: 4}, from)
		at := newPlaces(from, stride, vectors)
		for v, s := range sums {
			product := m.vector()
			VMULPS(at.at(v), weight, product)
			VADDPS(product, s, s)
		}
		DECQ(left)
		JNE(LabelRef(label + "Tap"))
		Label(label + "Idle")
		for v, s := range sums {
			VADDPS(s, totals[v], totals[v])
		}
		DECQ(beats)
		JNE(LabelRef(label + "Beat"))
		bias := Load(Param("bias"), GP64())
		for _, t := range totals {
			VADDPS(Mem{Base: bias}, t, t)
			VMOVUPS(t, Mem{Base: dst})
			ADDQ(dstStride, dst)
		}
	}
	Label("four")
	CMPQ(pixels, Imm(4))
	JLT(LabelRef("one"))
	body(4, "four")
	LEAQ(Mem{Base: x, Index: stride, Scale: 4}, x)
	SUBQ(Imm(4), pixels)
	JMP(LabelRef("four"))
	Label("one")
	TESTQ(pixels, pixels)
	JEQ(LabelRef("done"))
	body(1, "one")
	ADDQ(stride, x)
	DECQ(pixels)
	JMP(LabelRef("one"))
	Label("done")
	VZEROUPPER()
	RET()
}
