package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// floats adds up products of floats beat by beat, none fused with a sum. Of every tap, taps
// holds where its pixels lie from x on, and where its weight lies among those of an output,
// in bytes; weights of an output are wStride bytes behind those of the one before.
func floats(name string, vector func() reg.VecVirtual, bytes, positions, outputs int) {
	TEXT(fmt.Sprintf("floats%s%dx%d", name, positions, outputs), NOSPLIT,
		"func(sums *float32, stride int, x *float32, taps *[2]int, beats *int, count int, w *float32, wStride int, bias *float32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%d times %d positions of %d outputs.", positions, bytes/4, outputs))
	x, taps, beats, count := Load(Param("x"), GP64()), Load(Param("taps"), GP64()), Load(Param("beats"), GP64()), Load(Param("count"), GP64())
	w, step := Load(Param("w"), GP64()), Load(Param("wStride"), GP64())
	grid := func() [][]reg.VecVirtual {
		list := make([][]reg.VecVirtual, outputs)
		for o := range list {
			for range positions {
				list[o] = append(list[o], vector())
			}
		}
		return list
	}
	zero := func(list [][]reg.VecVirtual) {
		for _, row := range list {
			for _, v := range row {
				if bytes == 64 {
					VPXORD(v, v, v)
				} else {
					VPXOR(v, v, v)
				}
			}
		}
	}
	totals, sums := grid(), grid()
	zero(totals)
	pixels := make([]reg.VecVirtual, positions)
	for p := range pixels {
		pixels[p] = vector()
	}
	weight, product := vector(), vector()
	from, of, more, left := GP64(), GP64(), GP64(), GP64()
	Label("beat")
	zero(sums)
	MOVQ(Mem{Base: beats}, left)
	ADDQ(Imm(8), beats)
	Label("tap")
	MOVQ(Mem{Base: taps}, from)
	MOVQ(Mem{Base: taps, Disp: 8}, of)
	ADDQ(Imm(16), taps)
	ADDQ(w, of)
	for p, v := range pixels {
		VMOVUPS(Mem{Base: x, Index: from, Scale: 1, Disp: p * bytes}, v)
	}
	for o := range sums {
		at := Mem{Base: of}
		switch {
		case o == 3:
			LEAQ(Mem{Base: of, Index: step, Scale: 2}, more)
			ADDQ(step, more)
			at = Mem{Base: more}
		case o > 3:
			at = Mem{Base: more, Index: step, Scale: uint8(o - 3)}
		case o > 0:
			at = Mem{Base: of, Index: step, Scale: uint8(o)}
		}
		VBROADCASTSS(at, weight)
		for p, v := range pixels {
			VMULPS(v, weight, product)
			VADDPS(product, sums[o][p], sums[o][p])
		}
	}
	DECQ(left)
	JNE(LabelRef("tap"))
	for o := range sums {
		for p := range pixels {
			VADDPS(sums[o][p], totals[o][p], totals[o][p])
		}
	}
	DECQ(count)
	JNE(LabelRef("beat"))
	to, stride, bias := Load(Param("sums"), GP64()), Load(Param("stride"), GP64()), Load(Param("bias"), GP64())
	for o := range totals {
		VBROADCASTSS(Mem{Base: bias, Disp: 4 * o}, weight)
		for p, v := range totals[o] {
			VADDPS(weight, v, v)
			VMOVUPS(v, Mem{Base: to, Disp: p * bytes})
		}
		if o+1 < outputs {
			ADDQ(stride, to)
		}
	}
	VZEROUPPER()
	RET()
}
