package resources

// Row is what one stage costs.
type Row struct {
	Stage string `json:"stage"`
	Amount
}

// Report is what a design costs, by stage in stream order, FIFOs last.
type Report struct {
	Multiplier DSPKind `json:"multiplier"`
	ClockMHz   float64 `json:"clock_mhz"`
	Rows       []Row   `json:"stages"`
	Total      Amount  `json:"total"`

	Slow string `json:"-"` // what is too slow for the clock, with the remedy
}

// Estimate returns what the design costs. The design must be valid: Estimate
// panics on one that Design.Validate refuses.
func Estimate(d Design) Report {
	if err := d.Validate(); err != nil {
		panic("resources: " + err.Error())
	}
	r := Report{Multiplier: d.Multiplier, ClockMHz: d.ClockMHz, Slow: d.tooSlow()}
	if d.Pad != nil {
		r.add("pad", padAmount(*d.Pad))
	}
	if d.Window != nil {
		r.add("window", windowAmount(*d.Window))
	}
	if d.Array.NF > 1 {
		r.add("replay", replayAmount(d.Array))
	}
	r.add("array", arrayAmount(d.Multiplier, d.Array))
	if d.Weights.Words > 0 {
		r.add("weights", parameterMemory(d.Weights))
	}
	if d.Requantize != nil {
		r.add("requantize", requantizeAmount(d.Multiplier, *d.Requantize))
	}
	for _, f := range d.FIFOs {
		r.add("fifo "+f.Name, fifoAmount(f))
	}
	return r
}

func (r *Report) add(stage string, a Amount) {
	r.Rows = append(r.Rows, Row{stage, a})
	r.Total = r.Total.Plus(a)
}

// padAmount returns the padding stage: two beat registers with their valid
// bits, one LUT per bit to choose between them and the padding, a counter.
//
// Source: counted from finn-rtllib/fmpadding/hdl/fmpadding.sv.
func padAmount(p Pad) Amount {
	a := Amount{LUT: p.BeatBits, FF: padRegisters * (p.BeatBits + 1)}
	return a.Plus(counter(p.FrameBeats)).Plus(buffersAmount(p.Buffers))
}

// windowAmount returns the window stage.
//
// Source: SWG lut_estimation, 300 plus its memory.
func windowAmount(w Window) Amount {
	control := Amount{LUT: windowControlLUT, FF: windowControlLUT * controlFFPerLUT}
	return control.Plus(buffersAmount(w.Buffers))
}

func buffersAmount(buffers []Buffer) Amount {
	var sum Amount
	for _, b := range buffers {
		sum = sum.Plus(bufferAmount(b))
	}
	return sum
}

// replayAmount returns the buffer that keeps the input of one window while NF
// output folds read it.
//
// Source: finn-rtllib/mvu/replay_buffer.sv: a shift register of SF beats, one
// 2:1 choice per bit, one counter over both loops.
func replayAmount(a Array) Amount {
	width := a.SIMD * a.InputBits * a.GroupParallel
	if a.PrivateInput {
		width *= a.PE
	}
	store := bufferAmount(Buffer{Depth: a.SF, WidthBits: width, Kind: ShiftRegister})
	return store.Plus(Amount{LUT: ceilDiv(width, 2)}).Plus(counter(a.SF * a.NF))
}

// parameterMemory returns a ring of words with its address and output register.
//
// Source: FINN-R; counter and register counted from finn-rtllib/memstream.
func parameterMemory(m Memory) Amount {
	return wordMemory(m).Plus(counter(m.Words)).Plus(Amount{FF: m.WordBits})
}

// requantizeAmount returns the stage of bias, scaling, rounding and clamping.
func requantizeAmount(kind DSPKind, q Requantize) Amount {
	a := requantizeLane(kind, q).Times(q.Lanes)
	if q.ParamWords > 1 {
		a = a.Plus(parameterMemory(Memory{q.ParamWords, q.Lanes * q.paramBits(), q.ParamStyle}))
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
