package linebuffer

import (
	"github.com/convsim/convsim/sched"
)

// Upsample shows every pixel SX times in its row and every row SY times, out of a
// buffer of image beats. The next frame may enter while one leaves.
type Upsample struct {
	In     sched.Stream
	SY, SX int
}

// Kind returns "upsample".
func (Upsample) Kind() string { return "upsample" }

// Streams are the image and the larger one.
func (u Upsample) Streams() (in, out []sched.Stream) {
	to := u.In
	to.Rows, to.Pixels, to.Idle = u.In.Rows*int64(u.SY), u.In.Pixels*int64(u.SX), u.In.Idle*int64(u.SX)
	return []sched.Stream{u.In}, []sched.Stream{to}
}

// Needs counts the image beats that must have come for the first that leave.
func (u Upsample) Needs(out []int64) []int64 { return []int64{u.reads().Arrived(out[0])} }

// Check refuses factors that make no image, or one too large to follow.
func (u Upsample) Check() error { return checkFactors(u.In, u.SY, u.SX) }

// reads are the beats of the image in the order in which they are shown.
func (u Upsample) reads() *sched.Reads {
	row, col := make([]int64, u.In.Rows*int64(u.SY)), make([]int64, u.In.Pixels*int64(u.SX))
	for y := range row {
		row[y] = int64(y/u.SY) * u.In.Pixels * u.In.Beats
	}
	for x := range col {
		col[x] = int64(x/u.SX) * u.In.Beats
	}
	inner := make([]int32, u.In.Beats)
	for i := range inner {
		inner[i] = int32(i)
	}
	return sched.NewReads(row, col, inner, u.In.Frame())
}

// depth is how many beats the stage keeps: those that are read again, and one more.
func (u Upsample) depth() int64 { return u.reads().Depth() + 1 }

// Insert puts SX-1 pixels of Fill between the pixels of a row, and SY-1 rows of them
// between rows: what a transposed convolution begins with.
type Insert struct {
	In     sched.Stream
	SY, SX int
	Fill   int32
}

// Kind returns "insert".
func (Insert) Kind() string { return "insert" }

// Streams are the image and the one spread out.
func (i Insert) Streams() (in, out []sched.Stream) {
	to := i.In
	to.Rows, to.Pixels = (i.In.Rows-1)*int64(i.SY)+1, (i.In.Pixels-1)*int64(i.SX)+1
	to.Idle = i.In.Idle / max(1, i.In.Pixels) * to.Pixels
	return []sched.Stream{i.In}, []sched.Stream{to}
}

// Needs counts the image beats among the first spread ones.
func (i Insert) Needs(out []int64) []int64 { return []int64{i.raster().before(out[0])} }

// Check refuses factors that make no image, or one too large to follow.
func (i Insert) Check() error { return checkFactors(i.In, i.SY, i.SX) }

// raster is the spread frame.
func (i Insert) raster() raster {
	_, out := i.Streams()
	row := out[0].Pixels * out[0].Beats
	return raster{row: row, rows: out[0].Rows, right: row, bottom: out[0].Rows, every: int64(i.SY), gap: int64(i.SX) * i.In.Beats, pixel: i.In.Beats}
}

// mostFactor is the largest factor, and mostBeats the longest row or column of a larger
// image: where each begins is held in memory.
const (
	mostFactor = 1 << 12
	mostShown  = 1 << 24
)

func checkFactors(s sched.Stream, sy, sx int) error {
	if err := s.Check(); err != nil {
		return err
	}
	if sy < 1 || sx < 1 || sy > mostFactor || sx > mostFactor {
		return wrongf("an image made %d by %d times as large; allowed: 1 to %d", sy, sx, mostFactor)
	}
	if s.Frame() < 1 || s.Rows > mostShown/int64(sy) || s.Pixels > mostShown/int64(sx) || s.Beats > mostShown {
		return wrongf("an image of %d x %d pixels of %d beats, %d by %d times as large", s.Rows, s.Pixels, s.Beats, sy, sx)
	}
	return nil
}
