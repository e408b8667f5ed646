package stepsim

// AddressedPad pads by re-reading stored pixels: it reads pixel (Rows[y], Cols[x]) for pixel (y, x) of the
// padded frame.
type AddressedPad struct {
	H, W         int   // pixels of the unpadded frame
	Rows, Cols   []int // per padded row and column: the row and column of the frame, see Reflect, Replicate, Circular
	Folds        int   // beats of a pixel
	Depth        int   // beats of the buffer; 0: DefaultDepth
	FrameOverlap bool
}

// Replicate maps before+n+after padded positions to the nearest of n positions.
func Replicate(n, before, after int) []int {
	return mapAxis(n, before, after, func(i int) int { return min(max(i, 0), n-1) })
}

// Reflect maps padded positions to n positions by reflection about the edge pixels. before and after must be below n.
func Reflect(n, before, after int) []int {
	return mapAxis(n, before, after, func(i int) int {
		if i < 0 {
			return -i
		}
		if i >= n {
			return 2*(n-1) - i
		}
		return i
	})
}

// Circular maps padded positions to n positions that follow each other in a ring. before and after must be at most n.
func Circular(n, before, after int) []int {
	return mapAxis(n, before, after, func(i int) int { return (i + n) % n })
}

func mapAxis(n, before, after int, at func(int) int) []int {
	m := make([]int, before+n+after)
	for i := range m {
		m[i] = at(i - before)
	}
	return m
}

func (s AddressedPad) beats() (in, out int) {
	return s.H * s.W * s.Folds, len(s.Rows) * len(s.Cols) * s.Folds
}

func (s AddressedPad) kinds() []Kind { return []Kind{KindLineBuffer, KindWindow} }

// DefaultDepth returns the least buffer depth, in beats, that cannot deadlock: at every read, the span from
// the lowest beat still to be read to the highest one read so far.
func (s AddressedPad) DefaultDepth() int {
	reads := s.reads()
	lowest := lowestToCome(reads)
	highest, depth := 0, 0
	for k, e := range reads {
		highest = max(highest, e)
		depth = max(depth, highest-int(lowest[k])+1)
	}
	return depth
}

func (s AddressedPad) reads() []int {
	var list []int
	for _, y := range s.Rows {
		for _, x := range s.Cols {
			for c := range s.Folds {
				list = append(list, (y*s.W+x)*s.Folds+c)
			}
		}
	}
	return list
}

func (s AddressedPad) start(frames, in, _ int) block {
	depth := s.Depth
	if depth == 0 {
		depth = s.DefaultDepth()
	}
	reads := s.reads()
	return &memory{
		progress: progress{need: reads, beats: in, frames: frames, overlap: s.FrameOverlap},
		depth:    depth,
		keep:     lowestToCome(reads),
	}
}
