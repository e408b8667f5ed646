package resources

// Widths of factors.
const (
	mantissaBits    = 24 // of a float32
	significandBits = 31 // of TFLite's multipliers
	int32Bits       = 32
)

// Cost is that of all lanes, of the parameters, and of what holds the results: a
// register, or behind a pipeline a queue with a count of what is under way, and the
// register.
//
// Source: counted of the emitted convsim_requantize_* and convsim_result.
func (q Requantize) Cost(d Device) Amount {
	a := q.lane(d.DSP).Times(q.Lanes)
	if q.ParamWords > 0 {
		a = a.Plus(Memory{Words: q.ParamWords, WordBits: q.Lanes * q.paramBits()}.Cost(d))
	}
	width := q.Lanes * q.OutputBits
	a = a.Plus(Amount{LUT: 2, FF: width + 1})
	if q.Latency > 1 {
		a = a.Plus(Pipe{BeatBits: width, Stages: q.Latency - 2, Places: q.Latency + 1, Within: true}.queue(d))
	}
	return a
}

// paramBits returns the parameter bits of one channel.
func (q Requantize) paramBits() int {
	lift := ceilLog2(q.Lift + 1)
	switch q.Rule {
	case Single:
		return mantissaBits + lift
	case FixedPoint:
		return significandBits + lift + ceilLog2(q.Left+1)
	}
	return max(1, lift)
}

// sumBits is how wide a sum with its sign is.
func (q Requantize) sumBits() int {
	if q.Adds {
		return int32Bits
	}
	if !q.Signed {
		return q.InputBits + 1
	}
	return q.InputBits
}

// lane returns one lane of a rule.
func (q Requantize) lane(kind DSPKind) Amount {
	switch q.Rule {
	case Single:
		return q.single(kind)
	case FixedPoint:
		return q.fixedPoint(kind)
	}
	return q.powerOfTwo()
}

// single makes the size of a sum, rounds it to 24 bits if it is longer, multiplies,
// and rounds twice.
func (q Requantize) single(kind DSPKind) Amount {
	sum, a := q.sumBits(), Amount{}
	if q.Adds {
		a.LUT += sum
	}
	if q.Signed || q.Adds {
		a.LUT += sum
	}
	if sum > mantissaBits {
		a.LUT += sum + 6*(sum-mantissaBits)
	}
	lifted := sum + q.Lift
	a.LUT += shiftLUT(lifted, q.Lift)
	a = a.Plus(scaler(kind, lifted, mantissaBits))
	product := lifted + mantissaBits
	a.LUT += 6*(q.OutputBits+1) + ceilDiv(max(0, product-q.Shift-q.OutputBits), reduceInputs) + ceilDiv(q.Shift, reduceInputs)
	return a.Plus(q.fit(q.OutputBits + 2)).Plus(q.registers(lifted+1, product+1, q.OutputBits+2))
}

// fixedPoint shifts a sum to the left, multiplies it, rounds the upper half, and
// rounds its size again.
func (q Requantize) fixedPoint(kind DSPKind) Amount {
	sum := q.sumBits() + q.Left
	a := Amount{LUT: shiftLUT(sum, q.Left)}.Plus(scaler(kind, sum-1, significandBits))
	a.LUT += 2*sum + shiftLUT(sum+q.Lift, q.Lift) + sum + q.Lift
	return a.Plus(q.fit(q.OutputBits + 2)).Plus(q.registers(sum, sum+significandBits+1, q.OutputBits+2))
}

// powerOfTwo shifts a sum to the left and rounds it at a constant place.
func (q Requantize) powerOfTwo() Amount {
	sum := q.sumBits() + q.Lift
	whole := max(2, sum-q.Shift+1)
	a := Amount{LUT: shiftLUT(sum, q.Lift) + whole + ceilDiv(q.Shift, reduceInputs)}
	return a.Plus(q.fit(whole)).Plus(q.registers(sum, whole, 0))
}

// fit adds the zero point to a number of so many bits, and limits it.
func (q Requantize) fit(width int) Amount {
	a := Amount{LUT: ceilDiv(width, reduceInputs) + 3*q.OutputBits}
	if q.Narrow {
		a.LUT += 2 * q.OutputBits
	}
	return a
}

// registers are those of the pipeline: behind the sum, the product, with all that
// there are more, and the rounding.
func (q Requantize) registers(first, second, third int) Amount {
	stages := max(0, q.Latency-2)
	a := Amount{}
	if stages > 1 {
		a.FF += first
		stages--
	}
	if stages > 1 && third > 0 {
		a.FF += third
		stages--
	}
	if stages >= shiftChain {
		return a.Plus(Amount{LUT: second})
	}
	a.FF += stages * second
	return a
}

// shiftLUT returns the LUTs that shift width bits to the left by up to most, one that
// differs by channel: a LUT is a 4:1 multiplexer.
//
// Source: counted; UG474, UG574.
func shiftLUT(width, most int) int {
	return width * ceilDiv(ceilLog2(most+1), muxSelectsPerLUT)
}

// scaler returns a multiplier of its own. Where it takes several slices, what they
// make is added up.
func scaler(kind DSPKind, a, b int) Amount {
	if kind == LUTMult {
		return Amount{LUT: multiplierLUT(a, b), FF: a + b}
	}
	p := multiplierPorts[kind]
	wide, narrow := max(a, b), min(a, b)
	if wide < p.wide && narrow < p.narrow {
		return Amount{DSP: 1}
	}
	const part = 17 // bits without a sign of either operand, where there are several
	n := ceilDiv(a, part) * ceilDiv(b, part)
	return Amount{DSP: n, LUT: a + b}
}
