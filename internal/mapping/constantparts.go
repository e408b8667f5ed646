package mapping

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
)

// withConstants joins streams and constants along an axis, and reports whether there are
// constants: the streams are joined, and a memory of a frame has the constants among them.
func (n *net) withConstants(node network.Node, axis int, t network.Type, q *network.QLinearConcat) (feed, bool, string) {
	streams := node
	streams.Inputs = slices.DeleteFunc(slices.Clone(node.Inputs), func(name string) bool { return n.Graph.Constants[name] != nil })
	if len(streams.Inputs) == len(node.Inputs) {
		return feed{}, false, ""
	}
	if q != nil {
		return feed{}, true, "one of its inputs is a constant; allowed: streams"
	}
	joined := network.Type{DType: t.DType, Shape: slices.Clone(t.Shape)}
	joined.Shape[axis] = 0
	for _, name := range streams.Inputs {
		joined.Shape[axis] += n.Types[name].Shape[axis]
	}
	f, ok := n.take(streams.Inputs[0])
	why := ""
	if ok && len(streams.Inputs) > 1 {
		f, why = n.behind(streams, axis, joined, nil)
	}
	if why != "" || !ok {
		return f, true, why
	}
	axes := imageAxes(len(t.Shape))
	g, places := n.amongConstants(node, axis, joined.Shape), Places(t.Shape, axes)
	from := make([]int32, len(places))
	for i, p := range places {
		from[i] = g.From[p]
	}
	g.From = from
	return n.rearranged(f, g, t, axes), true, ""
}

// amongConstants says where the elements of the joined tensor come from, as they lie in
// memory: of the streams, which are one of the given shape, or of the constants.
func (n *net) amongConstants(node network.Node, axis int, streams []int) scalar.Gather {
	outer, inner := 1, 1
	for _, d := range streams[1:axis] {
		outer *= d
	}
	for _, d := range streams[axis+1:] {
		inner *= d
	}
	var g scalar.Gather
	for o := range outer {
		at := o * streams[axis] * inner
		for i, name := range node.Inputs {
			run := n.Types[name].Shape[axis] * inner
			c := n.constant(node, i)
			for k := range run {
				if c == nil {
					g.From = append(g.From, int32(at+k))
					continue
				}
				g.From = append(g.From, int32(-2-len(g.Others)))
				g.Others = append(g.Others, number(c, o*run+k))
			}
			if c == nil {
				at += run
			}
		}
	}
	return g
}
