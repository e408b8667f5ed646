package sim

import (
	"errors"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/resources"
	"github.com/convsim/convsim/sched"
)

// padBuffers are what the padding stage keeps: nothing for zeros, else the beats
// it shows again.
func (d *Design) padBuffers() []resources.Buffer {
	s := d.Fold.Shape
	if s.Pad == (conv.Sides{}) || s.PaddingMode == conv.Zeros {
		return nil
	}
	return []resources.Buffer{{Name: "pad", Depth: int(d.Fold.PadReads().Depth()), WidthBits: d.inputBits(), Kind: resources.RAM}}
}

// windowBuffers are the line buffers and window registers.
func (d *Design) windowBuffers() []resources.Buffer {
	f, s := d.Fold, d.Fold.Shape
	if f.Style == sched.Serial {
		depth := int64(d.Hardware.Window.BufferDepth)
		if depth == 0 {
			depth = f.WindowDepth()
		}
		return []resources.Buffer{{Name: "linebuffer", Depth: int(depth), WidthBits: d.inputBits(), Kind: resources.RAM}}
	}
	cf, extent := int(f.PixelBeats()), s.KernelExtent()
	newest := (extent.W-1)*cf + 1
	buffers := []resources.Buffer{{Name: "window", Depth: newest + (s.Kernel.H-1)*extent.W*cf,
		WidthBits: d.inputBits(), Kind: resources.Registers}}
	line := (s.PaddedWidth() - extent.W + s.PaddedWidth()*(s.Dilation.H-1)) * cf
	if s.Kernel.H > 1 && line > 0 {
		for range s.Kernel.H - 1 {
			buffers = append(buffers, resources.Buffer{Name: "linebuffer", Depth: line, WidthBits: d.inputBits(), Kind: resources.RAM})
		}
	}
	return buffers
}

// inputBits is the width of an input beat.
func (d *Design) inputBits() int { return d.Fold.InLanes() * d.Layer.DType.Input.Bits() }

func (d *Design) resourceArray() resources.Array {
	f := d.Fold
	return resources.Array{PE: f.Array.PE, SIMD: f.SumLanes(), GroupParallel: f.Array.GroupParallel,
		SF: f.VectorBeats(), NF: f.OutFolds, GroupFolds: f.GroupFolds,
		WeightBits: d.Layer.DType.Weight.Bits(), InputBits: d.Layer.DType.Input.Bits(),
		AccumulatorBits: d.Hardware.Accumulator.Bits, SignedInput: d.signedInput(), Latency: d.ArrayLatency()}
}

func (d *Design) signedInput() bool {
	if d.Layer.DType.Input.IsFloat() {
		return true
	}
	lo, _ := d.Layer.DType.Input.Range()
	return lo < 0
}

// weightMemory holds all weights on chip, one word per cycle.
func (d *Design) weightMemory() resources.Memory {
	return d.resourceArray().WeightMemory(resources.Auto)
}

// BufferUse is one memory of the design.
type BufferUse struct {
	Name      string `json:"name"`
	Depth     int64  `json:"depth"` // words
	WidthBits int64  `json:"width_bits"`
	Bits      int64  `json:"bits"`
	BRAM18    int    `json:"bram18"` // 18 Kb block RAMs; 0 when it is made of LUTs or registers
}

// buffers lists the memories of the design in stream order.
func (d *Design) buffers() []BufferUse {
	var uses []BufferUse
	add := func(name string, depth, width int, cost resources.Amount) {
		uses = append(uses, BufferUse{Name: name, Depth: int64(depth), WidthBits: int64(width),
			Bits: int64(depth) * int64(width), BRAM18: cost.BRAM18})
	}
	for _, b := range append(d.padBuffers(), d.windowBuffers()...) {
		if n := len(uses); n > 0 && uses[n-1].Name == b.Name {
			uses[n-1].Depth += int64(b.Depth)
			uses[n-1].Bits += int64(b.Depth) * int64(b.WidthBits)
			uses[n-1].BRAM18 += b.Cost().BRAM18
			continue
		}
		add(b.Name, b.Depth, b.WidthBits, b.Cost())
	}
	if d.Fold.OutFolds > 1 {
		width := d.Fold.WindowLanes() * d.Layer.DType.Input.Bits()
		b := resources.Buffer{Depth: pe.ReplayDepth(d.Fold.VectorBeats()), WidthBits: width, Kind: resources.ShiftRegister}
		add("replay", b.Depth, width, b.Cost())
	}
	w := d.weightMemory()
	add("weights", w.Words, w.WordBits, w.Cost())
	return uses
}

// Resources estimates what the design costs on an FPGA.
func (d *Design) Resources() (resources.Report, error) {
	r, err := d.resourceDesign()
	if err != nil {
		return resources.Report{}, err
	}
	return resources.Estimate(r), nil
}

func (d *Design) resourceDesign() (resources.Design, error) {
	f, s := d.Fold, d.Fold.Shape
	if d.Layer.DType.Input.IsFloat() {
		return resources.Design{}, errors.New("arrays of floating-point numbers have no resource model")
	}
	r := resources.Design{Multiplier: d.Hardware.DSPKind(), ClockMHz: d.Hardware.ClockMHz,
		Window: &resources.Window{Buffers: d.windowBuffers()}, Array: d.resourceArray(), Weights: d.weightMemory()}
	if s.Pad != (conv.Sides{}) {
		r.Pad = &resources.Pad{BeatBits: d.inputBits(), FrameBeats: int(f.PaddedBeats()), Buffers: d.padBuffers()}
	}
	if q := d.Layer.Requantize; q != nil {
		r.Requantize = &resources.Requantize{Rule: resources.Multiply, Lanes: f.OutLanes(), InputBits: d.Hardware.Accumulator.Bits,
			OutputBits: q.DType.Bits(), MultiplierBits: requantizeMultiplierBits, ParamWords: f.OutFolds * f.GroupFolds}
		if q.Rule == configs.Shift {
			r.Requantize.Rule = resources.PowerOfTwo
			r.Requantize.MultiplierBits = 0
		}
		if s.Bias {
			r.Requantize.BiasBits = d.Layer.DType.Accumulator.Bits()
		}
	}
	for _, e := range d.Plan.Edges {
		r.FIFOs = append(r.FIFOs, resources.FIFO{Name: e.Name, Depth: e.Depth, WidthBits: e.Stream.Bits()})
	}
	return r, r.Validate()
}

// requantizeMultiplierBits is the width of a requantiser's scale: the mantissa
// of a float32.
const requantizeMultiplierBits = 24

// Fit adds to the report how much of a board the design takes.
func (o *Outcome) Fit(hw *configs.Hardware, layer *configs.Layer, b resources.Board) error {
	d, err := NewDesign(hw, layer)
	if err != nil {
		return err
	}
	cost, err := d.Resources()
	if err != nil {
		return err
	}
	fit := resources.Fits(cost, b)
	fit.AddTraffic(float64(d.EnergyCounts().DRAMBytes)*o.Report.FPS, b)
	if w := hw.SetAside(); w != "" {
		fit.Warnings = append(fit.Warnings, w)
	}
	o.Report.Board, o.Report.CostByStage = &fit, cost.Rows
	return nil
}
