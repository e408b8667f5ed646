package network

import (
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Batched is the network for another number of frames. The first axis of its
// inputs, of one size, are the frames; what an attribute fixes of it, as the shape
// of a Reshape does, changes with them. It is an error where a node does not treat
// every frame by itself.
func (g *Graph) Batched(frames int) (*Graph, error) {
	types, err := g.Types()
	if err != nil {
		return nil, err
	}
	b := batching{types: types, to: frames, streams: map[string]bool{}, taken: takenBy(types)}
	out := *g
	out.Constants = maps.Clone(g.Constants)
	b.constants = out.Constants
	if out.Inputs, err = b.inputs(g.Inputs); err != nil {
		return nil, err
	}
	out.Nodes = nil
	for _, n := range g.Nodes {
		out.Nodes = append(out.Nodes, b.node(n))
	}
	if b.err != nil {
		return nil, b.err
	}
	now, err := out.Types()
	if err != nil {
		return nil, fmt.Errorf("for %d frames: %w", frames, err)
	}
	return &out, b.check(g.Nodes, now)
}

// ForFrames is Batched, or the network as it is where nodes do not treat every frame by
// itself but the frames are whole runs of it.
func (g *Graph) ForFrames(frames int) (*Graph, error) {
	out, err := g.Batched(frames)
	if err == nil {
		return out, nil
	}
	types, typesErr := g.Types()
	if typesErr != nil || g.ByFrames(types) {
		return nil, err
	}
	if s := g.Inputs[0].Type.Shape; len(s) == 0 || s[0] == 0 || frames%s[0] != 0 {
		return nil, err
	}
	return g, nil
}

// batching is a network on its way to another number of frames.
type batching struct {
	types    map[string]Type // as they were
	from, to int
	streams  map[string]bool // tensors that follow from inputs
	taken    taken

	constants map[string]*tensor.Tensor
	err       error
}

func (b *batching) inputs(inputs []Input) ([]Input, error) {
	out := slices.Clone(inputs)
	for i, in := range inputs {
		s := in.Type.Shape
		if len(s) == 0 || i > 0 && s[0] != b.from {
			return nil, fmt.Errorf("input %q is %s; allowed: inputs of one number of frames", in.Name, in.Type)
		}
		b.from = s[0]
		b.streams[in.Name] = true
		out[i].Type.Shape = b.moved(s)
	}
	return out, nil
}

// moved is a shape with the frames replaced.
func (b *batching) moved(shape []int) []int {
	return append([]int{b.to}, shape[1:]...)
}

// node is a node with the number of frames in its attributes replaced.
func (b *batching) node(n Node) Node {
	follows := slices.ContainsFunc(n.Inputs, func(name string) bool { return b.streams[name] })
	if !follows {
		return n
	}
	for _, name := range n.Outputs {
		b.streams[name] = name != ""
	}
	t := b.types[n.Outputs[0]]
	if joins(n.Op) && b.from == 1 {
		n.Inputs = b.forAll(n.Inputs)
	}
	switch op := n.Op.(type) {
	case Reshape:
		if in := b.types[n.Inputs[0]].Shape; len(in) > 0 && len(t.Shape) > 0 && in[0] == b.from && t.Shape[0] == b.from {
			n.Op = Reshape{Shape: b.moved(t.Shape)}
		}
	case Resize:
		if len(op.Sizes) > 0 && op.Sizes[0] == b.from {
			op.Sizes = b.moved(op.Sizes)
			n.Op = op
		}
	}
	return n
}

// forAll repeats constants of one frame, which frames are joined with, for every frame.
func (b *batching) forAll(names []string) []string {
	out := slices.Clone(names)
	for i, name := range names {
		c := b.constants[name]
		if c == nil {
			continue
		}
		all, err := tiled(c, b.to)
		if err != nil {
			b.err = err
			return names
		}
		out[i] = b.taken.fresh(name + "_frames")
		b.constants[out[i]] = all
	}
	return out
}

// check finds the first node whose output is not the old one with the frames
// replaced.
func (b *batching) check(nodes []Node, now map[string]Type) error {
	for _, n := range nodes {
		for _, name := range n.Outputs {
			was, is := b.types[name], now[name]
			if !b.streams[name] {
				continue
			}
			if len(was.Shape) == 0 || was.Shape[0] != b.from || !slices.Equal(is.Shape, b.moved(was.Shape)) {
				return fmt.Errorf("node %q (%s) does not treat every frame by itself: of %d frames it makes %s, of %d %s; allowed: %d frames, as the model has",
					n.Name, n.Op.Kind(), b.from, was, b.to, is, b.from)
			}
		}
	}
	return nil
}
