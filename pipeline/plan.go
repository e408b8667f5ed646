package pipeline

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/sched"
)

// Plan is a machine as data: blocks joined by edges. It is made by the passes
// of package mapping, or by hand, and is not changed any more once it is run;
// With returns an altered copy.
type Plan struct {
	Nodes []Node // upstream ones first
	Edges []Edge
}

// Node is a block in its place.
type Node struct {
	Layer string // the layer it belongs to, "" in a plan of one layer
	Block Block
}

// Name is the node's name, with its layer's in front if there is one.
func (n Node) Name() string { return Within(n.Layer, n.Block.Kind()) }

// Port is an output or input of a node, both counted from 0.
type Port struct{ Node, Port int }

// Edge joins an output to an input: a wire (Depth 0), or a FIFO of Depth beats
// which offers a beat Latency cycles after it came unless its Memory says otherwise.
type Edge struct {
	Name     string
	From, To Port
	Depth    int
	Latency  int
	Memory   Memory
	Stream   sched.Stream // what crosses it in one frame
}

// Add appends a node and returns its number.
func (p *Plan) Add(layer string, b Block) int {
	p.Nodes = append(p.Nodes, Node{layer, b})
	return len(p.Nodes) - 1
}

// Join appends an edge named after the nodes at its ends: "pad.window" within a
// layer, with the layer's name in front if it has one, and the names of both
// layers from one to another. A second edge of the same name gets a number.
func (p *Plan) Join(from, to Port) int {
	a, b := p.Nodes[from.Node], p.Nodes[to.Node]
	name := Within(a.Layer, a.Block.Kind()+"."+b.Block.Kind())
	if a.Layer != b.Layer {
		name = crossing(a, b)
	}
	_, out := a.Block.Streams()
	p.Edges = append(p.Edges, Edge{Name: p.unused(name), From: from, To: to, Latency: 1, Stream: out[from.Port]})
	return len(p.Edges) - 1
}

// crossing names an edge between two layers; ends have no layer.
func crossing(a, b Node) string {
	from, to := a.Layer, b.Layer
	if from == "" {
		from = a.Block.Kind()
	}
	if to == "" {
		to = b.Block.Kind()
	}
	return from + "." + to
}

// unused returns the name, numbered if an edge has it already.
func (p *Plan) unused(name string) string {
	taken := func(s string) bool { return slices.ContainsFunc(p.Edges, func(e Edge) bool { return e.Name == s }) }
	if !taken(name) {
		return name
	}
	for n := 2; ; n++ {
		if s := fmt.Sprintf("%s.%d", name, n); !taken(s) {
			return s
		}
	}
}

// Within is a name with its layer's in front, if there is one.
func Within(layer, name string) string {
	if layer == "" {
		return name
	}
	return layer + "." + name
}

// WithDepth returns the plan with the depth of one edge replaced.
func (p *Plan) WithDepth(edge string, depth int) *Plan {
	q := &Plan{Nodes: p.Nodes, Edges: slices.Clone(p.Edges)}
	for i := range q.Edges {
		if q.Edges[i].Name == edge {
			q.Edges[i].Depth = depth
		}
	}
	return q
}

// Wiring lists, per node, the numbers of the edges at its inputs and outputs.
// It must be called on a plan that Check finds in order.
func (p *Plan) Wiring() (in, out [][]int) {
	in, out = make([][]int, len(p.Nodes)), make([][]int, len(p.Nodes))
	numbers := make([]int, 2*len(p.Edges)) // most nodes have one edge on either side
	place := func(list []int, port, edge int) []int {
		if list == nil && port == 0 {
			list, numbers = numbers[:0:1], numbers[1:]
		}
		for len(list) <= port {
			list = append(list, 0)
		}
		list[port] = edge
		return list
	}
	for i, e := range p.Edges {
		out[e.From.Node] = place(out[e.From.Node], e.From.Port, i)
		in[e.To.Node] = place(in[e.To.Node], e.To.Port, i)
	}
	return in, out
}

