package pe

import (
	"errors"

	"github.com/convsim/convsim/internal/hdl"
)

// Module is the pooling stage.
func (r Reduce) Module(hdl.Constants) (hdl.Module, error) {
	f := r.Fold
	m := hdl.Module{Name: "convsim_reduce", Out: f.OutputChannels()}
	if err := hdl.Integers(r.Elem); err != nil {
		return m, err
	}
	if r.How == Mean {
		return m, errors.New("means; allowed: the greatest element, and sums")
	}
	m.Int("LANES", f.InLanes())
	m.Int("TAPS", f.WindowLanes()/f.InLanes())
	m.Int("BEATS", f.VectorBeats())
	m.Elements("IB", "ISIGNED", r.Elem)
	m.Int("OB", r.result().Bits())
	m.Flag("SUM", r.How == Sum)
	return m, nil
}
