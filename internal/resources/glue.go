package resources

// Reduction makes one value of several: a pooling stage, an adder.
type Reduction struct {
	Lanes    int  // results made side by side
	Operands int  // of a result, that come in a cycle
	Beats    int  // cycles over which a result is gathered; 0: the result is a wire's, kept nowhere
	Bits     int  // of a result
	Compare  bool // the greatest one is taken, else they are added up
	Turns    int  // results that are gathered in turns, in a memory; 0: one
}

// Cost is a tree of adders or comparators for the operands of a cycle, one more
// and a counter where results are gathered, and the registers of the results.
//
// Source: counted. A comparator is a carry chain, and a choice for which a LUT
// does two bits.
func (r Reduction) Cost(Device) Amount {
	node, nodes := r.Bits*adderLUTPerBit, r.Operands-1
	if r.Compare {
		node += ceilDiv(r.Bits, 2)
	}
	var a Amount
	if r.Beats > 0 {
		a.FF = r.Bits + 1
	}
	if r.Beats > 1 {
		nodes++
		a.FF += r.Bits
	}
	a.LUT = nodes * node
	if r.Turns > 0 { // what comes first is chosen; a memory stands for the register
		a.LUT += r.Bits
	}
	if r.Turns > 1 {
		a.FF -= r.Bits
		a = a.Times(r.Lanes).Plus(counter(r.Turns)).Plus(Amount{LUT: lutRAM(r.Turns, r.Bits*r.Lanes)})
	} else {
		a = a.Times(r.Lanes)
	}
	return a.Plus(counter(r.Beats)).Plus(Amount{LUT: counterLUTPerBit})
}

func (r Reduction) check(c *checks, _ Device) {
	c.within(c.stage+" lanes", r.Lanes, 1, maxArray)
	c.within(c.stage+" operands", r.Operands, 1, maxArray)
	c.within(c.stage+" beats", r.Beats, 0, maxDepth)
	c.within(c.stage+" bits", r.Bits, 1, maxOperand)
}

// Table looks a value up, in LUTs: one table a lane, since each looks up another.
type Table struct {
	Lanes   int
	Entries int
	Bits    int // of an entry
}

// Cost is the tables and the registers of what was found.
//
// Source: UG474, UG574: a LUT is a table of 64 entries of one bit.
func (t Table) Cost(Device) Amount {
	lane := Amount{LUT: t.Bits * ceilDiv(t.Entries, lutEntries), FF: t.Bits}
	return lane.Times(t.Lanes).Plus(Amount{FF: 1})
}

func (t Table) check(c *checks, _ Device) {
	c.within(c.stage+" lanes", t.Lanes, 1, maxArray)
	c.within(c.stage+" entries", t.Entries, 1, 1<<maxTableBits)
	c.within(c.stage+" bits", t.Bits, 1, maxOperand)
}

// maxTableBits is the widest operand of a Table.
const maxTableBits = 16

// Fork copies a stream.
type Fork struct {
	Branches int
	Together bool // all branches take their copies in the same cycle: nothing is kept
}

// Cost is what tells which branch has taken the beat on offer: a flag each, its
// two gates, and a LUT per six branches that says that all have.
//
// Source: counted from the rule of the eager fork.
func (f Fork) Cost(Device) Amount {
	if f.Together {
		return Amount{LUT: f.Branches + ceilDiv(f.Branches, reduceInputs)}
	}
	return Amount{LUT: 2*f.Branches + ceilDiv(f.Branches, reduceInputs), FF: f.Branches}
}

func (f Fork) check(c *checks, _ Device) { c.within(c.stage+" branches", f.Branches, 1, maxLanes) }

// Turns joins streams beat by beat in turns, or parts one.
type Turns struct {
	Inputs, Outputs int
	BeatBits        int
	Beats           int // of a round
}

// Cost is a choice of the inputs and a register with its valid bit per output, a
// register that says whose turn it is, and the counter of its beats.
//
// Source: counted of the emitted convsim_concat and convsim_split; one LUT is a 4:1
// multiplexer: it adds three inputs to one.
func (t Turns) Cost(Device) Amount {
	ways := t.Inputs + t.Outputs
	choice := Amount{LUT: t.BeatBits*ceilDiv(t.Inputs-1, 1<<muxSelectsPerLUT-1) + 3*ways}
	return choice.Plus(Amount{FF: t.Outputs*(t.BeatBits+1) + ways - 1}).Plus(counter(t.Beats))
}

