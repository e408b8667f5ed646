package onnx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// maxProblems is the most problems that are told.
const maxProblems = 100

// Fate says what becomes of a node of a model.
type Fate string

// What may become of a node.
const (
	Kept        Fate = "kept"
	Computed    Fate = "computed" // its outputs are constants
	Removed     Fate = "removed"  // it changes nothing
	Unused      Fate = "unused"   // no output of the graph depends on it
	Unsupported Fate = "unsupported"
	Unclear     Fate = "unclear" // it depends on one that is unsupported
)

// Step is a node of a model and what becomes of it.
type Step struct {
	Name, Kind string
	Fate       Fate
	Inputs     []network.Type // of nodes that are kept
	Outputs    []network.Type
	MACs       int64
	Parameters int64 // elements of constants it is the first to read
}

// Conversion is a model made into a network, as far as that is possible.
type Conversion struct {
	Inputs   []network.Input
	Outputs  []network.Input
	Steps    []Step // in the order of the model
	Problems []error

	graph  *network.Graph // without constants
	values map[string]*value
}

// Network makes a network of the model. shapes are those of inputs whose sizes are
// symbols, or that are to have others than declared. The error holds all problems.
func (m *Model) Network(shapes map[string][]int) (*network.Graph, error) {
	return m.Convert(shapes).Network()
}

// Convert finds out what becomes of every node. No weights are loaded.
func (m *Model) Convert(shapes map[string][]int) *Conversion {
	c := newConverter(m)
	c.inputs(shapes)
	order, err := c.order()
	c.problem(err)
	if err := c.checkVersion(); err != nil {
		c.problem(err)
	} else {
		for _, i := range order {
			c.convert(i)
		}
		c.outputs()
	}
	out := &Conversion{Inputs: c.graph.Inputs, Steps: c.steps, Problems: c.problems, graph: c.graph, values: c.values}
	for _, name := range c.graph.Outputs {
		out.Outputs = append(out.Outputs, network.Input{Name: name, Type: c.typeOf(name)})
	}
	if c.untold > 0 {
		out.Problems = append(out.Problems, fmt.Errorf("and %d more problems", c.untold))
	}
	return out
}

// Network returns the graph, its constants loaded, or the problems.
func (c *Conversion) Network() (*network.Graph, error) {
	if len(c.Problems) > 0 {
		return nil, errors.Join(c.Problems...)
	}
	g := *c.graph
	g.Constants = map[string]*tensor.Tensor{}
	for _, n := range g.Nodes {
		for _, name := range n.Inputs {
			v := c.values[name]
			if v == nil || !v.constant() || g.Constants[name] != nil {
				continue
			}
			t, err := v.get()
			if err != nil {
				return nil, err
			}
			g.Constants[name] = t
		}
	}
	return &g, g.Check()
}

// value is what is known of a tensor.
type value struct {
	typ  network.Type // the zero Type: unknown because of a problem
	data *tensor.Tensor
	load func() (*tensor.Tensor, error) // of a constant that is not in memory
}

func (v *value) constant() bool { return v.data != nil || v.load != nil }

func (v *value) get() (*tensor.Tensor, error) {
	if v.data != nil {
		return v.data, nil
	}
	return v.load()
}

// converter makes a network of a model.
type converter struct {
	model    *Model
	versions map[string]int64 // of operators, by domain
	values   map[string]*value
	alias    map[string]string // tensor -> the one it equals
	graph    *network.Graph
	steps    []Step
	problems []error
	untold   int             // problems beyond these
	listed   map[string]bool // domains whose supported operators were told
	budget   int64           // bytes that computing constants may still touch
	names    map[string]bool // of nodes
	counted  map[string]bool // constants
	splats   *splats
	reads    map[string]bool // tensors that a node or the outputs read

	dequantized map[string]network.Node // what makes floats of constants, by tensor
}

func newConverter(m *Model) *converter {
	c := &converter{
		model: m, versions: map[string]int64{}, values: map[string]*value{}, alias: map[string]string{},
		graph: &network.Graph{Name: m.Graph.Name}, steps: make([]Step, len(m.Graph.Nodes)),
		budget: 32 << 20, names: map[string]bool{}, listed: map[string]bool{}, counted: map[string]bool{}, splats: newSplats(),
		reads: map[string]bool{}, dequantized: map[string]network.Node{},
	}
	for _, n := range m.Graph.Nodes {
		for _, name := range n.Inputs {
			c.reads[name] = true
		}
	}
	for _, o := range m.Graph.Outputs {
		c.reads[o.Name] = true
	}
	for _, o := range m.Opsets {
		domain := plain(o.Domain)
		c.versions[domain] = max(c.versions[domain], o.Version)
	}
	return c
}

// problem notes a problem. Beyond a number of them they are only counted.
func (c *converter) problem(err error) {
	switch {
	case err == nil:
	case len(c.problems) == maxProblems:
		c.untold++
	default:
		c.problems = append(c.problems, err)
	}
}

// real returns the name a tensor goes by.
func (c *converter) real(name string) string {
	if other, ok := c.alias[name]; ok {
		return other
	}
	return name
}

