package hdl

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/pipeline"
)

// Circuit is a plan as hardware.
type Circuit struct {
	Name    string            // of the top
	Sources map[string]string // the text of every module by its name: the library's, the layers', the top
	Memory  map[string]string // the text of every memory by its file
	Edges   []Wiring          // by edge of the plan
	Nodes   []string          // by node, its instance within the top; "": an end
	Inputs  []Port            // by source, in the order of the plan
	Outputs []Port            // by sink
}

// Port is an AXI4-Stream port of the top.
type Port struct {
	Name     string // its prefix: "s_axis"
	Edge     int    // of the plan
	Bits     int    // of a beat; tdata has whole bytes
	Channels []int  // of a pixel, or a few, by beat and lane, as in Module
}

// Bytes are those of tdata.
func (p Port) Bytes() int { return max(1, (p.Bits+7)/8) }

// Wiring is where the handshakes of an edge can be seen: names within the top, of
// a signal that is followed by _valid, _ready and _data.
type Wiring struct {
	In, Out string // both ends of a FIFO; the same of a wire
	FIFO    string // its instance within the top; "": a wire
}

// Refused says which node has no hardware, and why.
type Refused struct {
	Node, Why string
	Layer     string // the node's, "": it has none
	Operator  string // of the layer, as its model has it; "": not known
}

func (r *Refused) Error() string {
	operator := ""
	if r.Operator != "" {
		operator = " (" + r.Operator + ")"
	}
	return fmt.Sprintf("%s%s cannot be emitted: %s", r.Node, operator, r.Why)
}

// Emit makes hardware of a plan whose blocks keep the constants, by node. The error
// holds all that has none.
func Emit(name string, p *pipeline.Plan, constants []Constants) (*Circuit, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	e := &emitter{plan: p, top: topOf(name), files: names{}, modules: make([]*Module, len(p.Nodes)),
		circuit: &Circuit{Sources: map[string]string{}, Memory: map[string]string{}, Edges: make([]Wiring, len(p.Edges)), Nodes: make([]string, len(p.Nodes))}}
	e.circuit.Name = e.top
	e.in, e.out = p.Wiring()
	if err := errors.Join(e.build(constants), e.edges()); err != nil {
		return nil, err
	}
	e.layers()
	e.writeTop()
	e.library()
	return e.circuit, nil
}

// emitter is a plan on its way to hardware.
type emitter struct {
	plan    *pipeline.Plan
	top     string
	modules []*Module // by node; nil: an end
	in, out [][]int
	parts   []*part // modules a layer
	partOf  []int   // by node; -1: an end
	// By edge, the signal that the block upstream and that downstream see.
	from, to []string
	names    names // of the top
	files    names // of memories
	circuit  *Circuit
	used     map[string]bool // modules of the library
}

// build asks every block what hardware it is.
func (e *emitter) build(constants []Constants) error {
	var errs []error
	for i, n := range e.plan.Nodes {
		if e.end(i) {
			continue
		}
		refuse := func(why string) { errs = append(errs, &Refused{Node: n.Name(), Layer: n.Layer, Why: why}) }
		b, ok := n.Block.(Built)
		if !ok {
			refuse(fmt.Sprintf("there is no hardware of a %s of this kind", n.Block.Kind()))
			continue
		}
		var c Constants
		if i < len(constants) {
			c = constants[i]
		}
		m, err := b.Module(c)
		if err != nil {
			refuse(err.Error())
			continue
		}
		e.modules[i] = &m
	}
	return errors.Join(errs...)
}

// end reports whether a node is the outside world.
func (e *emitter) end(node int) bool { return len(e.in[node]) == 0 || len(e.out[node]) == 0 }

// edges refuses channels that leave one block in another order than the next one
// reads them.
func (e *emitter) edges() error {
	var errs []error
	for _, edge := range e.plan.Edges {
		from, to := e.modules[edge.From.Node], e.modules[edge.To.Node]
		if from != nil && to != nil && !slices.Equal(from.Out, to.at(edge.To.Port)) {
			errs = append(errs, &Refused{Node: edge.Name, Why: "channels leave in another order than they are read"})
		}
	}
	return errors.Join(errs...)
}

// at are the channels at an input.
func (m *Module) at(port int) []int {
	if port > 0 && m.Style == Joined && m.Beside != nil {
		return m.Beside
	}
	return m.In
}

// library adds the modules of the library that are used.
func (e *emitter) library() {
	for _, name := range needed(slices.Sorted(maps.Keys(e.used))) {
		e.circuit.Sources[name] = source(name)
	}
}

// use notes a module of the library and returns its name.
func (e *emitter) use(name string) string {
	if e.used == nil {
		e.used = map[string]bool{}
	}
	e.used[name] = true
	return name
}
