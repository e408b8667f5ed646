package stepsim

// Layer is a convolution on a hardware, from which the stages of its chain follow. Zero means 1 for Groups,
// the strides, the dilations and the lanes.
type Layer struct {
	H, W                     int // pixels of the unpadded frame
	InChannels, OutChannels  int
	Groups                   int
	KH, KW, SH, SW, DH, DW   int
	Top, Bottom, Left, Right int // padding, pixels
	Mode                     PadMode

	GroupParallel int // arrays side by side
	SIMD          int // input channels of one array per cycle
	PE            int // output channels of one array per cycle
	Core          Core
	Latency       int // of the arrays; 0: FINN's DSP58 core
	Parallel      bool
	FrameOverlap  bool
}

// PadMode says what the pixels around a frame are.
type PadMode uint8

// The padding modes.
const (
	ZeroMode PadMode = iota
	ReflectMode
	ReplicateMode
	CircularMode
)

// Stages returns the padding (if any), the window and the array.
func (l Layer) Stages() []Stage {
	l = l.withDefaults()
	var stages []Stage
	if l.Top+l.Bottom+l.Left+l.Right > 0 {
		stages = append(stages, l.pad())
	}
	w := l.Window()
	return append(stages, w, l.array(w))
}

// Window returns the window over the padded frame.
func (l Layer) Window() Window {
	l = l.withDefaults()
	return Window{
		H: l.Top + l.H + l.Bottom, W: l.Left + l.W + l.Right,
		KH: l.KH, KW: l.KW, SH: l.SH, SW: l.SW, DH: l.DH, DW: l.DW,
		GroupFolds:   ceilDiv(l.Groups, l.GroupParallel),
		ChannelFolds: ceilDiv(l.InChannels/l.Groups, l.SIMD),
		Parallel:     l.Parallel, FrameOverlap: l.FrameOverlap,
	}
}

func (l Layer) pad() Stage {
	folds := l.Window().folds()
	axis := map[PadMode]func(n, before, after int) []int{
		ReflectMode: Reflect, ReplicateMode: Replicate, CircularMode: Circular,
	}[l.Mode]
	if axis == nil {
		return Pad{H: l.H, W: l.W, Top: l.Top, Bottom: l.Bottom, Left: l.Left, Right: l.Right, Folds: folds}
	}
	return AddressedPad{
		H: l.H, W: l.W, Folds: folds, FrameOverlap: l.FrameOverlap,
		Rows: axis(l.H, l.Top, l.Bottom), Cols: axis(l.W, l.Left, l.Right),
	}
}

// array takes one vector per window and group fold. The parallel style presents all taps of a channel fold in one beat.
func (l Layer) array(w Window) Array {
	oh, ow := w.OutputSize()
	sf := w.ChannelFolds
	if !w.parallel() {
		sf *= w.KH * w.KW
	}
	return Array{SF: sf, NF: ceilDiv(l.OutChannels/l.Groups, l.PE), Vectors: oh * ow * w.GroupFolds, Core: l.Core, Latency: l.Latency}
}

func (l Layer) withDefaults() Layer {
	for _, v := range []*int{&l.Groups, &l.SH, &l.SW, &l.DH, &l.DW, &l.GroupParallel, &l.SIMD, &l.PE} {
		*v = max(1, *v)
	}
	return l
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
