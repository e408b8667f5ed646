package pe

import (
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Weights brings the weights of arrays that have no memory of all through a port, in
// the order in which they are used: all of them for every tile of output pixels.
type Weights struct {
	Fold   sched.Fold
	Weight tensor.DType
	Load   clock.Share
	Tile   int // output pixels that use them before they come again; 0 is 1
}

// Weights is what brings those of the arrays.
func (a Array) Weights() Weights { return Weights{a.Fold, a.Weight, a.Load, a.Tile} }

// Kind returns "weights".
func (Weights) Kind() string { return "weights" }

// Streams is what comes.
func (w Weights) Streams() (in, out []sched.Stream) { return nil, []sched.Stream{w.stream()} }

func (w Weights) stream() sched.Stream { return w.Fold.Weights(w.Weight, int64(w.tile())) }

func (w Weights) tile() int { return max(1, w.Tile) }

// Needs needs nothing.
func (Weights) Needs([]int64) []int64 { return nil }

// Check checks port and tiles.
func (w Weights) Check() error {
	if err := w.Load.Check(); err != nil {
		return err
	}
	if err := checkFold(w.Fold, w.Weight); err != nil {
		return err
	}
	if err := w.Fold.CheckTile(w.tile()); err != nil {
		return err
	}
	return w.stream().Check()
}

// Port is the port shared with other ends.
func (w Weights) Port() clock.Share { return w.Load }

// PortName tells the port from that of the image in hardware.
func (w Weights) PortName() string { return w.Kind() }

// FrameBytes is what a frame takes at the port.
func (w Weights) FrameBytes() int64 { return w.stream().Frame() * wiring.BeatBytes(w.stream()) }

// Process makes what reads them.
func (w Weights) Process(at clock.Ports) clock.Process {
	return clock.NewReader(at, w.Kind(), w.Load, wiring.BeatBytes(w.stream()), w.stream().Frame())
}

// AppendKey appends the port and the beats.
func (w Weights) AppendKey(dst []byte) []byte {
	return clock.AppendInts(w.Load.AppendKey(dst), wiring.BeatBytes(w.stream()), w.stream().Frame())
}

// Layouts are those of weights.
func (w Weights) Layouts() (in, out sched.Layout) { return in, w.Fold.WeightLayout() }
