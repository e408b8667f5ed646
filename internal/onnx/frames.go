package onnx

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
)

// Frames makes a network of the model as Network does, for any number of frames: a
// batch that the model fixes, in its input or in the shape of a Reshape, is what one
// run of it takes, and frames follow each other. Where a node does not treat every
// frame by itself, the network is that of one run, and runs follow each other.
func (m *Model) Frames(shapes map[string][]int) (*network.Graph, error) {
	own, frames, fixed := m.ownBatch(shapes)
	if !fixed {
		g, err := m.Network(shapes)
		if err == nil || frames == 0 {
			return g, err
		}
		if single, other := m.Network(own); other == nil {
			return single.ForFrames(frames)
		}
		return nil, err
	}
	g, err := m.Network(own)
	if err != nil {
		return nil, err
	}
	return g.ForFrames(frames)
}

// ownBatch is the shapes with the batch that the model says, or of one frame where it
// leaves it open; frames is the number asked for, 0 if it is the model's or none.
// fixed tells that the model says it.
func (m *Model) ownBatch(shapes map[string][]int) (own map[string][]int, frames int, fixed bool) {
	own = map[string][]int{}
	for name, s := range shapes {
		own[name] = s
		i := slices.IndexFunc(m.Graph.Inputs, func(v ValueInfo) bool { return v.Name == name })
		if i < 0 || len(s) < 2 {
			continue
		}
		batch := 1
		if dims := m.Graph.Inputs[i].Dims; len(dims) == len(s) && dims[0].Value > 0 {
			batch = int(dims[0].Value)
			fixed = fixed || s[0] != batch
		}
		if s[0] != batch {
			frames = s[0]
			own[name] = append([]int{batch}, s[1:]...)
		}
	}
	return own, frames, fixed
}
