package stepsim

// run is a chain in motion.
type run struct {
	chain        Chain
	blocks       []block
	valid, ready []bool // per edge
	edges        []Edge
	processes    []Process
	names        []Name   // of this cycle, per process
	slots        [][]Name // per stage: its part of names
	fifos        []FIFOStats
	total        Cycle
}

func newRun(c Chain, beats []int) *run {
	r := &run{chain: c, valid: make([]bool, len(beats)), ready: make([]bool, len(beats))}
	for _, n := range beats {
		r.edges = append(r.edges, Edge{FrameBeats: n})
	}
	for i, s := range c.Stages {
		in, out := 0, 0
		if i > 0 {
			in = beats[i-1]
		}
		if i < len(beats) {
			out = beats[i]
		}
		r.blocks = append(r.blocks, s.start(c.frames(), in, out))
		for _, k := range s.kinds() {
			r.processes = append(r.processes, Process{Stage: i, Kind: k})
		}
		if f, ok := s.(FIFO); ok {
			r.fifos = append(r.fifos, FIFOStats{Stage: i, Depth: f.Depth})
		}
	}
	r.cutNames()
	return r
}

// cutNames gives each stage its part of the names of a cycle.
func (r *run) cutNames() {
	r.names = make([]Name, len(r.processes))
	rest := r.names
	for _, s := range r.chain.Stages {
		n := len(s.kinds())
		r.slots = append(r.slots, rest[:n])
		rest = rest[n:]
	}
}

// steps runs cycle after cycle until the last beat has left.
func (r *run) steps(maxCycles Cycle) error {
	last := &r.edges[len(r.edges)-1]
	goal := int64(r.chain.frames()) * int64(last.FrameBeats)
	for last.Beats < goal {
		if r.total == maxCycles {
			return r.stuck(false)
		}
		moved := r.cycle(r.total)
		r.total++
		if !moved {
			return r.stuck(true)
		}
	}
	return nil
}

// cycle does the three phases of cycle t and reports whether anything moved or a shut gate may open again.
func (r *run) cycle(t Cycle) (moved bool) {
	for i := range r.fifos {
		f := &r.fifos[i]
		f.count(r.occupancy(f.Stage))
	}
	r.validPhase(t)
	r.readyPhase()
	for i, b := range r.blocks {
		moved = b.commit(r.wiresOf(i), r.slots[i]) || moved
	}
	r.record(t)
	return moved
}

func (r *run) occupancy(stage int) int {
	return r.blocks[stage].(interface{ occupancy() int }).occupancy()
}

func (r *run) validPhase(t Cycle) {
	valid := false
	for i, b := range r.blocks {
		valid = b.offer(t, valid)
		if i < len(r.valid) {
			r.valid[i] = valid
		}
	}
}

func (r *run) readyPhase() {
	ready := false
	for i := len(r.ready) - 1; i >= 0; i-- {
		ready = r.blocks[i+1].accept(r.valid[i], ready)
		r.ready[i] = ready
	}
}

func (r *run) wiresOf(stage int) wires {
	var w wires
	if stage > 0 {
		w.inValid, w.inReady = r.valid[stage-1], r.ready[stage-1]
	}
	if stage < len(r.valid) {
		w.outValid, w.outReady = r.valid[stage], r.ready[stage]
	}
	return w
}

func (r *run) record(t Cycle) {
	for i := range r.edges {
		if r.valid[i] && r.ready[i] {
			r.edges[i].count(t, r.chain.Handshakes)
		}
	}
	for i := range r.processes {
		r.processes[i].count(r.names[i], r.chain.Timelines)
	}
}

func (r *run) result() Result {
	return Result{Total: r.total, Edges: r.edges, Processes: r.processes, FIFOs: r.fifos}
}