// Needs lists, per edge, how many beats of the last frame its consumer needs
// for all outputs of the plan.
func (p *Plan) Needs() []int64 { return p.needs(math.MaxInt64) }

// First lists, per edge, how many beats its consumer needs for the first beat of
// every output of the plan.
func (p *Plan) First() []int64 { return p.needs(1) }

// needs lists what the plan's ends need to take so many beats of a frame, or all
// if there are fewer.
func (p *Plan) needs(atEnds int64) []int64 {
	in, out := p.Wiring()
	needs := make([]int64, len(p.Edges))
	for i := len(p.Nodes) - 1; i >= 0; i-- {
		wanted := make([]int64, len(out[i]))
		for port, e := range out[i] {
			wanted[port] = needs[e]
		}
		for port, n := range p.Nodes[i].Block.Needs(wanted) {
			if len(wanted) == 0 {
				n = min(n, atEnds)
			}
			needs[in[i][port]] = n
		}
	}
	return needs
}

// Check says all that is wrong with a plan: blocks that are not in order, ports
// left open or joined twice, streams that do not fit, nodes not upstream first.
func (p *Plan) Check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf("plan: "+format, args...)) }
	ins, outs := map[Port]int{}, map[Port]int{}
	for i, n := range p.Nodes {
		if n.Block == nil {
			say("node %d has no block", i)
			return errors.Join(wrong...)
		}
		if err := n.Block.Check(); err != nil {
			say("%s: %w", n.Name(), err)
			return errors.Join(wrong...)
		}
		in, out := n.Block.Streams()
		for port := range in {
			ins[Port{i, port}] = 0
		}
		for port := range out {
			outs[Port{i, port}] = 0
		}
	}
	for _, e := range p.Edges {
		if _, ok := outs[e.From]; !ok {
			say("edge %s starts at an output that is not there", e.Name)
			return errors.Join(wrong...)
		}
		if _, ok := ins[e.To]; !ok {
			say("edge %s ends at an input that is not there", e.Name)
			return errors.Join(wrong...)
		}
		outs[e.From]++
		ins[e.To]++
		wrong = append(wrong, p.checkEdge(e))
	}
	for i, n := range p.Nodes {
		in, out := n.Block.Streams()
		for port := range in {
			if c := ins[Port{i, port}]; c != 1 {
				say("input %d of %s is joined to %d edges; allowed: 1", port, n.Name(), c)
			}
		}
		for port := range out {
			if c := outs[Port{i, port}]; c != 1 {
				say("output %d of %s is joined to %d edges; allowed: 1", port, n.Name(), c)
			}
		}
	}
	return errors.Join(wrong...)
}

// checkEdge says what is wrong with one edge whose ends are there.
func (p *Plan) checkEdge(e Edge) error {
	if e.Depth < 0 || e.Latency < 1 {
		return fmt.Errorf("plan: edge %s has depth %d and latency %d; allowed: 0 and 1 or more", e.Name, e.Depth, e.Latency)
	}
	if e.From.Node >= e.To.Node {
		return fmt.Errorf("plan: edge %s does not lead downstream", e.Name)
	}
	if err := e.Memory.check(e); err != nil {
		return err
	}
	_, out := p.Nodes[e.From.Node].Block.Streams()
	in, _ := p.Nodes[e.To.Node].Block.Streams()
	a, b := out[e.From.Port], in[e.To.Port]
	if e.Stream != a {
		return fmt.Errorf("plan: edge %s carries %+v; allowed: what its producer sends, %+v", e.Name, e.Stream, a)
	}
	if a.Frame() != b.Frame() || a.Lanes != b.Lanes || a.Elem != b.Elem {
		return fmt.Errorf("plan: on edge %s %d beats of %d x %s come a frame, %d of %d x %s are taken", e.Name,
			a.Frame(), a.Lanes, a.Elem, b.Frame(), b.Lanes, b.Elem)
	}
	return nil
}
