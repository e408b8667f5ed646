package sim

import (
	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
)

// BufferUse is one memory of the design.
type BufferUse struct {
	Name      string `json:"name"`
	Depth     int64  `json:"depth"` // words
	WidthBits int64  `json:"width_bits"`
	Bits      int64  `json:"bits"`
	BRAM18    int    `json:"bram18"` // 18 Kb block RAMs; 0 when it is made of LUTs or registers
}

// Bill is what the design costs on an FPGA, and the work of one image.
func (d *Design) Bill() *resources.Bill {
	return resources.Price(d.Plan, resources.Device{DSP: d.Hardware.DSPKind(), ClockMHz: d.Hardware.ClockMHz})
}

// buffers lists memories in stream order; those of one name that lie beside each
// other are one.
func buffers(memories []resources.MemoryUse) []BufferUse {
	var uses []BufferUse
	for _, m := range memories {
		u := BufferUse{Name: m.Name, Depth: int64(m.Words), WidthBits: int64(m.WidthBits), Bits: int64(m.Words) * int64(m.WidthBits),
			BRAM18: m.Cost.BRAM18}
		if n := len(uses); n > 0 && uses[n-1].Name == u.Name {
			last := &uses[n-1]
			last.Depth, last.Bits, last.BRAM18 = last.Depth+u.Depth, last.Bits+u.Bits, last.BRAM18+u.BRAM18
			continue
		}
		uses = append(uses, u)
	}
	return uses
}

// Fit adds to the report how much of a board the design takes.
func (o *Outcome) Fit(hw *configs.Hardware, layer *configs.Layer, b resources.Board) error {
	d, err := NewDesign(hw, layer)
	if err != nil {
		return err
	}
	bill := d.Bill()
	cost, err := bill.Report()
	if err != nil {
		return err
	}
	fit := resources.Fits(cost, b)
	fit.AddTraffic(float64(bill.DRAMBytes())*o.Report.FPS, b)
	if w := hw.SetAside(); w != "" {
		fit.Warnings = append(fit.Warnings, w)
	}
	o.Report.Board, o.Report.CostByStage = &fit, cost.Rows
	return nil
}
