package wiring

import "github.com/convsim/convsim/internal/hdl"

// Module is the converter, up or down, or of any two widths.
func (w Width) Module(hdl.Constants) (hdl.Module, error) {
	in, out := w.units()
	unit := w.In.Bits() / int(in)
	m := hdl.Module{}
	m.Int("WIDTH", unit)
	switch {
	case w.Style == Generic:
		m.Name = "convsim_width_any"
		m.Int("IN", int(in))
		m.Int("OUT", int(out))
	case in < out:
		m.Name = "convsim_width_up"
		m.Int("K", int(out))
	default:
		m.Name = "convsim_width_down"
		m.Int("K", int(in))
	}
	return m, nil
}
