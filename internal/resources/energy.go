package resources

// FIFOTraffic is how often one FIFO is used.
type FIFOTraffic struct {
	Name             string
	Depth, WidthBits int
	Pushes, Pops     int64
}

// EnergyPart is one line of the breakdown.
type EnergyPart struct {
	Part  string  `json:"part"`
	PJ    float64 `json:"pj"`
	Share float64 `json:"share"` // of the total, 0..1
}

// Energy is the relative energy of one inference in picojoules.
type Energy struct {
	Table   string       `json:"table"`
	TotalPJ float64      `json:"total_pj"`
	Parts   []EnergyPart `json:"parts"`
}

// Inference returns the energy of one frame's work: weights are on chip, input
// and output in DRAM.
//
// It ranks designs; it does not predict a power meter. The table is of another
// process than an FPGA's, routing, clock and leakage are left out, and a LUT
// costs a multiple of the gate it replaces; what carries over is how much more
// a DRAM byte costs than an SRAM word, and that than a multiplication.
func (t EnergyTable) Inference(b *Bill) Energy {
	e := Energy{Table: t.Name}
	for _, o := range b.Operations {
		e.add(o.Part, float64(o.Count)*t.operation(o))
	}
	for _, m := range b.Memories {
		if m.Reads+m.Writes > 0 {
			e.add(m.Name, float64(m.Reads+m.Writes)*t.sram(m.reach(), m.WidthBits))
		}
	}
	for _, f := range b.FIFOs {
		e.add("fifo "+f.Name, float64(f.Pushes+f.Pops)*t.sram(f.Depth*f.WidthBits, f.WidthBits))
	}
	e.add("dram", float64(b.DRAMBytes())*t.dram())
	e.share()
	return e
}

// operation is the energy of a single one.
func (t EnergyTable) operation(o Operation) float64 {
	if o.B == 0 {
		return t.add(o.A, o.Float)
	}
	return t.multiply(o.A, o.B, o.Float)
}

func (m MemoryUse) reach() int {
	if m.Reach > 0 {
		return m.Reach
	}
	return m.Words * m.WidthBits
}

func (e *Energy) add(part string, pj float64) {
	e.Parts = append(e.Parts, EnergyPart{Part: part, PJ: pj})
	e.TotalPJ += pj
}

func (e *Energy) share() {
	if e.TotalPJ == 0 {
		return
	}
	for i := range e.Parts {
		e.Parts[i].Share = e.Parts[i].PJ / e.TotalPJ
	}
}
