package resources

// Cost is two beat registers with their valid bits, one LUT per bit to choose
// between them and the padding, and a counter.
//
// Source: counted from finn-rtllib/fmpadding/hdl/fmpadding.sv.
func (p Pad) Cost(Device) Amount {
	a := Amount{LUT: p.BeatBits, FF: padRegisters * (p.BeatBits + 1)}
	return a.Plus(counter(p.FrameBeats)).Plus(buffersAmount(p.Buffers))
}

// Cost is the control and the memories.
//
// Source: SWG lut_estimation, 300 plus its memory.
func (w Window) Cost(Device) Amount {
	control := Amount{LUT: windowControlLUT, FF: windowControlLUT * controlFFPerLUT}
	return control.Plus(buffersAmount(w.Buffers))
}

func buffersAmount(buffers []Buffer) Amount {
	var sum Amount
	for _, b := range buffers {
		sum = sum.Plus(b.Cost())
	}
	return sum
}

// Cost is the store, the choice between it and what comes, and the counter.
//
// Source: finn-rtllib/mvu/replay_buffer.sv: a shift register of SF beats, one
// 2:1 choice per bit, one counter over both loops.
func (r Replay) Cost(Device) Amount {
	store := Buffer{Depth: r.Beats, WidthBits: r.WidthBits, Kind: ShiftRegister}.Cost()
	return store.Plus(Amount{LUT: ceilDiv(r.WidthBits, 2)}).Plus(counter(r.Beats * r.Passes))
}

// Cost is a ring of words with its address and output register.
//
// Source: FINN-R; counter and register counted from finn-rtllib/memstream.
func (m Memory) Cost(Device) Amount {
	return m.Store().Plus(counter(m.Words)).Plus(Amount{FF: m.WordBits})
}

// Cost is that of all lanes and of the parameters.
func (q Requantize) Cost(d Device) Amount {
	a := requantizeLane(d.DSP, q).Times(q.Lanes)
	if q.ParamWords > 1 {
		a = a.Plus(Memory{q.ParamWords, q.Lanes * q.paramBits(), q.ParamStyle}.Cost(d))
	}
	return a
}

// paramBits returns the parameter bits of one channel.
func (q Requantize) paramBits() int {
	n := q.BiasBits + q.ShiftBits
	if q.Rule == Multiply {
		n += q.MultiplierBits
	}
	return n
}

// requantizeLane returns one lane: adders and shifters as wide as the
// accumulator, each step registered. A DSP slice registers its product itself.
//
// Source: counted; the steps are those of FINN's requant (finn-rtllib/requant).
func requantizeLane(kind DSPKind, q Requantize) Amount {
	a := Amount{LUT: clampLUT(q.InputBits, q.OutputBits), FF: q.OutputBits}
	if q.BiasBits > 0 {
		a = a.Plus(Amount{LUT: q.InputBits * adderLUTPerBit, FF: q.InputBits})
	}
	if q.Rule == Multiply {
		a = a.Plus(scaler(kind, q.InputBits, q.MultiplierBits))
	}
	if q.Rule != NoScaling {
		a.LUT += q.InputBits*adderLUTPerBit + barrelShiftLUT(q.InputBits, q.ShiftBits)
		a.FF += q.InputBits
	}
	return a
}

// scaler returns a multiplier of its own: a 32 x 24 bit one is two DSP48.
func scaler(kind DSPKind, a, b int) Amount {
	if kind == LUTMult {
		return Amount{LUT: multiplierLUT(a, b), FF: a + b}
	}
	return Amount{DSP: multiplierDSP(kind, a, b)}
}
