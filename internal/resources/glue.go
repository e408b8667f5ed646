package resources

// Reduction makes one value of several: a pooling stage, an adder.
type Reduction struct {
	Lanes    int  // results made side by side
	Operands int  // of a result, that come in a cycle
	Beats    int  // cycles over which a result is gathered; 0: the result is a wire's, kept nowhere
	Bits     int  // of a result
	Compare  bool // the greatest one is taken, else they are added up
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
	return a.Times(r.Lanes).Plus(counter(r.Beats))
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

// Cost is a choice of the inputs and a register with its valid bit per output,
// and the counter of whose turn it is.
//
// Source: counted; one LUT is a 4:1 multiplexer: it adds three inputs to one.
func (t Turns) Cost(Device) Amount {
	choice := Amount{LUT: t.BeatBits * ceilDiv(t.Inputs-1, 1<<muxSelectsPerLUT-1)}
	return choice.Plus(Amount{FF: t.Outputs * (t.BeatBits + 1)}).Plus(counter(t.Beats))
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

// Cost is a register of a wide beat, and of a narrow one behind or before it.
// Parted beats are shifted out, for which each bit but the last part's chooses
// between its neighbour and what comes.
//
// Source: counted from finn-rtllib/dwc/hdl/dwc.sv.
func (v Converter) Cost(Device) Amount {
	wide := v.NarrowBits * v.Parts
	a := Amount{FF: wide + v.NarrowBits + 2}
	if !v.Up {
		a.LUT = ceilDiv(wide-v.NarrowBits, 2)
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

// Cost is the memory, the counters of both sides and the output register.
func (b Batch) Cost(Device) Amount {
	return b.Store.Cost().Plus(counter(b.Taken)).Plus(counter(b.Handed)).Plus(Amount{FF: b.OutputBeatBits + 1})
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
