package linebuffer

import (
	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/sched"
)

// Module is the ring of image beats and what shows them again.
func (u Upsample) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_upsample"}
	m.Int("WIDTH", u.In.Bits())
	factors(&m, u.In, u.SY, u.SX)
	depth := u.depth()
	m.Int("DEPTH", int(depth))
	m.Flag("BLOCK", inBlock(depth, u.In.Bits()))
	_, out := u.Streams()
	return m, sizes(out[0].Frame(), depth)
}

// Module is the stage that spreads pixels out.
func (i Insert) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_insert"}
	m.Int("WIDTH", i.In.Bits())
	m.Lanes("ZERO", i.In.Lanes, i.In.Elem, float64(i.Fill))
	m.Int("ROWS", int(i.In.Rows))
	factors(&m, i.In, i.SY, i.SX)
	_, out := i.Streams()
	return m, sizes(out[0].Frame())
}

// factors adds what both make an image larger by.
func factors(m *hdl.Module, in sched.Stream, sy, sx int) {
	m.Int("COLS", int(in.Pixels))
	m.Int("FOLDS", int(in.Beats))
	m.Int("SY", sy)
	m.Int("SX", sx)
}
