package sim

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// Network is a network on a hardware, planned.
type Network struct {
	Hardware *configs.Hardware
	*mapping.Net
}

// NewNetwork plans a network as one pipeline of all its layers. The error holds
// every operator that has no stage, by node.
func NewNetwork(hw *configs.Hardware, g *network.Graph) (*Network, error) {
	m, err := mapping.MapNetwork(hw, g)
	if err != nil {
		return nil, err
	}
	return &Network{hw, m}, nil
}

// UnsettledNetwork is NewNetwork for who runs it at once: the run finds how deep FIFOs are where
// streams meet, beside the values; until then they hold a frame.
func UnsettledNetwork(hw *configs.Hardware, g *network.Graph) (*Network, error) {
	m, err := mapping.MapUnsettled(hw, g)
	if err != nil {
		return nil, err
	}
	return &Network{hw, m}, nil
}

// NetworkOutcome is a finished run of a network.
type NetworkOutcome struct {
	Time    *clock.Result
	Pace    *clock.Pace // in steady state, nil with fewer than three frames
	Outputs map[string]*tensor.Tensor
	// Tensors holds every tensor that crossed an edge, by name, when values ran.
	Tensors map[string]*tensor.Tensor
	Wrong   *WrongNode // the first node that is not what it should be, nil when all are
	Checked int        // nodes verified
	Second  int        // of them, by the second implementation

	Timeline *Timeline // where asked for

	overflows map[int]*NodeOverflow // by number of the graph's node
	elements  []int64               // that moved, by edge
}

// WrongNode is a node whose output is not what its definition makes of its
// inputs.
type WrongNode struct {
	Node, Op, Tensor string
	Index            []int
	Want, Got        string
	Count, Of        int           // elements that differ
	Overflow         *NodeOverflow // why, where the accumulators are to blame
}

func (w *WrongNode) Error() string {
	text := fmt.Sprintf("node %q (%s): ", w.Node, w.Op)
	if w.Overflow != nil {
		text += w.Overflow.String() + "; "
	}
	return text + fmt.Sprintf("%s%v is %s, want %s; %d of %d elements differ", w.Tensor, w.Index, w.Got, w.Want, w.Count, w.Of)
}

// Frames is how many frames the graph's inputs hold.
func (n *Network) Frames() int {
	if len(n.Graph.Inputs) == 0 {
		return 1
	}
	return n.Graph.Inputs[0].Type.Shape[0]
}

// checkFrames refuses more frames than a run can have.
func checkFrames(frames int) error {
	if frames < 0 || frames > MaxFrames {
		return fmt.Errorf("%d frames; allowed: 0..%d", frames, MaxFrames)
	}
	return nil
}

// AllConstants are the tensors the plan's blocks keep, by node, with the images of
// the sources.
func (n *Network) AllConstants(inputs map[string]*tensor.Tensor, frames int) ([]flow.Constants, error) {
	constants := make([]flow.Constants, len(n.Plan.Nodes))
	copy(constants, n.Constants)
	for i, in := range n.Graph.Inputs {
		x := n.asFrames(inputs[in.Name], in)
		if x == nil || x.DType() != in.Type.DType || !slices.Equal(x.Shape()[1:], in.Type.Shape[1:]) {
			return nil, fmt.Errorf("input %q is %v; allowed: %s", in.Name, x, in.Type)
		}
		if frames > 0 && x.Len() == 0 {
			return nil, fmt.Errorf("input %q has no image to show; allowed: 0 frames, or an image", in.Name)
		}
		images, err := n.shownAs(x, in)
		if err != nil {
			return nil, err
		}
		constants[n.Inputs[i]] = flow.Constants{"images": images}
	}
	return constants, nil
}

// values runs the value plane and keeps all tensors.
func (n *Network) values(ctx context.Context, inputs map[string]*tensor.Tensor, frames int, out *NetworkOutcome, progress func(done, total int), others watches) error {
	constants, err := n.AllConstants(inputs, frames)
	if err != nil {
		return err
	}
	kept := map[string]collector{}
	watch := map[int]func(flow.Slab){}
	maps.Copy(watch, others)
	for name, place := range n.Tensors {
		c, err := newCollector(n.Types[name], place.Axes, frames)
		if err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
		kept[name] = c
		before := watch[place.Edge]
		watch[place.Edge] = func(s flow.Slab) {
			if before != nil {
				before(s)
			}
			c.add(s)
		}
	}
	r, err := flow.Run(ctx, n.Plan, constants, flow.Options{Frames: frames, Watch: watch, Progress: progress})
	if err != nil {
		return err
	}
	out.elements, out.overflows = r.Elements, n.overflows(r.Kernels)
	if out.Tensors, err = collect(kept); err != nil {
		return err
	}
	out.Outputs = map[string]*tensor.Tensor{}
	for _, name := range n.Graph.Outputs {
		out.Outputs[name] = out.Tensors[name]
	}
	return n.showed(inputs, out.Tensors)
}
