package linebuffer

import "github.com/convsim/convsim/internal/hdl"

// Module is a serial window: an image of one pixel, whose beats are those of a pass, is
// read as often as there are pixels in a tile.
func (t Tile) Module(hdl.Constants) (hdl.Module, error) {
	in, _ := t.Streams()
	m := window(in[0].Bits(), t.Depth())
	m.In = t.Fold.WeightLanes()
	m.Int("H", 1)
	m.Int("W", 1)
	m.Int("KH", 1)
	m.Int("SH", 0)
	m.Int("OH", t.Pixels)
	m.Int("OW", 1)
	m.Int("CF", int(t.pass()))
	return m, sizes(t.pass()*int64(t.Pixels), t.Depth())
}

// Module is a serial window: an image with a row a pass and a column a pixel is read
// column by column.
func (t Turn) Module(hdl.Constants) (hdl.Module, error) {
	in, _ := t.Streams()
	m := window(in[0].Bits(), t.Depth())
	m.In, m.Out = t.Fold.OutputChannels(), t.Fold.OutputChannels()
	m.Int("H", t.Fold.OutFolds)
	m.Int("W", t.Pixels)
	m.Int("KH", t.Fold.OutFolds)
	m.Int("OH", 1)
	m.Int("OW", t.Pixels)
	return m, sizes(t.Depth())
}

// window is a serial window whose kernel is one column wide, frame upon frame.
func window(width int, depth int64) hdl.Module {
	m := hdl.Module{Name: "convsim_window_serial"}
	m.Int("WIDTH", width)
	m.Int("KW", 1)
	m.Int("DEPTH", int(depth))
	m.Flag("OVERLAP", true)
	m.Flag("BLOCK", inBlock(depth, width))
	return m
}
