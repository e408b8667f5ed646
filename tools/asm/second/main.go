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
	Generate()
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
// lies from there in bytes, w a cell an output for each tap, start one an output; sums
// of an output are stride bytes behind those of the one before.
const signature = "func(sums *int32, stride int, x *uint8, cells *int, count int, w *int32, start *int32)"

func loop(vector func() reg.VecVirtual, positions, outputs, bytes int, add func(x, w, sum reg.VecVirtual), move func(from, to Op)) {
	x, cells, count := Load(Param("x"), GP64()), Load(Param("cells"), GP64()), Load(Param("count"), GP64())
	w, start := Load(Param("w"), GP64()), Load(Param("start"), GP64())
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
	weight, from := vector(), GP64()
	Label("tap")
	MOVQ(Mem{Base: cells}, from)
	ADDQ(Imm(8), cells)
	for p, v := range pixels {
		move(Mem{Base: x, Index: from, Scale: 1, Disp: p * bytes}, v)
	}
	for o := range sums {
		VPBROADCASTD(Mem{Base: w, Disp: 4 * o}, weight)
		for p, v := range pixels {
			add(v, weight, sums[o][p])
		}
	}
	ADDQ(Imm(uint64(4*outputs)), w)
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
