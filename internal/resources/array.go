package resources

// Cost is all arrays, their control, and the queue with its register that catches
// results in flight when the sink stalls.
//
// Source: counted of the emitted convsim_array. Thresholds are not counted here: the
// outputs go to a requantise stage.
func (a Array) Cost(d Device) Amount {
	kind, lanes := d.DSP, a.PE*a.GroupParallel
	results := lanes * a.RegisterBits()
	counted, flags := counterBits([]int{a.SF}), 3*(a.latency(kind)-1)
	cost := Amount{
		DSP: a.GroupParallel * arrayDSP(kind, a),
		LUT: lanes*a.laneLUT(kind) + a.sharedLUT(kind) + 2*counted + arrayControlLUT,
		FF:  lanes*a.laneFF(kind) + a.productFF(kind) + delayFF(kind, a) + results + counted + flags + arrayControlFF,
	}
	return cost.Plus(FIFO{Depth: nextPowerOfTwo(QueueDepth(a.latency(kind))), WidthBits: results, Style: LUTRAM}.Cost(d)).Plus(a.biases())
}

// biases is the memory of the biases, a word a pass.
func (a Array) biases() Amount {
	if !a.Bias {
		return Amount{}
	}
	m := Memory{Words: a.NF * a.GroupFolds, WordBits: a.PE * a.GroupParallel * a.AccumulatorBits, Style: LUTRAM}
	return m.Cost(Device{})
}

// laneLUT returns the arithmetic of one PE that is made of LUTs: the tree, the
// accumulator, and where products are made two at once what takes them apart. A DSP58
// cascade sums and accumulates inside the slices.
func (a Array) laneLUT(kind DSPKind) int {
	if usesDot(kind, a.WeightBits, a.InputBits) {
		return 0
	}
	n := adderTreeLUT(a.SIMD, a.productBits()) + a.accumulatorLUT()
	if a.chain(kind) >= shiftChain {
		n += a.sumBits()
	}
	_, passing := a.passing(kind)
	n += passing
	if kind == LUTMult {
		n += a.SIMD * multiplierLUT(a.WeightBits, a.InputBits)
	}
	return n
}

// accumulatorLUT returns those of the accumulator: an adder, which starts from a bias
// or from nothing. One that saturates compares what it comes to with both limits, and
// again when the bias is added.
func (a Array) accumulatorLUT() int {
	n := a.RegisterBits() * adderLUTPerBit
	switch {
	case a.Saturates && a.Bias:
		return 8 * n
	case a.Saturates:
		return 4 * n
	case a.Bias:
		return 2 * n
	}
	return n
}

// sharedLUT returns the arithmetic that PEs share: taking off a zero point, and pairs
// of products, whose upper factors lose a borrow that the upper products get back on a
// carry chain alone.
func (a Array) sharedLUT(kind DSPKind) int {
	n := 0
	if a.ZeroPoint {
		n = a.GroupParallel * a.SIMD * (a.InputBits + 1)
	}
	if a.sharing(kind) > 1 {
		n += a.GroupParallel * (a.PE / 2) * a.SIMD * (a.WeightBits + 2)
	}
	return n
}

// laneFF returns the registers of one PE outside the DSP slices: tree and
// accumulator.
func (a Array) laneFF(kind DSPKind) int {
	if usesDot(kind, a.WeightBits, a.InputBits) {
		return 0
	}
	levels, behind := a.treeRegisters(kind)
	n := adderTreeFF(a.SIMD, a.productBits(), levels) + behind*a.sumBits() + a.RegisterBits()
	if chain := a.chain(kind); chain >= shiftChain {
		n -= min(chain, levels+behind) * a.sumBits()
	}
	passing, _ := a.passing(kind)
	return n - passing
}

// passing returns the registers of a value that goes past several levels of a tree for
// want of another one, and the shift register that they become.
func (a Array) passing(kind DSPKind) (ff, lut int) {
	if levels, _ := a.treeRegisters(kind); a.latency(kind) < 3 || levels < ceilLog2(a.SIMD) {
		return 0, 0
	}
	width := a.productBits()
	run, bits := 1, width
	for n := a.SIMD; n > 1; n = ceilDiv(n, 2) {
		width++
		if n%2 == 1 {
			run, bits = run+1, bits+width
			continue
		}
		if run >= shiftChain {
			ff, lut = ff+bits, lut+width-1
		}
		run, bits = 1, width
	}
	return ff, lut
}

// sumBits is how wide the sum of a tree is.
func (a Array) sumBits() int { return a.productBits() + ceilLog2(a.SIMD) }

// chain returns how many registers follow each other at the end of a tree, of which
// that of a lone product is the first one. From three on they become shift registers.
func (a Array) chain(kind DSPKind) int {
	levels, behind := a.treeRegisters(kind)
	if levels > 0 || a.SIMD == 1 && a.latency(kind) > 2 {
		behind++
	}
	return behind
}

// productFF returns the registers of the products. A slice of a DSP48E1 is found to
// hold them.
func (a Array) productFF(kind DSPKind) int {
	if usesDot(kind, a.WeightBits, a.InputBits) || kind == DSP48E1 || a.latency(kind) < 3 {
		return 0
	}
	if a.SIMD == 1 && a.chain(kind) >= shiftChain {
		return 0 // they begin the chain
	}
	pairs := 0
	if a.sharing(kind) > 1 {
		pairs = a.PE / 2
	}
	single := a.PE - 2*pairs
	apart := a.WeightBits + a.InputBits // of the lower product
	return a.GroupParallel * a.SIMD * (single*a.productBits() + pairs*(apart+a.productBits()))
}

// delayFF returns the operand registers of segmented DSP58 cascades.
func delayFF(kind DSPKind, a Array) int {
	if !usesDot(kind, a.WeightBits, a.InputBits) {
		return 0
	}
	inputs := a.InputBits
	if a.PrivateInput {
		inputs *= a.PE
	}
	return a.GroupParallel * segmentDelayFF(a.SIMD, a.segments(), a.PE*a.WeightBits+inputs)
}

// productBits is how long a product is: an activation without a sign, or less a zero
// point, takes a bit more.
func (a Array) productBits() int {
	if a.SignedInput {
		return a.WeightBits + a.InputBits
	}
	return a.WeightBits + a.InputBits + 1
}

// RegisterBits is how wide the register of a sum is: what it needs, or the declared
// width if that is narrower, or if a bias may take all of it.
func (a Array) RegisterBits() int {
	if a.Bias {
		return a.AccumulatorBits
	}
	return accumulatorBits(a.AccumulatorBits, a.SF*a.SIMD, a.WeightBits, a.InputBits, a.SignedInput)
}

// nextPowerOfTwo returns the smallest power of two >= n, for n >= 1.
func nextPowerOfTwo(n int) int { return 1 << ceilLog2(n) }
