package resources

// wordBRAM returns the BRAM18 of a memory read word by word: weights,
// parameters, FIFOs.
//
// Source: FINN-R, bram_estimation of matrixvectoractivation.py and streamingfifo.py.
func wordBRAM(depth, width int) int {
	switch {
	case depth == 0 || width == 0:
		return 0
	case width == 1:
		return ceilDiv(depth, 16384)
	case width == 2:
		return ceilDiv(depth, 8192)
	case width <= 4:
		return ceilDiv(depth, 4096)
	case width <= 9:
		return ceilDiv(depth, 2048)
	case width <= 18 || depth > 512:
		return ceilDiv(depth, 1024) * ceilDiv(width, 18)
	}
	return ceilDiv(depth, 512) * ceilDiv(width, 36)
}

// bufferBRAM returns the BRAM18 of a line buffer: as shallow a block as holds
// the depth, blocks side by side for the width, and above 16384 beats a
// cascade whose last step holds just the rest.
//
// Source: SWG bram_estimation. There a depth of exactly n*16384 beats counts
// its last step as empty and gets cheaper than one beat less; here it is full.
func bufferBRAM(depth, width int) int {
	full := depth / bufferMaxDepth
	rest := depth % bufferMaxDepth
	return full*width + restBRAM(rest, width)
}

func restBRAM(depth, width int) int {
	if depth == 0 {
		return 0
	}
	for _, s := range bramShapes {
		if depth <= s.depth {
			return ceilDiv(width, s.width)
		}
	}
	panic("resources: rest deeper than a BRAM18")
}

// uram returns the UltraRAM blocks of a memory.
//
// Source: FINN and fpgaConvNet, ceil(depth/4096)*ceil(width/72).
func uram(depth, width int) int { return ceilDiv(depth, uramDepth) * ceilDiv(width, uramWidth) }

// isSmall says whether a memory is left to LUTs.
//
// Source: fpgaConvNet, no block RAM if bits <= 1024 or depth <= 32.
func isSmall(depth, width int) bool {
	return depth <= smallMemoryDepth || depth*width <= smallMemoryBits
}

// distributedLUT returns the LUTs of a distributed RAM that fits perLUT words
// of one bit into a LUT.
//
// Source: FINN-R c2 = P*Q*W*ceil(WMEM/64) for weights; SWG width*ceil(depth/38) for buffers.
func distributedLUT(depth, width, perLUT int) int { return width * ceilDiv(depth, perLUT) }

// shiftLUT returns the LUTs of a shift register of depth beats.
//
// Source: UG474, UG574: a LUT is one SRL32 or two SRL16.
func shiftLUT(depth, width int) int {
	switch {
	case depth == 0:
		return 0
	case depth <= srlHalfDepth:
		return ceilDiv(width, 2)
	}
	return width * ceilDiv(depth, srlDepth)
}

// Store is what the memory takes by itself, its address and output register not
// included.
func (m Memory) Store() Amount {
	return store(m.Words, m.WordBits, m.Style, lutramWeightDepth, wordBRAM)
}

func store(depth, width int, style RAMStyle, perLUT int, bram func(depth, width int) int) Amount {
	if style == Auto {
		style = Block
		if isSmall(depth, width) {
			style = LUTRAM
		}
	}
	switch style {
	case LUTRAM:
		return Amount{LUT: distributedLUT(depth, width, perLUT)}
	case Ultra:
		return Amount{URAM: uram(depth, width)}
	}
	return Amount{BRAM18: bram(depth, width)}
}

// Cost is what the buffer takes.
func (b Buffer) Cost() Amount {
	switch b.Kind {
	case Registers:
		return Amount{FF: b.Depth * b.WidthBits}
	case ShiftRegister:
		if b.Depth == 0 {
			return Amount{}
		}
		return Amount{LUT: shiftLUT(b.Depth, b.WidthBits), FF: b.WidthBits}
	}
	return store(b.Depth, b.WidthBits, b.Style, lutramBufferDepth, bufferBRAM)
}
