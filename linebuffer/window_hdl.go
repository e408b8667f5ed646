package linebuffer

import "github.com/convsim/convsim/internal/hdl"

// Module is the line buffer and what reads it.
func (w Window) Module(hdl.Constants) (hdl.Module, error) {
	f := w.Fold
	m := hdl.Module{Name: "convsim_window_serial", In: f.InputChannels()}
	width := f.Padded(w.Elem).Bits()
	m.Int("WIDTH", width)
	geometryParameters(&m, f)
	m.Int("OH", f.Shape.OutHeight)
	m.Int("OW", f.Shape.OutWidth)
	m.Int("GF", f.GroupFolds)
	m.Int("CF", f.ChannelFolds)
	m.Int("DEPTH", int(w.Depth))
	m.Flag("OVERLAP", w.Overlap)
	m.Flag("BLOCK", inBlock(w.Depth, width))
	return m, sizes(f.PaddedBeats(), w.Depth, f.WindowBeats())
}

// Module is the chain of registers and line buffers.
func (w ShiftWindow) Module(hdl.Constants) (hdl.Module, error) {
	f := w.Fold
	m := hdl.Module{Name: "convsim_window_parallel", In: f.InputChannels()}
	width := f.Padded(w.Elem).Bits()
	m.Int("WIDTH", width)
	geometryParameters(&m, f)
	m.Int("FOLDS", int(f.PixelBeats()))
	m.Flag("OVERLAP", w.Overlap)
	m.Flag("BLOCK", inBlock(int64(w.line().memory()), width))
	m.Flag("COLUMN_BLOCK", inBlock(int64(w.column().memory()), width))
	return m, sizes(f.PaddedBeats(), f.WindowBeats())
}
