// Command simd writes the assembly of package simd.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	for _, width := range []int{4, 2, 1} {
		for vectors := 1; vectors <= 6; vectors++ {
			dots(machines["VNNI"], vectors, width)
		}
	}
	for _, width := range []int{2, 1} {
		for vectors := 1; vectors <= 6; vectors++ {
			dots(machines["AVX2"], vectors, width)
		}
	}
	for _, name := range []string{"AVX512", "AVX2"} {
		m := machines[name]
		for _, width := range []int{2, 1} {
			for vectors := 1; vectors <= m.floats; vectors++ {
				floats(m, vectors, width)
			}
		}
	}
	for _, name := range []string{"AVX512", "AVX2"} {
		depthwise(machines[name], true)
		depthwise(machines[name], false)
		requantize(machines[name])
	}
	fixed("fixedAVX2", 6, fixedPoint)
	fixed("shiftsAVX2", 4, shifts)
	extremes()
	transpose()
	interleave()
	flip()
	peak(machines["VNNI"], 16)
	peak(machines["AVX2"], 6)
	Generate()
}

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

// floats multiplies windows by width vectors of outputs, beat by beat, no product
// fused with a sum. x holds the lanes of all beats, w the real ones only.
func floats(m machine, vectors, width int) {
	TEXT(fmt.Sprintf("floats%s%dx%d", m.name, vectors, width), NOSPLIT,
		"func(dst *float32, dstStride int, x *float32, xStride int, real *int, beats, beatBytes int, w *float32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%d windows times %d vectors of outputs.", vectors, width))
	x, stride := Load(Param("x"), GP64()).(reg.GPVirtual), Load(Param("xStride"), GP64()).(reg.GPVirtual)
	beats, beatBytes := Load(Param("beats"), GP64()), Load(Param("beatBytes"), GP64())
	real, w := Load(Param("real"), GP64()), Load(Param("w"), GP64())
	sums, totals := make([][]reg.VecVirtual, vectors), make([][]reg.VecVirtual, vectors)
	for v := range sums {
		sums[v], totals[v] = m.vectors(width), m.vectors(width)
		for _, s := range totals[v] {
			m.clear(s)
		}
	}
	weights, act := m.vectors(width), m.vector()
	Label("beat")
	for v := range sums {
		for _, s := range sums[v] {
			m.clear(s)
		}
	}
	left := GP64()
	MOVQ(Mem{Base: real}, left)
	ADDQ(Imm(8), real)
	at := newPlaces(x, stride, vectors)
	ADDQ(beatBytes, x)
	TESTQ(left, left)
	JEQ(LabelRef("idle"))
	Label("lane")
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
	at.advance(Imm(4))
	DECQ(left)
	JNE(LabelRef("lane"))
	Label("idle")
	for v := range sums {
		for j := range sums[v] {
			VADDPS(sums[v][j], totals[v][j], totals[v][j])
		}
	}
	DECQ(beats)
	JNE(LabelRef("beat"))
	storeAll(m, totals)
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

