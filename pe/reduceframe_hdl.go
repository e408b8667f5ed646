package pe

import (
	"fmt"

	"github.com/convsim/convsim/internal/hdl"
)

// The numbers of convsim_combine.
const (
	combineSum          = 0
	combineGreater      = 3
	combineFloatSum     = 5
	combineFloatGreater = 7
)

// Module is the stage with its accumulators.
func (r ReduceFrame) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_reduce_frame"}
	if n := r.In.Frame(); n > mostBuilt {
		return m, fmt.Errorf("frames of %d beats; allowed: %d", n, mostBuilt)
	}
	_, out := r.Streams()
	how := map[Reduction]int{Max: combineGreater, Sum: combineSum}
	if r.In.Elem.IsFloat() {
		how = map[Reduction]int{Max: combineFloatGreater, Sum: combineFloatSum}
	}
	m.Int("LANES", r.In.Lanes)
	m.Int("PIXELS", int(r.In.Rows*r.In.Pixels))
	m.Int("FOLDS", int(r.In.Beats))
	m.Elements("IB", "ISIGNED", r.In.Elem)
	m.Int("OB", out[0].Elem.Bits())
	m.Int("HOW", how[r.How])
	return m, nil
}
