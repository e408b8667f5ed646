package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// peak does nothing but multiply and add, in registers: what the processor can do at most.
func peak(m machine, sums int) {
	TEXT("peak"+m.name, NOSPLIT, "func(turns int)")
	Doc(fmt.Sprintf("%d products and sums of vectors a turn.", sums))
	turns, x, w, list := Load(Param("turns"), GP64()), m.vector(), m.vector(), m.vectors(sums)
	for _, v := range append(list, x, w) {
		m.clear(v)
	}
	Label("turn")
	for _, s := range list {
		m.accumulate(x, w, s)
	}
	DECQ(turns)
	JNE(LabelRef("turn"))
	VZEROUPPER()
	RET()
}
