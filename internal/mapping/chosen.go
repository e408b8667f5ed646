package mapping

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/sched"
)

// chosen adds the stages of a Where: the streams among condition and choices lie side by
// side, as channels, and a stage picks.
func (n *net) chosen(node network.Node) ([]feed, string) {
	t := n.Types[node.Outputs[0]]
	var f scalar.Select
	batches := true // of one place each
	var parts []feed
	for i, to := range []*[]float64{&f.If, &f.Then, &f.Else} {
		if c := n.constant(node, i); c != nil {
			if *to = n.filling(node, i, t.Shape[1:], 0); c.Len() == 1 {
				*to = (*to)[:1]
			} else if batches = false; len(c.Shape()) == len(t.Shape) && c.Shape()[0] != 1 {
				return nil, "a constant that differs from frame to frame"
			}
			continue
		}
		x, why := n.operand(node, i, t)
		if why != "" {
			return nil, why
		}
		x = n.natural(x)
		if x.typ.DType != t.DType {
			x = n.mapped(x, scalar.Wrap{Bits: t.DType.Bits(), Signed: signed(t.DType), Float: t.DType.IsFloat()},
				network.Type{DType: t.DType, Shape: x.typ.Shape})
		}
		parts = append(parts, x)
	}
	return n.picked(n.sideBySide(parts, t), f, batches, t), ""
}

// sideBySide joins feeds of one shape along a new innermost axis.
func (n *net) sideBySide(parts []feed, t network.Type) feed {
	one := network.Type{DType: t.DType, Shape: append(append([]int(nil), t.Shape...), 1)}
	axes := naturalAxes(len(one.Shape))
	for i, f := range parts {
		parts[i] = n.reshaped(f, one, axes, 1)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	var c wiring.Concat
	for _, f := range parts {
		c.In = append(c.In, f.stream)
	}
	all := network.Type{DType: t.DType, Shape: append(slices.Clone(t.Shape), len(parts))}
	return n.fed(c, all, axes, parts...)
}

// picked applies a choice to a feed whose innermost axis are the streams of it: place by
// place, or, where constants differ, frame by frame.
func (n *net) picked(f feed, s scalar.Select, byPlace bool, t network.Type) []feed {
	batches := func(_, out sched.Stream) int64 {
		if byPlace {
			return out.Frame()
		}
		return 1
	}
	return []feed{n.inBatches(f, 1, batches, s, t, naturalAxes(len(t.Shape)))}
}
