package resources

// Block reports whether a FIFO is made of block RAM: where LUTs would be many.
func (f FIFO) Block() bool {
	return f.Style == Block || f.Style == Auto && f.Depth > fifoDepth && f.Depth*f.WidthBits > fifoBits
}

// Holds is how many beats the hardware of the FIFO has room for.
func (f FIFO) Holds() int { return f.Depth }

// Cost is that of an edge: the memory, the count of what is held and the two places,
// and with a latency above 1 the count of what is shown. Of block RAM a beat that is
// read just as it comes goes past the memory.
//
// Source: counted of the emitted convsim_fifo. Places that address LUT RAM are kept
// twice.
func (f FIFO) Cost(Device) Amount {
	if f.Depth == 0 {
		return Amount{}
	}
	held, place := ceilLog2(f.Depth+1), ceilLog2(f.Depth)
	a := Amount{LUT: placesLUT(f.Depth), FF: held + 3*place}
	switch {
	case f.Style == Ultra:
		a = a.Plus(Amount{URAM: uram(f.Depth, f.WidthBits), LUT: f.WidthBits, FF: f.WidthBits})
	case f.Block():
		a = a.Plus(blockRAM(f.Depth, f.WidthBits))
		a.LUT += f.WidthBits + place
		a.FF += f.WidthBits + 1 - place
	default:
		a.LUT += lutRAM(f.Depth, f.WidthBits)
	}
	if f.Latency > 1 {
		a.LUT += 3*held + 2
		a.FF += held + f.Latency - 1
	}
	return a
}

// placesLUT returns the LUTs of the counts of a FIFO.
//
// Source: counted of what Yosys makes.
func placesLUT(depth int) int {
	const most = 5 // bits from which on it makes no more
	few := [...]int{0, 4, 8, 11, 20}
	if depth < len(few) {
		return few[depth]
	}
	return 9*min(ceilLog2(depth), most) + 6
}
