package network

import (
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Whole is the network with all that a run of it takes as one frame, for hardware that
// streams frames: the first axis of every tensor has one element. A tensor that has no
// such axis gets one in front of its own, and operators count their axes from there;
// images side by side in a frame are channels of their own. Where every node treats
// frames by itself, as ByFrames says, it is the network as it is.
//
// Tensors keep their names, and their elements the order in memory. What a node reads
// with yet another axis in front of it has "_framed" behind the name.
func (g *Graph) Whole() (*Graph, error) {
	types, err := g.Types()
	if err != nil || g.ByFrames(types) {
		return g, err
	}
	w := &framing{types: types, taken: takenBy(types), out: &Graph{Name: g.Name, Outputs: g.Outputs, Constants: maps.Clone(g.Constants)},
		streams: map[string]bool{}, views: map[string]string{}}
	if w.out.Constants == nil {
		w.out.Constants = map[string]*tensor.Tensor{}
	}
	for _, n := range g.Nodes {
		w.taken[n.Name] = true
	}
	for _, in := range g.Inputs {
		w.streams[in.Name] = true
		w.out.Inputs = append(w.out.Inputs, Input{in.Name, Framed(in.Type)})
	}
	for _, n := range g.Nodes {
		if err := w.node(n); err != nil {
			return nil, fmt.Errorf("node %q (%s): %w", n.Name, n.Op.Kind(), err)
		}
	}
	return w.out, w.out.Check()
}

// Framed is the type of a tensor of a run as that of one frame.
func Framed(t Type) Type {
	if len(t.Shape) > 0 && t.Shape[0] == 1 {
		return t
	}
	return inFront(t)
}

// inFront is a type with an axis of one element in front.
func inFront(t Type) Type { return Type{t.DType, append([]int{1}, t.Shape...)} }

// framing is a network being made one of frames.
type framing struct {
	types   map[string]Type // as they were
	taken   taken
	out     *Graph
	streams map[string]bool
	views   map[string]string // of a tensor and a shape, the name of what shows it so
}

// node adds what becomes of a node.
func (w *framing) node(n Node) error {
	if !slices.ContainsFunc(n.Inputs, func(name string) bool { return w.streams[name] }) {
		w.out.Nodes = append(w.out.Nodes, n)
		return nil
	}
	for _, name := range n.Outputs {
		w.streams[name] = name != ""
	}
	if w.single(n) && byFrames(n, w.types, w.streams) {
		w.out.Nodes = append(w.out.Nodes, n)
		return nil
	}
	if ok, err := w.product(n); ok || err != nil {
		return err
	}
	if ok, err := w.images(n); ok || err != nil {
		return err
	}
	return w.shifted(n)
}

// single reports whether all streams at a node are of one frame as they are.
func (w *framing) single(n Node) bool {
	for _, name := range slices.Concat(n.Inputs, n.Outputs) {
		if t := w.types[name]; w.streams[name] && (len(t.Shape) == 0 || t.Shape[0] != 1) {
			return false
		}
	}
	return true
}

// shifted adds a node that counts its axes from behind the new one.
func (w *framing) shifted(n Node) error {
	in := typesOf(n.Inputs, w.types)
	op := shifted(n.Op, in, w.types[n.Outputs[0]])
	rank := 0 // that shorter ones are broadcast to
	if broadcasts(op) {
		rank = len(w.types[n.Outputs[0]].Shape)
	}
	inputs := slices.Clone(n.Inputs)
	for i, name := range n.Inputs {
		t := in[i]
		switch {
		case name == "":
		case w.streams[name]:
			for len(t.Shape) < rank {
				t = inFront(t)
			}
			inputs[i] = w.show(name, inFront(t).Shape)
		case joins(op):
			c, err := w.out.Constants[name].Reshape(inFront(t).Shape...)
			if err != nil {
				return err
			}
			inputs[i] = w.constant(name, c)
		}
	}
	w.add(n, op, inputs)
	return nil
}

// add adds a node whose outputs have an axis in front, and shows them as they are to be.
func (w *framing) add(n Node, op Op, inputs []string) {
	outputs := slices.Clone(n.Outputs)
	var after []Node
	for i, name := range n.Outputs {
		if t := w.types[name]; name != "" && len(t.Shape) > 0 && t.Shape[0] == 1 {
			outputs[i] = w.fresh(name)
			w.views[view(name, inFront(t).Shape)] = outputs[i]
			after = append(after, Node{outputs[i], Reshape{t.Shape}, []string{outputs[i]}, []string{name}})
		}
	}
	w.out.Nodes = append(w.out.Nodes, Node{n.Name, op, inputs, outputs})
	w.out.Nodes = append(w.out.Nodes, after...)
}

// show is a stream in another shape, made where it is wanted first.
func (w *framing) show(name string, shape []int) string {
	if slices.Equal(Framed(w.types[name]).Shape, shape) {
		return name
	}
	key := view(name, shape)
	if at, ok := w.views[key]; ok {
		return at
	}
	at := w.fresh(name)
	w.views[key] = at
	w.out.Nodes = append(w.out.Nodes, Node{at, Reshape{shape}, []string{name}, []string{at}})
	return at
}

func view(name string, shape []int) string { return fmt.Sprintf("%v %s", shape, name) }

// constant adds a constant made of another one.
func (w *framing) constant(name string, c *tensor.Tensor) string {
	at := w.fresh(name)
	w.out.Constants[at] = c
	return at
}

// fresh is a name that no tensor has.
func (w *framing) fresh(name string) string { return w.taken.fresh(name + "_framed") }
