package resources

// Cost is all arrays, their control and the queue that catches results in flight
// when the sink stalls.
//
// Source: FINN-R, 300 + 1.1*P*(mult + tree + acc), rounded down as FINN does.
// Thresholds are not counted here: the outputs go to a requantise stage.
func (a Array) Cost(d Device) Amount {
	a.Bias = false // what a bias takes is part of what reads the sums
	kind, lanes := d.DSP, a.PE*a.GroupParallel
	arithmetic := lanes * laneLUT(kind, a)
	return Amount{
		DSP: a.GroupParallel * arrayDSP(kind, a),
		LUT: arrayControlLUT + arithmetic*arrayOverheadNum/arrayOverheadDen,
		FF:  arrayControlLUT*controlFFPerLUT + lanes*laneFF(kind, a) + delayFF(kind, a),
	}.Plus(srlFIFO(QueueDepth(a.latency(kind)), lanes*a.RegisterBits()))
}

// laneLUT returns the arithmetic of one PE that is made of LUTs. A DSP58
// cascade sums and accumulates inside the slices.
func laneLUT(kind DSPKind, a Array) int {
	if usesDot(kind, a.WeightBits, a.InputBits) {
		return 0
	}
	n := adderTreeLUT(a.SIMD, a.productBits()) + a.RegisterBits()*adderLUTPerBit
	if kind == LUTMult {
		n += a.SIMD * multiplierLUT(a.WeightBits, a.InputBits)
	}
	return n
}

// laneFF returns the registers of one PE outside the DSP slices: tree,
// accumulator, and products made of LUTs.
//
// Source: counted; no tool estimates flip-flops.
func laneFF(kind DSPKind, a Array) int {
	if usesDot(kind, a.WeightBits, a.InputBits) {
		return 0
	}
	n := adderTreeFF(a.SIMD, a.productBits(), a.treeRegisters(kind)) + a.RegisterBits()
	if kind == LUTMult {
		n += a.SIMD * a.productBits()
	}
	return n
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

func (a Array) productBits() int { return a.WeightBits + a.InputBits }

// RegisterBits is how wide the register of a sum is: what it needs, or the declared
// width if that is narrower, or if a bias may take all of it.
func (a Array) RegisterBits() int {
	if a.Bias {
		return a.AccumulatorBits
	}
	return accumulatorBits(a.AccumulatorBits, a.SF*a.SIMD, a.WeightBits, a.InputBits, a.SignedInput)
}
