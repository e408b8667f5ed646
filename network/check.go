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
	c := checker{types: map[string]Type{}, made: map[string]string{}, nodes: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(g.Constants)) {
		c.define(name, "a constant", TypeOf(g.Constants[name]))
	}
	for _, in := range g.Inputs {
		if _, err := sized(in.Type.DType, in.Type.Shape); err != nil {
			c.errorf("input %q: %w", in.Name, err)
		}
		c.define(in.Name, "an input", in.Type)
	}
	for _, n := range g.Nodes {
		c.node(n)
	}
	c.outputs(g.Outputs)
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	return c.types, nil
}

// checker walks through a graph.
type checker struct {
	types map[string]Type   // of tensors; missing: unknown because of a mistake
	made  map[string]string // tensor -> what makes it
	nodes map[string]bool
	errs  []error
}

func (c *checker) errorf(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

func (c *checker) define(name, by string, t Type) {
	if other, ok := c.made[name]; ok {
		c.errorf("%s is named %q, as is %s", by, name, other)
		return
	}
	if name == "" {
		c.errorf("%s has no name", by)
		return
	}
	c.made[name] = by
	if t.DType.Valid() {
		c.types[name] = t
	}
}

func (c *checker) node(n Node) {
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
		c.define(name, fmt.Sprintf("output %d of node %q", i, n.Name), t)
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
