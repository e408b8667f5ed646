package resources

// Latencies of arrays in cycles, from the beat that completes a sum to the
// result's entering the output queue: the pipelines of FINN's cores as measured
// from their RTL (testdata/finn: mvu_cycles.csv, mvu48_cycles.csv).
const (
	dotLatency      = 3 // DSP58: the sum is made inside a cascade of slices
	treeLatency     = 4 // DSP48: plus a register for each level of the adder tree ...
	leastTreeLevels = 1 // ... and a lone product passes one too
	lutLatency      = 2 // LUTs: a register for the products, one for the sum
)

// ArrayLatency returns the pipeline depth of an array whose PEs sum simd
// products a cycle, where the design does not state it. Operand widths do not
// matter, nor how many products share a slice.
func (k DSPKind) ArrayLatency(simd int) int {
	switch k {
	case DSP58:
		return dotLatency
	case LUTMult:
		return lutLatency
	}
	return treeLatency + max(leastTreeLevels, ceilLog2(simd))
}

// ArrayQueue returns the places of the output queue of FINN's cores, which are too
// few when a vector is one beat and the sink stops; 0 for LUTs, whose core has none.
//
// Source: finn-rtllib/mvu, checked against mvu_cycles.csv and mvu48_cycles.csv: the
// rows that lose or spoil results are those that would need more.
func (k DSPKind) ArrayQueue(simd int) int {
	switch {
	case k == DSP58:
		return dotLatency + 1
	case k == LUTMult:
		return 0
	case simd == 1:
		return treeLatency + 2
	}
	return treeLatency + ceilLog2(simd+1)
}

// QueueDepth returns the places of the output queue behind an array of so many
// cycles: the results that are still on their way when the sink has stopped and
// computing stops in turn, one a cycle.
func QueueDepth(latency int) int { return latency + 2 }

// latency returns the pipeline depth stated, or else that of the kind.
func (a Array) latency(kind DSPKind) int {
	if a.Latency > 0 {
		return a.Latency
	}
	return kind.ArrayLatency(a.SIMD)
}

// treeRegisters returns how many of the last levels of the adder tree end in
// registers, and how many registers more stand behind the sum: what the latency leaves
// after the registers of products and accumulator. One alone in front of the
// accumulator stands behind the sum.
func (a Array) treeRegisters(kind DSPKind) (levels, behind int) {
	all := a.latency(kind) - 1
	if all > 1 {
		all--
	}
	levels = min(all, ceilLog2(a.SIMD))
	return levels, all - levels
}

// segments returns into how many pieces, a register between two, the latency
// cuts a cascade of DSP58 slices.
func (a Array) segments() int {
	return min(max(1, a.latency(DSP58)-dotLatency+1), ceilDiv(a.SIMD, dotLanes))
}
