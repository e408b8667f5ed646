package stepsim

// Pad surrounds frames of H x W pixels by zero pixels, in raster order.
//
// It is FINN's fmpadding: register A (skid) at the input, register B at the output, one padded beat per cycle.
type Pad struct {
	H, W                     int // pixels of the unpadded frame
	Top, Bottom, Left, Right int // pixels of zeros
	Folds                    int // beats of a pixel
}

func (s Pad) beats() (in, out int) {
	return s.H * s.W * s.Folds, (s.Top + s.H + s.Bottom) * (s.Left + s.W + s.Right) * s.Folds
}

func (s Pad) kinds() []Kind { return []Kind{KindPad} }

func (s Pad) start(frames, _, out int) block {
	width := s.Left + s.W + s.Right
	return newPad(frames, out, func(beat int) bool {
		y, x := beat/s.Folds/width-s.Top, beat/s.Folds%width-s.Left
		return y >= 0 && y < s.H && x >= 0 && x < s.W
	})
}

// newPad returns the machine that gives out beats a frame, some from its input and the others zero.
func newPad(frames, out int, inside func(beat int) bool) *pad {
	p := &pad{left: int64(frames) * int64(out), inside: make([]bool, out)}
	for i := range p.inside {
		p.inside[i] = inside(i)
	}
	return p
}

type pad struct {
	inside []bool // per beat of the padded frame: it comes from the input
	pos    int    // next beat to move into B
	left   int64  // beats not yet moved into B, over all frames
	a, b   bool   // the registers hold a beat
}

func (p *pad) offer(Cycle, bool) bool { return p.b }

func (p *pad) accept(bool, bool) bool { return !p.a }

func (p *pad) commit(w wires, names []Name) bool {
	room := w.outReady || !p.b
	needsInput := p.left > 0 && p.inside[p.pos]
	beat := p.a || w.inValid
	advance := p.left > 0 && room && (beat || !needsInput)

	switch {
	case advance:
		names[0] = Busy
	case p.left == 0:
		names[0] = Finished
	case needsInput && !beat:
		names[0] = Starved
	default:
		names[0] = Blocked
	}

	p.a = beat && !(advance && needsInput)
	p.b = advance || p.b && !w.outReady
	if advance {
		p.pos = (p.pos + 1) % len(p.inside)
		p.left--
	}
	return advance || w.in() || w.out()
}
