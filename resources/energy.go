package resources

// Counts is the work of one inference, as a simulation counts it.
type Counts struct {
	MACs                                   int64 // multiplications that matter: lanes idle in the last fold do nothing
	WeightBits, InputBits, AccumulatorBits int
	Float                                  bool // MACs are floating point

	Requantizations int64 // output values scaled by a multiplier; they are integers
	MultiplierBits  int

	Memories  []MemoryAccess // line buffers, weight memory, replay buffer
	FIFOs     []FIFOTraffic
	DRAMBytes int64 // read and written
}

// MemoryAccess is how often one memory is used.
type MemoryAccess struct {
	Name       string
	MemoryBits int // its size: larger memories cost more per access
	WidthBits  int // of one access
	Reads      int64
	Writes     int64
}

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

// Inference returns the energy of the counted work.
//
// It ranks designs; it does not predict a power meter. The table is of another
// process than an FPGA's, routing, clock and leakage are left out, and a LUT
// costs a multiple of the gate it replaces; what carries over is how much more
// a DRAM byte costs than an SRAM word, and that than a multiplication.
func (t EnergyTable) Inference(c Counts) Energy {
	e := Energy{Table: t.Name}
	e.add("multiply", float64(c.MACs)*t.multiply(c.WeightBits, c.InputBits, c.Float))
	e.add("accumulate", float64(c.MACs)*t.add(c.AccumulatorBits, c.Float))
	if c.Requantizations > 0 {
		e.add("requantize", float64(c.Requantizations)*t.multiply(c.AccumulatorBits, c.MultiplierBits, false))
	}
	for _, m := range c.Memories {
		e.add(m.Name, float64(m.Reads+m.Writes)*t.sram(m.MemoryBits, m.WidthBits))
	}
	for _, f := range c.FIFOs {
		e.add("fifo "+f.Name, float64(f.Pushes+f.Pops)*t.sram(f.Depth*f.WidthBits, f.WidthBits))
	}
	e.add("dram", float64(c.DRAMBytes)*t.dram())
	e.share()
	return e
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
