package stepsim

// Tile keeps passes of so many beats and shows each so many times, out of a memory of two passes.
type Tile struct {
	Pass, Times, Passes int // of a frame
}

func (s Tile) beats() (in, out int) { return s.Passes * s.Pass, s.Passes * s.Times * s.Pass }
func (Tile) kinds() []Kind          { return []Kind{KindLineBuffer, KindWindow} }

func (s Tile) start(frames, in, _ int) block {
	var reads []int
	for pass := range s.Passes {
		for range s.Times {
			for beat := range s.Pass {
				reads = append(reads, pass*s.Pass+beat)
			}
		}
	}
	return overlapping(reads, in, frames, 2*s.Pass)
}

// Turn puts tiles of Passes x Pixels beats, which come pass by pass, into the order of pixels, out of a memory of two
// tiles.
type Turn struct {
	Passes, Pixels, Tiles int // tiles of a frame
}

func (s Turn) beats() (in, out int) {
	n := s.Passes * s.Pixels * s.Tiles
	return n, n
}

func (Turn) kinds() []Kind { return []Kind{KindLineBuffer, KindWindow} }

func (s Turn) start(frames, in, _ int) block {
	var reads []int
	for tile := range s.Tiles {
		for pixel := range s.Pixels {
			for pass := range s.Passes {
				reads = append(reads, (tile*s.Passes+pass)*s.Pixels+pixel)
			}
		}
	}
	return overlapping(reads, in, frames, 2*s.Passes*s.Pixels)
}

// overlapping is a memory of so many beats, whose frames overlap.
func overlapping(reads []int, in, frames, depth int) block {
	return &memory{progress: progress{need: reads, beats: in, frames: frames, overlap: true}, depth: depth, keep: lowestToCome(reads)}
}