func (c *converter) typeOf(name string) network.Type {
	if v := c.values[c.real(name)]; v != nil {
		return v.typ
	}
	return network.Type{}
}

// define adds a tensor; its name has to be new.
func (c *converter) define(name, what string, v *value) {
	if _, ok := c.values[name]; ok || c.alias[name] != "" {
		c.problem(fmt.Errorf("%s is named %q, as is another tensor", what, name))
		return
	}
	c.values[name] = v
}

// unique returns a name no other node has.
func (c *converter) unique(name string) string {
	for base, i := name, 2; c.names[name]; i++ {
		name = fmt.Sprintf("%s#%d", base, i)
	}
	c.names[name] = true
	return name
}

// convert converts a node.
func (c *converter) convert(i int) {
	n, step := &c.model.Graph.Nodes[i], &c.steps[i]
	k := newCall(c, n, step.Name)
	out := k.apply()
	step.Fate = Kept
	switch {
	case len(k.errs) > 0:
		step.Fate = Unsupported
	case k.blind:
		step.Fate = Unclear
	}
	for _, err := range k.errs {
		c.problem(fmt.Errorf("node %q (%s): %w", step.Name, visible(step.Kind), err))
	}
	if step.Fate != Kept {
		for _, name := range n.Outputs {
			c.values[name] = &value{}
		}
		return
	}
	c.finish(n, step, out)
}

// finish adds what a node has become to the graph.
func (c *converter) finish(n *Node, step *Step, out outcome) {
	switch {
	case out.same != "":
		step.Fate = Removed
		c.alias[n.Outputs[0]] = out.same
	case out.values != nil:
		step.Fate = Computed
		for i, name := range n.Outputs {
			if name != "" {
				c.values[name] = out.values[i]
			}
		}
	default:
		c.keep(n, step, out)
	}
	for _, name := range n.Outputs {
		if name != "" {
			step.Outputs = append(step.Outputs, c.typeOf(name))
		}
	}
}

// keep adds nodes to the graph: those that prepare, then the node itself.
func (c *converter) keep(n *Node, step *Step, out outcome) {
	for _, name := range out.inputs {
		step.Inputs = append(step.Inputs, c.typeOf(name))
		if v := c.values[name]; v != nil && v.constant() && !c.counted[name] {
			c.counted[name] = true
			count, _ := tensor.Elements(v.typ.Shape)
			step.Parameters += count
		}
	}
	step.MACs = network.MACs(out.op, step.Inputs)
	for _, b := range out.before {
		var in []network.Type
		for _, name := range b.Inputs {
			in = append(in, c.typeOf(name))
		}
		step.MACs += network.MACs(b.Op, in)
	}
	c.graph.Nodes = append(c.graph.Nodes, out.before...)
	node := network.Node{Name: step.Name, Op: out.op, Inputs: out.inputs, Outputs: n.Outputs}
	c.graph.Nodes = append(c.graph.Nodes, node)
	if _, ok := out.op.(network.DequantizeLinear); ok && c.values[out.inputs[0]].constant() {
		c.dequantized[n.Outputs[0]] = node
	}
	for i, name := range n.Outputs {
		if name != "" {
			c.values[name] = &value{typ: out.types[i]}
		}
	}
}

// outputs lists the outputs; one that goes by another name gets a node of its own.
func (c *converter) outputs() {
	for _, o := range c.model.Graph.Outputs {
		name := c.real(o.Name)
		v := c.values[name]
		if v == nil {
			c.problem(fmt.Errorf("output %q of the graph is made by nothing", o.Name))
			continue
		}
		if slices.Contains(c.graph.Outputs, o.Name) {
			c.problem(fmt.Errorf("output %q of the graph is listed twice", o.Name))
			continue
		}
		c.graph.Outputs = append(c.graph.Outputs, o.Name)
		if name == o.Name && !v.constant() {
			continue
		}
		from := name
		if name == o.Name { // a constant: the node that shows it needs another name for it
			from = c.fresh(name)
			c.values[from] = v
			c.readInstead(name, from)
		}
		c.values[o.Name] = &value{typ: v.typ}
		c.graph.Nodes = append(c.graph.Nodes, network.Node{Name: c.unique(o.Name), Op: network.Identity{},
			Inputs: []string{from}, Outputs: []string{o.Name}})
	}
	if len(c.model.Graph.Outputs) == 0 {
		c.problem(errors.New("the graph has no output"))
	}
}

// readInstead has nodes that read a tensor read another.
func (c *converter) readInstead(name, other string) {
	for i, n := range c.graph.Nodes {
		if !slices.Contains(n.Inputs, name) {
			continue
		}
		inputs := slices.Clone(n.Inputs)
		for k, in := range inputs {
			if in == name {
				inputs[k] = other
			}
		}
		c.graph.Nodes[i].Inputs = inputs
	}
}

// fresh returns a name for a tensor that no other has.
func (c *converter) fresh(name string) string {
	for c.values[name] != nil || c.alias[name] != "" {
		name += "'"
	}
	return name
}
