package graphs

import "github.com/convsim/convsim/internal/stepsim"

// Design is a network as plain data.
type Design struct {
	Frames int
	Nodes  []Node // upstream first
	Edges  []Edge // in the order of the nodes they leave
}

// Node is a block between edges, listed in the order of its ports.
type Node struct {
	Name    string
	Block   any // stepsim.Block, or Layer or Pool, which are several
	In, Out []int
}

// Edge is a place between two nodes.
type Edge struct {
	Name   string
	Stream Stream
	FIFO   stepsim.Stage // stepsim.FIFO (a wire if its Depth is 0) or stepsim.RAMFIFO
}

// Stream is what crosses an edge in one frame: H x W pixels of C channels, Lanes channels a beat. Lanes divides C.
type Stream struct{ H, W, C, Lanes int }

// Beats returns the beats of a frame.
func (s Stream) Beats() int { return s.H * s.W * s.Folds() }

// Folds returns the beats of a pixel.
func (s Stream) Folds() int { return s.C / s.Lanes }

// Layer is padding (if any), window and array, joined by FIFOs of the depth Inner.
type Layer struct {
	stepsim.Layer
	Inner int
}

// Pool is padding (if any), a window with all channels as groups, and what makes one result of a window,
// joined by wires.
type Pool struct {
	In                       Stream
	KH, KW, SH, SW           int
	Top, Bottom, Left, Right int // padding, pixels
	Parallel, FrameOverlap   bool
}

// window returns the layer whose padding and window the pool has.
func (p Pool) window() stepsim.Layer {
	return stepsim.Layer{
		H: p.In.H, W: p.In.W, InChannels: p.In.C, OutChannels: p.In.C, Groups: p.In.C, GroupParallel: p.In.Lanes,
		KH: p.KH, KW: p.KW, SH: p.SH, SW: p.SW, Top: p.Top, Bottom: p.Bottom, Left: p.Left, Right: p.Right,
		Parallel: p.Parallel, FrameOverlap: p.FrameOverlap,
	}
}

// Stages returns the pool's stages.
func (p Pool) Stages() []stepsim.Block {
	var list []stepsim.Block
	layer := p.window().Stages()
	for _, s := range layer[:len(layer)-1] { // all but the array
		list = append(list, s)
	}
	groups := p.KH * p.KW
	if p.Parallel {
		groups = 1
	}
	return append(list, stepsim.Reduce{Groups: groups})
}

// Out returns the stream that leaves the pool.
func (p Pool) Out() Stream {
	oh, ow := p.window().Window().OutputSize()
	return Stream{oh, ow, p.In.C, p.In.Lanes}
}
