package pe

import (
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/internal/hdl"
)

// Module is the stage of windows, of one tap a beat, with an accumulator a channel.
func (r ReduceFrame) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_reduce"}
	if n := r.In.Frame(); n > mostBuilt {
		return m, fmt.Errorf("frames of %d beats; allowed: %d", n, mostBuilt)
	}
	m.Int("LANES", r.In.Lanes)
	m.Int("BEATS", int(r.pixels()))
	m.Int("FOLDS", int(r.In.Beats))
	r.How.module(&m, r.In.Elem)
	if r.How == Mean {
		m.Int("NB", bits.Len64(uint64(r.pixels())))
		m.Int("DIVISOR", int(r.pixels()))
	}
	return m, nil
}
