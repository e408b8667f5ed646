package network

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Check finds all mistakes of the graph at once: names that are taken, inputs
// that nothing makes, and nodes whose operators do not take their inputs.
func (g *Graph) Check() error {
	_, err := g.Types()
	return err
}

// Types returns the type of every tensor, or what Check returns. Of a node
// that depends on a mistake, only what is certain is reported.
func (g *Graph) Types() (map[string]Type, error) {
	c := checker{g: g, types: map[string]Type{}, made: map[string]origin{}, nodes: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(g.Constants)) {
		c.define(name, aConstant, TypeOf(g.Constants[name]))
	}
	for _, in := range g.Inputs {
		if _, err := sized(in.Type.DType, in.Type.Shape); err != nil {
			c.errorf("input %q: %w", in.Name, err)
		}
		c.define(in.Name, anInput, in.Type)
	}
	for i := range g.Nodes {
		c.node(i)
	}
	c.outputs(g.Outputs)
	if len(c.errs) > 0 {
		return nil, c.err()
	}
	return c.types, nil
}

// maxMistakes is how many mistakes are told; the others are counted.
const maxMistakes = 100

// origin is what makes a tensor: a node, or one of the two below.
type origin int

const (
	aConstant origin = -1
	anInput   origin = -2
)

// checker walks through a graph.
type checker struct {
	g      *Graph
	types  map[string]Type // of tensors; missing: unknown because of a mistake
	made   map[string]origin
	nodes  map[string]bool
	errs   []error
	untold int
}

func (c *checker) errorf(format string, args ...any) {
	if len(c.errs) == maxMistakes {
		c.untold++
		return
	}
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

// err joins the mistakes.
func (c *checker) err() error {
	if c.untold > 0 {
		return errors.Join(append(c.errs, fmt.Errorf("and %d more", c.untold))...)
	}
	return errors.Join(c.errs...)
}

// describe says what makes a tensor.
func (c *checker) describe(by origin) string {
	switch by {
	case aConstant:
		return "a constant"
	case anInput:
		return "an input"
	}
	return fmt.Sprintf("an output of node %q", c.g.Nodes[by].Name)
}

func (c *checker) define(name string, by origin, t Type) {
	if other, ok := c.made[name]; ok {
		c.errorf("%s is named %q, as is %s", c.describe(by), name, c.describe(other))
		return
	}
	if name == "" {
		c.errorf("%s has no name", c.describe(by))
		return
	}
	c.made[name] = by
	if t.DType.Valid() {
		c.types[name] = t
	}
}

func (c *checker) node(place int) {
	n := c.g.Nodes[place]
	if n.Name == "" || c.nodes[n.Name] {
		c.errorf("node %q (%s): its name is empty or taken", n.Name, kind(n.Op))
	}
	c.nodes[n.Name] = true
	types, err := c.infer(n)
	if err != nil {
		c.errorf("node %q (%s): %w", n.Name, kind(n.Op), err)
	}
	for i, name := range n.Outputs {
		if name == "" {
			continue
		}
		t := Type{}
		if i < len(types) {
			t = types[i]
		}
		c.define(name, origin(place), t)
	}
}

// infer returns the types of a node's outputs; none, without an error, if
// those of its inputs are unknown.
func (c *checker) infer(n Node) ([]Type, error) {
	in, known := make([]Type, len(n.Inputs)), true
	var errs []error
	for i, name := range n.Inputs {
		if name == "" {
			continue
		}
		if _, ok := c.made[name]; !ok {
			errs = append(errs, fmt.Errorf("input %d, %q, is made by nothing before it", i, name))
		}
		t, ok := c.types[name]
		in[i], known = t, known && ok
	}
	if n.Op == nil {
		errs = append(errs, errors.New("no operator"))
	}
	if len(errs) > 0 || !known {
		return nil, errors.Join(errs...)
	}
	types, err := n.Op.Infer(in)
	if err == nil && len(types) < len(n.Outputs) {
		err = fmt.Errorf("%d outputs; allowed: %d", len(n.Outputs), len(types))
	}
	return types, err
}

func (c *checker) outputs(names []string) {
	if len(names) == 0 {
		c.errorf("the graph has no output")
	}
	seen := map[string]bool{}
	for _, name := range names {
		if _, ok := c.made[name]; !ok {
			c.errorf("output %q of the graph is made by nothing", name)
		}
		if seen[name] {
			c.errorf("output %q of the graph is listed twice", name)
		}
		seen[name] = true
	}
}

func kind(op Op) string {
	if op == nil {
		return "nothing"
	}
	return op.Kind()
}
