package stepsim

// Upsample repeats every pixel SX times in its row and every row SY times, from a memory. Frames overlap.
type Upsample struct {
	H, W   int // pixels of the frame that comes
	SY, SX int
	Folds  int // beats of a pixel
	Depth  int // beats of the memory; 0: DefaultDepth
}

// addressed returns the same reads as those of an addressed pad.
func (s Upsample) addressed() AddressedPad {
	return AddressedPad{H: s.H, W: s.W, Folds: s.Folds, Rows: repeat(s.H, s.SY), Cols: repeat(s.W, s.SX), FrameOverlap: true}
}

func repeat(n, times int) []int {
	list := make([]int, n*times)
	for i := range list {
		list[i] = i / times
	}
	return list
}

// DefaultDepth returns the beats that are read again, and one more.
func (s Upsample) DefaultDepth() int { return s.addressed().DefaultDepth() + 1 }

func (s Upsample) beats() (in, out int) { return s.addressed().beats() }
func (Upsample) kinds() []Kind          { return []Kind{KindLineBuffer, KindWindow} }

func (s Upsample) start(frames, in, out int) block {
	a := s.addressed()
	a.Depth = s.Depth
	if a.Depth == 0 {
		a.Depth = s.DefaultDepth()
	}
	return a.start(frames, in, out)
}

// ZeroInsert puts SX-1 zero pixels between the pixels of a row and SY-1 zero rows between rows. It is the
// machine of Pad.
type ZeroInsert struct {
	H, W   int // pixels of the frame that comes
	SY, SX int
	Folds  int // beats of a pixel
}

func (s ZeroInsert) size() (h, w int) { return (s.H-1)*s.SY + 1, (s.W-1)*s.SX + 1 }

func (s ZeroInsert) beats() (in, out int) {
	h, w := s.size()
	return s.H * s.W * s.Folds, h * w * s.Folds
}

func (ZeroInsert) kinds() []Kind { return []Kind{KindInsert} }

func (s ZeroInsert) start(frames, _, out int) block {
	_, w := s.size()
	return newPad(frames, out, func(beat int) bool {
		y, x := beat/s.Folds/w, beat/s.Folds%w
		return y%s.SY == 0 && x%s.SX == 0
	})
}
