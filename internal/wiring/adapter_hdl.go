package wiring

import (
	"fmt"

	"github.com/convsim/convsim/internal/hdl"
)

// mostAdapted is how many beats of a frame an adapter counts.
const mostAdapted = 1 << 28

// Module is the adapter, up or down.
func (a Adapter) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_adapter_up"}
	if n := max(a.In.Frame(), a.Out.Frame()); n > mostAdapted {
		return m, fmt.Errorf("frames of %d beats; allowed: %d", n, mostAdapted)
	}
	m.Int("WIDTH", min(a.In.Bits(), a.Out.Bits()))
	m.Int("K", int(a.ratio()))
	m.Int("FRAME", int(a.In.Frame()))
	if a.In.Lanes > a.Out.Lanes {
		m.Name = "convsim_adapter_down"
		m.Int("LAST", int(a.lastParts()))
	}
	return m, nil
}
