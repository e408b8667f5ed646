package wiring

import "github.com/convsim/convsim/internal/hdl"

// Module is the fork of its style.
func (f Fork) Module(hdl.Constants) (hdl.Module, error) {
	if f.Style == Tap {
		m := hdl.Module{Name: "convsim_tap", Style: hdl.Parted}
		m.Int("WIDTH", f.Stream.Bits())
		return m, nil
	}
	m := hdl.Module{Name: "convsim_fork", Style: hdl.Forked}
	m.Int("N", f.Branches)
	m.Flag("STYLE", f.Style == AllOrNothing)
	return m, nil
}
