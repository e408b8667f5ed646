package graphs

import "github.com/convsim/convsim/internal/stepsim"

// piece appends a piece of a network; nested ones have levels below them.
func (d *drawing) piece(at loose, levels int) loose {
	kinds := 7
	if levels > 0 {
		kinds = 13
	}
	switch d.IntN(kinds) {
	case 0, 1:
		return d.layer(at)
	case 2:
		return d.activation(at)
	case 3, 4:
		return d.pool(at)
	case 5:
		return d.resample(at)
	case 6:
		return d.widen(at, d.divisor(at.C))
	case 7, 8:
		return d.residual(at, levels-1)
	case 9:
		return d.inception(at, levels-1)
	case 10:
		return d.split(at, levels-1)
	case 11:
		return d.unet(at, levels-1)
	}
	return d.ends(at)
}

// layer appends any convolution, dense or depthwise.
func (d *drawing) layer(at loose) loose {
	l := stepsim.Layer{KH: 1 + d.IntN(3), KW: 1 + d.IntN(3), SH: 1 + d.IntN(2), SW: 1 + d.IntN(2), DH: 1, DW: 1 + d.IntN(2)}
	l.Top, l.Left = d.IntN(l.KH), d.IntN(l.KW)
	l.Bottom = max(d.IntN(l.KH), l.KH-at.H-l.Top)
	l.Right = max(d.IntN(l.KW), (l.KW-1)*l.DW+1-at.W-l.Left)
	l.OutChannels = at.C
	if !d.chance(25) {
		l.OutChannels = 1 + d.IntN(6)
	}
	return d.convolve(at, l)
}

// rest appends two quick layers, of which the first needs no last row of an even number and the second
// padding alone: they end a run while what is before them is in the rest of the last frame.
func (d *drawing) rest(at loose) loose {
	one := stepsim.Layer{KH: 1, KW: 1, SH: 2, SW: 1, DH: 1, DW: 1, OutChannels: 1}
	at = d.convolve(at, one)
	one.Top, one.SH = 1, at.H+2
	return d.convolve(at, one)
}

// same appends a convolution that keeps the image and its channels.
func (d *drawing) same(at loose) loose {
	k := 1 + 2*d.IntN(2)
	p := k / 2
	l := stepsim.Layer{KH: k, KW: k, SH: 1, SW: 1, DH: 1, DW: 1, Top: p, Bottom: p, Left: p, Right: p, OutChannels: at.C}
	return d.convolve(at, l)
}

// convolve appends a layer whose kernel, padding and output channels are given.
func (d *drawing) convolve(at loose, l stepsim.Layer) loose {
	l.H, l.W, l.InChannels = at.H, at.W, at.C
	l.SIMD, l.PE, l.Parallel, l.FrameOverlap = at.Lanes, d.divisor(l.OutChannels), d.chance(40), d.chance(30)
	lanes := l.PE
	if l.OutChannels == at.C && d.chance(30) { // depthwise
		l.Groups, l.GroupParallel, l.SIMD, l.PE = at.C, at.Lanes, 1, 1
		lanes = at.Lanes
	}
	l.Core, l.Latency = d.core()
	if d.chance(15) {
		l.Mode = stepsim.ReplicateMode
	}
	inner := 0
	if d.chance(25) {
		inner = 1 + d.IntN(4)
	}
	oh, ow := l.Window().OutputSize()
	return d.then("layer", Layer{l, inner}, at, Stream{oh, ow, l.OutChannels, lanes})
}

// core draws the arrays' core and latency: mostly that of DSP58, else one of those for DSP48.
func (d *drawing) core() (stepsim.Core, int) {
	switch d.IntN(8) {
	case 0:
		return stepsim.CoreDev, 5 + d.IntN(5)
	case 1:
		return stepsim.CoreMain, 5
	case 2:
		return stepsim.CoreOld, []int{1, 2, 5}[d.IntN(3)]
	}
	return stepsim.CoreDev, 0
}

// activation appends one of the requantisers.
func (d *drawing) activation(at loose) loose {
	b := []stepsim.Block{
		stepsim.Requant{}, stepsim.Thresholding(1+d.IntN(20), d.chance(50)), stepsim.Credits{Latency: stepsim.ScaleLatency},
	}[d.IntN(3)]
	return d.then("act", b, at, at.Stream)
}

// widen converts to beats of so many lanes, in either style.
func (d *drawing) widen(at loose, lanes int) loose {
	if at.Lanes == lanes {
		return at
	}
	to := at.Stream
	to.Lanes = lanes
	if d.chance(25) {
		return d.then("dwc", stepsim.DwcProto{In: at.Lanes, Out: lanes}, at, to)
	}
	list := stepsim.Converters(at.Lanes, lanes)
	if len(list) == 2 && at.C%list[0].(stepsim.Dwc).Out != 0 {
		// Between the two a beat would hold parts of two pixels; whole pixels keep the data of a stream simple.
		return d.then("dwc", stepsim.DwcProto{In: at.Lanes, Out: lanes}, at, to)
	}
	for _, b := range list {
		s := at.Stream
		s.Lanes = b.(stepsim.Dwc).Out
		at = d.then("dwc", b, at, s)
	}
	return at
}

// pool appends a pool over windows or over the frame.
func (d *drawing) pool(at loose) loose {
	if d.chance(25) {
		to := at.Stream
		to.H, to.W = 1, 1
		return d.then("pool", stepsim.Reduce{Groups: at.H * at.W, Folds: at.Folds()}, at, to)
	}
	p := Pool{In: at.Stream, KH: 1 + d.IntN(min(3, at.H)), KW: 1 + d.IntN(min(3, at.W)), SH: 1 + d.IntN(2), SW: 1 + d.IntN(2),
		Parallel: d.chance(40), FrameOverlap: d.chance(30)}
	p.Top, p.Right = d.IntN(p.KH), d.IntN(p.KW)
	if p.KH*p.KW == 1 {
		p.Parallel = true
	}
	return d.then("pool", p, at, p.Out())
}

// resample appends what makes the image larger, unless it is large already.
func (d *drawing) resample(at loose) loose {
	to, sy, sx := at.Stream, 1+d.IntN(3), 1+d.IntN(3)
	if at.H*at.W > 24 {
		return d.activation(at)
	}
	if d.chance(50) {
		to.H, to.W = at.H*sy, at.W*sx
		return d.then("up", stepsim.Upsample{H: at.H, W: at.W, SY: sy, SX: sx, Folds: at.Folds()}, at, to)
	}
	to.H, to.W = (at.H-1)*sy+1, (at.W-1)*sx+1
	return d.then("insert", stepsim.ZeroInsert{H: at.H, W: at.W, SY: sy, SX: sx, Folds: at.Folds()}, at, to)
}
