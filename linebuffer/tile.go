package linebuffer

import (
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Tile keeps the weights of a pass over a tile of output pixels, and shows them for
// every one of these; meanwhile those of the next pass come.
type Tile struct {
	Fold   sched.Fold
	Weight tensor.DType
	Pixels int // of a tile
}

// Kind returns "tile".
func (Tile) Kind() string { return "tile" }

// Streams are the weights as they are loaded, and as the arrays take them.
func (t Tile) Streams() (in, out []sched.Stream) {
	n := int64(t.Pixels)
	return []sched.Stream{t.Fold.Weights(t.Weight, n)}, []sched.Stream{t.Fold.TileWeights(t.Weight, n)}
}

// pass is the beats of a pass.
func (t Tile) pass() int64 { return int64(t.Fold.VectorBeats()) }

// Needs counts the beats of the passes that make the first ones.
func (t Tile) Needs(out []int64) []int64 {
	shown := t.pass() * int64(t.Pixels)
	whole, rest := out[0]/shown, out[0]%shown
	return []int64{whole*t.pass() + min(rest, t.pass())}
}

// Check checks the tile.
func (t Tile) Check() error {
	if err := checkFold(t.Fold, t.Weight); err != nil {
		return err
	}
	return t.Fold.CheckTile(t.Pixels)
}

// Depth is how many beats the stage keeps: those of two passes.
func (t Tile) Depth() int64 { return 2 * t.pass() }

// reads shows the beats of one pass again and again.
func (t Tile) reads() *sched.Reads {
	inner := make([]int32, t.pass())
	for i := range inner {
		inner[i] = int32(i)
	}
	return sched.NewReads(make([]int64, t.Pixels), []int64{0}, inner, t.pass())
}

// Process makes the buffer and what reads it: a pass after the other, as if each was a
// frame.
func (t Tile) Process(at clock.Ports) clock.Process {
	at.Frames *= t.Fold.Tiles(int64(t.Pixels)) * int64(t.Fold.GroupFolds) * int64(t.Fold.OutFolds)
	return newBuffer(at, "tile.buffer", "tile", t.reads(), t.Depth(), true)
}

// AppendKey appends passes and pixels.
func (t Tile) AppendKey(dst []byte) []byte {
	f := t.Fold
	return clock.AppendInts(dst, t.pass(), int64(t.Pixels), f.Tiles(int64(t.Pixels))*int64(f.GroupFolds)*int64(f.OutFolds))
}

// Turn puts the results of tiles, pass by pass, into the order of pixels.
type Turn struct {
	Fold   sched.Fold
	Sum    tensor.DType
	Pixels int // of a tile
}

// Kind returns "turn".
func (Turn) Kind() string { return "turn" }

// Streams are the results as the arrays make them, and pixel by pixel.
func (t Turn) Streams() (in, out []sched.Stream) {
	return []sched.Stream{t.Fold.TileOutputs(t.Sum, int64(t.Pixels))}, []sched.Stream{t.Fold.Outputs(t.Sum)}
}

// Needs counts the results that must have come for the first that leave.
func (t Turn) Needs(out []int64) []int64 {
	tile := t.tile()
	return []int64{out[0]/tile*tile + t.reads().Arrived(out[0]%tile)}
}

// tile is the beats of a tile.
func (t Turn) tile() int64 { return int64(t.Fold.OutFolds) * int64(t.Pixels) }

// Check checks the tile.
func (t Turn) Check() error {
	if err := checkFold(t.Fold, t.Sum); err != nil {
		return err
	}
	return t.Fold.CheckTile(t.Pixels)
}

// Depth is how many beats the stage keeps: those of two tiles.
func (t Turn) Depth() int64 { return 2 * t.tile() }

// reads are the results of a tile, pixel by pixel.
func (t Turn) reads() *sched.Reads {
	col, inner := make([]int64, t.Pixels), make([]int32, t.Fold.OutFolds)
	for x := range col {
		col[x] = int64(x)
	}
	for p := range inner {
		inner[p] = int32(p * t.Pixels)
	}
	return sched.NewReads([]int64{0}, col, inner, t.tile())
}

// Process makes the buffer and what reads it: a tile after the other, as if each was a
// frame.
func (t Turn) Process(at clock.Ports) clock.Process {
	at.Frames *= t.Fold.Tiles(int64(t.Pixels))
	return newBuffer(at, "turn.buffer", "turn", t.reads(), t.Depth(), true)
}

// AppendKey appends the tiles.
func (t Turn) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, int64(t.Fold.OutFolds), int64(t.Pixels), t.Fold.Tiles(int64(t.Pixels)))
}

// Layouts are those of weights as they come, and as they are shown.
func (t Tile) Layouts() (in, out sched.Layout) {
	return t.Fold.WeightLayout(), t.Fold.TileWeightLayout(t.Pixels)
}

// Layouts are those of results pass by pass, and pixel by pixel.
func (t Turn) Layouts() (in, out sched.Layout) {
	return t.Fold.TileOutputLayout(t.Pixels), t.Fold.OutputLayout()
}
