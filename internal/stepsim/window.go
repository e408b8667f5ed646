package stepsim

// Window slides a kernel over frames of H x W pixels (padding included).
//
// A pixel is GroupFolds*ChannelFolds beats, group fold outermost. Parallel hands over a whole window per
// beat, once per fold; otherwise a window and group fold leave as KH*KW*ChannelFolds beats, one tap each. A
// 1x1 kernel is always parallel.
type Window struct {
	H, W         int // pixels
	KH, KW       int // taps
	SH, SW       int // stride, pixels
	DH, DW       int // dilation, pixels
	GroupFolds   int // ceil(groups / group_parallel)
	ChannelFolds int // ceil(channels of a group / SIMD)
	Parallel     bool
	Depth        int  // beats of the serial buffer; 0: DefaultDepth
	FrameOverlap bool // accept the next frame while the tail of this one leaves; FINN does not
}

func (s Window) folds() int     { return s.GroupFolds * s.ChannelFolds }
func (s Window) parallel() bool { return s.Parallel || s.KH*s.KW == 1 }

// OutputSize returns the windows of a frame, in rows and columns.
func (s Window) OutputSize() (oh, ow int) {
	return (s.H-(s.KH-1)*s.DH-1)/s.SH + 1, (s.W-(s.KW-1)*s.DW-1)/s.SW + 1
}

func (s Window) beats() (in, out int) {
	oh, ow := s.OutputSize()
	out = oh * ow * s.folds()
	if !s.parallel() {
		out *= s.KH * s.KW
	}
	return s.H * s.W * s.folds(), out
}

// DefaultDepth returns FINN's buffer depth in beats. The parallel style's registers and line buffers cannot be resized.
func (s Window) DefaultDepth() int {
	span := ((s.KH-1)*s.DH*s.W + (s.KW-1)*s.DW) * s.folds()
	if s.parallel() {
		return span + 2
	}
	taps := s.KH * s.KW
	return span + s.folds() + max(0, s.SW-1-taps)*s.folds() + max(0, (s.SH-1)*s.W-taps)*s.folds()
}

func (s Window) kinds() []Kind { return []Kind{KindLineBuffer, KindWindow} }

func (s Window) start(frames, in, _ int) block {
	f := progress{beats: in, frames: frames, overlap: s.FrameOverlap}
	if s.parallel() {
		f.need = s.lastBeats()
		return &shiftWindow{progress: f}
	}
	depth := s.Depth
	if depth == 0 {
		depth = s.DefaultDepth()
	}
	f.need = s.fetches()
	return &memory{progress: f, depth: depth, keep: lowestToCome(f.need)}
}

// beat returns the index of a beat in its frame.
func (s Window) beat(y, x, g, c int) int {
	return (y*s.W+x)*s.folds() + g*s.ChannelFolds + c
}

// fetches lists the beats of a frame in the order in which the serial style reads them.
func (s Window) fetches() []int {
	var list []int
	s.eachUnit(func(y, x, g int) {
		for ky := range s.KH {
			for kx := range s.KW {
				for c := range s.ChannelFolds {
					list = append(list, s.beat(y+ky*s.DH, x+kx*s.DW, g, c))
				}
			}
		}
	})
	return list
}

// lastBeats lists, for every output beat of the parallel style, the beat that completes it.
func (s Window) lastBeats() []int {
	var list []int
	s.eachUnit(func(y, x, g int) {
		for c := range s.ChannelFolds {
			list = append(list, s.beat(y+(s.KH-1)*s.DH, x+(s.KW-1)*s.DW, g, c))
		}
	})
	return list
}

// eachUnit calls f with the first row, the first column and the group fold of each unit, in stream order.
func (s Window) eachUnit(f func(y, x, g int)) {
	oh, ow := s.OutputSize()
	for oy := range oh {
		for ox := range ow {
			for g := range s.GroupFolds {
				f(oy*s.SH, ox*s.SW, g)
			}
		}
	}
}
