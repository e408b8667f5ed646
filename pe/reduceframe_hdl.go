package pe

import (
	"fmt"

	"github.com/convsim/convsim/internal/hdl"
)

// The numbers of convsim_combine.
const (
	combineSum     = 0
	combineGreater = 3
)

// Module is the stage with its accumulators.
func (r ReduceFrame) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_reduce_frame"}
	if err := hdl.Integers(r.In.Elem); err != nil {
		return m, err
	}
	if n := r.In.Frame(); n > mostBuilt {
		return m, fmt.Errorf("frames of %d beats; allowed: %d", n, mostBuilt)
	}
	_, out := r.Streams()
	how := combineGreater
	if r.How == Sum {
		how = combineSum
	}
	m.Int("LANES", r.In.Lanes)
	m.Int("PIXELS", int(r.In.Rows*r.In.Pixels))
	m.Int("FOLDS", int(r.In.Beats))
	m.Elements("IB", "ISIGNED", r.In.Elem)
	m.Int("OB", out[0].Elem.Bits())
	m.Int("HOW", how)
	return m, nil
}
