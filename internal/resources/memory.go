package resources

// blockRAM returns a memory of block RAM: of the aspect ratios the one that takes the
// fewest blocks, of those the shallowest pile. Two blocks of a pile are a RAMB36; more
// need a choice of what they give, and a register of which one was read.
//
// Source: UG573, table 1-10; how Yosys maps memories.
func blockRAM(depth, width int) Amount {
	if depth == 0 || width == 0 {
		return Amount{}
	}
	blocks, pile := 0, 0
	for _, s := range bramShapes {
		high := ceilDiv(depth, s.depth)
		if n := high * ceilDiv(width, s.width); blocks == 0 || n < blocks || n == blocks && high < pile {
			blocks, pile = n, high
		}
	}
	a := Amount{BRAM18: blocks}
	if pile > 2 {
		a.LUT, a.FF = width*choiceLUT(pile), ceilLog2(pile)
	}
	return a
}

// choiceLUT returns the LUTs a bit that choose one of n: a LUT does for four, and
// what is wider takes some for each of two select bits more.
//
// Source: UG474, UG574; counted of what Yosys makes.
func choiceLUT(n int) int {
	switch {
	case n <= 1:
		return 0
	case n <= 1<<muxSelectsPerLUT:
		return 1
	}
	return 1 << muxSelectsPerLUT
}

// lutRAM returns a memory of LUTs that is written and read at once at different
// places: eight LUTs hold 32 words of 14 bits or 64 of 7.
//
// Source: UG574, RAM32M16 and RAM64M8.
func lutRAM(depth, width int) int {
	switch {
	case depth == 0:
		return 0
	case depth <= lutramShallow:
		return lutramLUTs * ceilDiv(width, 2*lutramBits)
	}
	banks := ceilDiv(depth, 2*lutramShallow)
	return banks*lutramLUTs*ceilDiv(width, lutramBits) + width*ceilDiv(banks-1, 1<<muxSelectsPerLUT-1)
}

// lutROM returns constants in LUTs, read through a register. Of few words there are
// few different columns: each is made once.
//
// Source: UG474, UG574: a LUT is a table of 64 entries of one bit.
func lutROM(depth, width int) Amount {
	const all = 20 // words of which no two columns are alike
	if depth <= 1 {
		return Amount{}
	}
	if depth < all {
		width = min(width, 1<<depth-2)
	}
	return Amount{LUT: width * ceilDiv(depth, lutEntries), FF: width}
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

// styleOf is what a memory is made of where nothing is asked for.
func styleOf(style RAMStyle, depth, width int) RAMStyle {
	switch {
	case style != Auto:
		return style
	case isSmall(depth, width):
		return LUTRAM
	}
	return Block
}

// Store is what the constants take by themselves, with the register behind those in
// LUTs.
func (m Memory) Store() Amount {
	switch styleOf(m.Style, m.Words, m.WordBits) {
	case LUTRAM:
		return lutROM(m.Words, m.WordBits)
	case Ultra:
		return Amount{URAM: uram(m.Words, m.WordBits)}
	}
	return blockRAM(m.Words, m.WordBits)
}

// Cost is what the buffer takes. A block RAM has the register of what was read in it.
func (b Buffer) Cost() Amount {
	if b.Kind == Registers {
		return Amount{FF: b.Depth * b.WidthBits}
	}
	switch styleOf(b.Style, b.Depth, b.WidthBits) {
	case LUTRAM:
		return Amount{LUT: lutRAM(b.Depth, b.WidthBits), FF: b.WidthBits}
	case Ultra:
		return Amount{URAM: uram(b.Depth, b.WidthBits)}
	}
	return blockRAM(b.Depth, b.WidthBits)
}
