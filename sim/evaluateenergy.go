package sim

import (
	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/resources"
	"github.com/convsim/convsim/sched"
)

// EnergyCounts counts the work and the accesses of one inference: one image
// through the design, weights already on chip, input and output in DRAM.
func (d *Design) EnergyCounts() resources.Counts {
	s, t := d.Fold.Shape, d.Layer.DType
	s.Batch = 1
	c := resources.Counts{MACs: s.MACs(), WeightBits: t.Weight.Bits(), InputBits: t.Input.Bits(),
		AccumulatorBits: d.Hardware.Accumulator.Bits, Float: t.Input.IsFloat(),
		DRAMBytes: (s.InputElements()*int64(t.Input.Bits()) + s.OutputElements()*int64(t.Output.Bits()) + 7) / 8,
		Memories:  d.memoryAccesses()}
	if q := d.Layer.Requantize; q != nil && q.Rule != configs.Shift {
		c.Requantizations, c.MultiplierBits = s.OutputElements(), requantizeMultiplierBits
	}
	for _, e := range d.Plan.Edges {
		if e.Depth > 0 {
			stream := e.Stream
			c.FIFOs = append(c.FIFOs, resources.FIFOTraffic{Name: e.Name, Depth: e.Depth, WidthBits: stream.Bits(),
				Pushes: stream.Frame(), Pops: stream.Frame()})
		}
	}
	return c
}

// memoryAccesses counts the uses of the addressed memories and of the replay
// buffer; the registers of a parallel window are part of its taps.
func (d *Design) memoryAccesses() []resources.MemoryAccess {
	f := d.Fold
	var list []resources.MemoryAccess
	for _, b := range d.padBuffers() {
		list = append(list, access(b, f.PaddedBeats(), f.InputBeats()))
	}
	for _, b := range d.windowBuffers() {
		switch {
		case b.Kind == resources.Registers:
		case f.Style == sched.Serial:
			list = append(list, access(b, f.WindowBeats(), f.PaddedBeats()))
		default:
			list = append(list, access(b, f.PaddedBeats(), f.PaddedBeats()))
		}
	}
	if f.OutFolds > 1 {
		replay := resources.Buffer{Name: "replay", Depth: f.VectorBeats(), WidthBits: f.WindowLanes() * d.Layer.DType.Input.Bits()}
		list = append(list, access(replay, f.ComputeCycles(), f.WindowBeats()))
	}
	w := d.weightMemory()
	return append(list, access(resources.Buffer{Name: "weights", Depth: w.Words, WidthBits: w.WordBits}, f.ComputeCycles(), 0))
}

func access(b resources.Buffer, reads, writes int64) resources.MemoryAccess {
	return resources.MemoryAccess{Name: b.Name, MemoryBits: b.Depth * b.WidthBits, WidthBits: b.WidthBits, Reads: reads, Writes: writes}
}
