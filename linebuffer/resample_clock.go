package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// Process makes the buffer and what reads it.
func (u Upsample) Process(at clock.Ports) clock.Process {
	return newBuffer(at, "upsample.buffer", "upsample", u.reads(), u.depth(), true)
}

// AppendKey appends image and factors.
func (u Upsample) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, u.In.Rows, u.In.Pixels, u.In.Beats, int64(u.SY), int64(u.SX))
}

// Process makes the stage: the machine of padding.
func (i Insert) Process(at clock.Ports) clock.Process { return newPadder(at, "insert", i.raster()) }

// AppendKey appends image and factors.
func (i Insert) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, i.In.Rows, i.In.Pixels, i.In.Beats, int64(i.SY), int64(i.SX))
}