func (t Turns) check(c *checks, _ Device) {
	c.within(c.stage+" inputs", t.Inputs, 1, maxLanes)
	c.within(c.stage+" outputs", t.Outputs, 1, maxLanes)
	c.within(c.stage+" beat bits", t.BeatBits, 1, maxWidth)
	c.within(c.stage+" beats", t.Beats, 1, maxDepth)
}

// Converter joins narrow beats to wide ones, or parts them.
type Converter struct {
	NarrowBits int
	Parts      int // narrow beats of a wide one
	Up         bool
}

// Cost is a register of a wide beat, and of a narrow one behind or before it, of which
// one of both is chosen. Parted beats are shifted out, for which each bit chooses
// between its neighbour and what comes.
//
// Source: counted of the emitted convsim_width_up and convsim_width_down.
func (v Converter) Cost(Device) Amount {
	wide := v.NarrowBits * v.Parts
	const control = 8
	a := Amount{LUT: v.NarrowBits + control, FF: wide + v.NarrowBits + 2}
	if !v.Up {
		a = a.Plus(Amount{LUT: wide, FF: v.NarrowBits})
	}
	return a.Plus(counter(v.Parts))
}

func (v Converter) check(c *checks, _ Device) {
	c.within(c.stage+" narrow beat bits", v.NarrowBits, 1, maxWidth)
	c.within(c.stage+" parts", v.Parts, 1, maxLanes)
}

// Product multiplies two values that both vary.
type Product struct {
	Lanes int
	Bits  int // of either
}

// Cost is a multiplier a lane.
func (p Product) Cost(d Device) Amount { return scaler(d.DSP, p.Bits, p.Bits).Times(p.Lanes) }

func (p Product) check(c *checks, _ Device) {
	c.within(c.stage+" lanes", p.Lanes, 1, maxArray)
	c.within(c.stage+" bits", p.Bits, 1, maxOperand)
}

// Batch keeps a run of beats until all of them have come.
type Batch struct {
	Store          Buffer
	Taken, Handed  int // beats of a run
	OutputBeatBits int
}

// Cost is the memory, of LUTs since it is read at once, the counters of both sides,
// and the table of places, in which beats are read, with the place in it.
//
// Source: counted of the emitted convsim_batch.
func (b Batch) Cost(Device) Amount {
	const manyPlaces = 64
	order := Memory{Words: b.Handed, WordBits: ceilLog2(b.Taken) + 1, Style: LUTRAM}
	if b.Handed > manyPlaces {
		order.Style = Block
	}
	counted := counterBits([]int{b.Taken, b.Handed}) + ceilLog2(b.Handed)
	return order.Store().Plus(Amount{LUT: lutRAM(b.Store.Depth, b.Store.WidthBits) + counted, FF: counted})
}

func (b Batch) check(c *checks, _ Device) {
	c.buffers([]Buffer{b.Store})
	c.within(c.stage+" beats taken", b.Taken, 1, maxDepth)
	c.within(c.stage+" beats handed over", b.Handed, 1, maxDepth)
	c.within(c.stage+" output beat bits", b.OutputBeatBits, 1, maxWidth)
}

// Counter counts beats and tells the last one.
type Counter struct{ States int }

// Cost is a counter.
func (n Counter) Cost(Device) Amount { return counter(n.States) }

func (n Counter) check(c *checks, _ Device) { c.within(c.stage+" states", n.States, 1, maxDepth) }

// Limit keeps values within two limits.
type Limit struct {
	Lanes                 int
	InputBits, OutputBits int
	Half                  bool // one of the limits is 0, the other one that of the type
}

// Cost is two comparisons, where limits are those of a type of the bits above it, and a
// choice, with a register; or a gate where negative values become 0.
//
// Source: counted of the emitted convsim_clip and convsim_relu.
func (l Limit) Cost(Device) Amount {
	if l.Half {
		return Amount{LUT: l.OutputBits - 1, FF: l.OutputBits - 1}.Times(l.Lanes).Plus(Amount{LUT: 2, FF: 1})
	}
	return Amount{LUT: ceilDiv(5*l.InputBits, 8) + l.OutputBits, FF: l.OutputBits}.Times(l.Lanes).Plus(Amount{LUT: 2, FF: 1})
}

func (l Limit) check(c *checks, _ Device) {
	c.within(c.stage+" lanes", l.Lanes, 1, maxArray)
	c.within(c.stage+" input bits", l.InputBits, 1, maxOperand)
	c.within(c.stage+" output bits", l.OutputBits, 1, maxOperand)
}