// requantize makes bytes of sums: times a factor, limited, rounded half to even,
// plus the zero point. Factors come round after some.
func requantize(m machine) {
	TEXT("requantize"+m.name, NOSPLIT, "func(dst *uint8, acc *int32, count int, factors *float32, period int, lowest float32, highest float32, zero int32)")
	Pragma("noescape")
	Doc("count is a multiple of the lanes.")
	dst, acc, count := Load(Param("dst"), GP64()), Load(Param("acc"), GP64()), Load(Param("count"), GP64())
	factors, period := Load(Param("factors"), GP64()), Load(Param("period"), GP64())
	lowest, highest, zero := m.vector(), m.vector(), m.vector()
	address := func(name string) Op {
		a, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		return a.Addr
	}
	VBROADCASTSS(address("lowest"), lowest)
	VBROADCASTSS(address("highest"), highest)
	narrow := XMM()
	VMOVD(Load(Param("zero"), GP32()), narrow)
	VPBROADCASTD(narrow, zero)
	at := GP64()
	XORQ(at, at)
	v := m.vector()
	var low reg.VecVirtual
	if m.bytes == 32 {
		low = m.vector()
		VPCMPEQD(low, low, low)
		VPSRLD(Imm(24), low, low)
	}
	Label("loop")
	VCVTDQ2PS(Mem{Base: acc}, v)
	VMULPS(Mem{Base: factors, Index: at, Scale: 4}, v, v)
	VMAXPS(lowest, v, v)
	VMINPS(highest, v, v)
	VCVTPS2DQ(v, v)
	VPADDD(zero, v, v)
	if m.bytes == 64 {
		VPMOVDB(v, Mem{Base: dst})
	} else {
		narrow8(v, low, dst)
	}
	ADDQ(Imm(uint64(m.bytes)), acc)
	ADDQ(Imm(uint64(m.lanes())), dst)
	ADDQ(Imm(uint64(m.lanes())), at)
	CMPQ(at, period)
	JLT(LabelRef("on"))
	XORQ(at, at)
	Label("on")
	SUBQ(Imm(uint64(m.lanes())), count)
	JNE(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// narrow8 stores the low bytes of 8 numbers; low is a mask of them.
func narrow8(v, low reg.VecVirtual, dst reg.Register) {
	VPAND(low, v, v)
	high := XMM()
	VEXTRACTI128(Imm(1), v, high)
	VPACKUSDW(high, v.AsX(), v.AsX())
	VPACKUSWB(v.AsX(), v.AsX(), v.AsX())
	VMOVQ(v.AsX(), Mem{Base: dst})
}

// fixed makes bytes of sums, 8 at a time in 64 bits: by a rule of so many parameters,
// plus the zero point, limited. The parameters of 4 channels lie side by side, those of
// the next 4 behind them; they come round after some bytes.
func fixed(name string, parameters int, rule func(v reg.VecVirtual, parameter func(i int) Mem)) {
	TEXT(name, NOSPLIT, "func(dst *uint8, acc *int32, count int, parameters *int64, period int, limits *[3]int64)")
	Pragma("noescape")
	Doc("count is a multiple of 8; limits are the zero point, the lowest and the highest.")
	dst, acc, count := Load(Param("dst"), GP64()), Load(Param("acc"), GP64()), Load(Param("count"), GP64())
	from, period, limits := Load(Param("parameters"), GP64()), Load(Param("period"), GP64()), Load(Param("limits"), GP64())
	zero, lowest, highest, low := YMM(), YMM(), YMM(), YMM()
	for i, v := range []reg.VecVirtual{zero, lowest, highest} {
		VPBROADCASTQ(Mem{Base: limits, Disp: 8 * i}, v)
	}
	VPCMPEQD(low, low, low)
	VPSRLD(Imm(24), low, low)
	at := GP64()
	XORQ(at, at)
	Label("loop")
	halves := []reg.VecVirtual{YMM(), YMM()}
	for half, v := range halves {
		VPMOVSXDQ(Mem{Base: acc, Disp: 16 * half}, v)
		rule(v, func(i int) Mem { return Mem{Base: from, Index: at, Scale: 1, Disp: 32 * (half*parameters + i)} })
		VPADDQ(zero, v, v)
		beyond := YMM()
		VPCMPGTQ(highest, v, beyond)
		VPBLENDVB(beyond, highest, v, v)
		VPCMPGTQ(v, lowest, beyond)
		VPBLENDVB(beyond, lowest, v, v)
	}
	v := halves[0]
	VSHUFPS(U8(0x88), halves[1], v, v)
	VPERMQ(U8(0xd8), v, v)
	narrow8(v, low, dst.(reg.GPVirtual))
	ADDQ(Imm(32), acc)
	ADDQ(Imm(8), dst)
	ADDQ(U32(uint32(2*32*parameters)), at)
	CMPQ(at, period)
	JLT(LabelRef("on"))
	XORQ(at, at)
	Label("on")
	SUBQ(Imm(8), count)
	JNE(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// fixedPoint is TFLite's rule: times a significand, shifted right, ties up; then shifted
// right again, ties away from zero. Arithmetic shifts are logical ones of what is 2^63
// too much. Parameters: significand, half and 2^63, shift, what is too much then; half,
// shift.
func fixedPoint(v reg.VecVirtual, parameter func(i int) Mem) {
	VPMULDQ(parameter(0), v, v)
	VPADDQ(parameter(1), v, v)
	VPSRLVQ(parameter(2), v, v)
	VPSUBQ(parameter(3), v, v)
	negative := YMM()
	VPXOR(negative, negative, negative)
	VPCMPGTQ(v, negative, negative)
	VPXOR(negative, v, v)
	VPSUBQ(negative, v, v)
	VPADDQ(parameter(4), v, v)
	VPSRLVQ(parameter(5), v, v)
	VPXOR(negative, v, v)
	VPSUBQ(negative, v, v)
}

// shifts is a power of two, half to even: the lowest bit of the quotient lifts ties above odd
// ones. Parameters: just under half and 2^63, the bit, shift, what is too much then.
func shifts(v reg.VecVirtual, parameter func(i int) Mem) {
	odd := YMM()
	VPSRLVQ(parameter(2), v, odd)
	VPAND(parameter(1), odd, odd)
	VPADDQ(odd, v, v)
	VPADDQ(parameter(0), v, v)
	VPSRLVQ(parameter(2), v, v)
	VPSUBQ(parameter(3), v, v)
}

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
	zip := func(low, high func(...Op), rows []reg.VecVirtual) []reg.VecVirtual {
		var out []reg.VecVirtual
		for i := range 4 {
			a, b := XMM(), XMM()
			low(rows[i+4], rows[i], a)
			high(rows[i+4], rows[i], b)
			out = append(out, a, b)
		}
		return out
	}
	bytesLow, bytesHigh := func(o ...Op) { VPUNPCKLBW(o[0], o[1], o[2]) }, func(o ...Op) { VPUNPCKHBW(o[0], o[1], o[2]) }
	for range 3 { // each step moves one bit of the row's number behind the column's
		rows = zip(bytesLow, bytesHigh, rows)
	}
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
