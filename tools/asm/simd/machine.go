package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// machine is what there is to compute with.
type machine struct {
	name   string
	bytes  int // of a vector
	vector func() reg.VecVirtual
	floats int // windows side by side of floats
}

var machines = map[string]machine{
	"VNNI":   {"VNNI", 64, func() reg.VecVirtual { return ZMM() }, 4},
	"AVX512": {"AVX512", 64, func() reg.VecVirtual { return ZMM() }, 4},
	"AVX2":   {"AVX2", 32, func() reg.VecVirtual { return YMM() }, 3},
}

func (m machine) lanes() int { return m.bytes / 4 }

func (m machine) vectors(n int) []reg.VecVirtual {
	list := make([]reg.VecVirtual, n)
	for i := range list {
		list[i] = m.vector()
	}
	return list
}

// clear sets a vector to zeros.
func (m machine) clear(v reg.VecVirtual) {
	if m.bytes == 64 {
		VPXORD(v, v, v)
		return
	}
	VPXOR(v, v, v)
}

// load and store move vectors of integers.
func (m machine) move(from, to Op) {
	if m.bytes == 64 {
		VMOVDQU32(from, to)
		return
	}
	VMOVDQU(from, to)
}

// places are the addresses of up to six windows, a stride apart.
type places struct {
	low, high, stride reg.GPVirtual
	count             int
}

func newPlaces(base, stride reg.GPVirtual, count int) places {
	p := places{low: GP64(), stride: stride, count: count}
	MOVQ(base, p.low)
	if count > 3 {
		p.high = GP64()
		LEAQ(Mem{Base: base, Index: stride, Scale: 2}, p.high)
		ADDQ(stride, p.high)
	}
	return p
}

func (p places) at(i int) Mem {
	base := p.low
	if i >= 3 {
		base, i = p.high, i-3
	}
	if i == 0 {
		return Mem{Base: base}
	}
	return Mem{Base: base, Index: p.stride, Scale: uint8(i)}
}

func (p places) advance(by Op) {
	ADDQ(by, p.low)
	if p.count > 3 {
		ADDQ(by, p.high)
	}
}
