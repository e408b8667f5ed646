package onnx

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// inputs defines initialisers and inputs. An input that is an initialiser too is a
// constant.
func (c *converter) inputs(shapes map[string][]int) {
	g := c.model.Graph
	for i, t := range g.Initializers {
		c.initializer(i, t)
	}
	for _, name := range g.Sparse {
		c.problem(fmt.Errorf("initializer %q is sparse; supported: dense ones", name))
		c.values[name] = &value{}
	}
	var names []string
	symbols := c.symbols(shapes)
	for _, in := range g.Inputs {
		if v := c.values[in.Name]; v != nil && v.constant() && !slices.Contains(names, in.Name) {
			continue
		}
		names = append(names, in.Name)
		typ, err := in.resolve(shapes[in.Name], symbols)
		c.problem(err)
		c.define(in.Name, "an input", &value{typ: typ})
		if in.Name == "" {
			c.problem(errors.New("an input has no name"))
		}
		c.graph.Inputs = append(c.graph.Inputs, network.Input{Name: in.Name, Type: typ})
	}
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		if !slices.Contains(names, name) {
			c.problem(fmt.Errorf("there is no input %q to give a shape; allowed: %s", name, quoted(names)))
		}
	}
}

func quoted(names []string) string {
	var out []string
	for _, name := range names {
		out = append(out, fmt.Sprintf("%q", name))
	}
	return strings.Join(out, ", ")
}

// initializer defines a constant. Its type has to be one that can be read only if
// it is used.
func (c *converter) initializer(i int, t *Tensor) {
	if t.Name == "" {
		c.problem(fmt.Errorf("initializer %d has no name", i))
		return
	}
	v := &value{load: t.Load}
	if dtype, err := t.Type.DType(); err == nil {
		v.typ = network.Type{DType: dtype, Shape: t.Shape()}
		c.budget += 2 * t.bytes()
	}
	c.define(t.Name, "an initializer", v)
	if c.reads[t.Name] {
		c.problem(t.checkExternal())
	}
}

// symbols returns the sizes that given shapes give to symbols; those that are given
// several stand for nothing in particular.
func (c *converter) symbols(shapes map[string][]int) map[string]int {
	out, several := map[string]int{}, map[string]bool{}
	for _, in := range c.model.Graph.Inputs {
		shape := shapes[in.Name]
		if len(shape) != len(in.Dims) {
			continue
		}
		for axis, d := range in.Dims {
			if n, ok := out[d.Symbol]; ok && n != shape[axis] {
				several[d.Symbol] = true
			}
			out[d.Symbol] = shape[axis]
		}
	}
	maps.DeleteFunc(out, func(symbol string, _ int) bool { return symbol == "" || several[symbol] })
	return out
}

// resolve returns the type of an input. A given shape wins over the one declared; a
// first axis that is left open is a batch of one.
func (v ValueInfo) resolve(given []int, symbols map[string]int) (network.Type, error) {
	if v.Other != "" {
		return network.Type{}, fmt.Errorf("input %q is %s; supported: tensors", v.Name, v.Other)
	}
	dtype, err := v.Type.DType()
	if err == nil && dataTypes[v.Type].bits != int64(dtype.Bits()) {
		err = fmt.Errorf("elements of %s; supported: int4, uint4, int8, uint8, int16, int32, int64, float32, float64", v.Type)
	}
	if err != nil {
		return network.Type{}, fmt.Errorf("input %q: %w", v.Name, err)
	}
	if given != nil {
		if v.Shaped && len(given) != len(v.Dims) {
			return network.Type{}, fmt.Errorf("input %q is to have shape %v; declared: %s, %d axes", v.Name, given, v.shape(), len(v.Dims))
		}
		return sized(v.Name, dtype, given)
	}
	if !v.Shaped {
		return network.Type{}, fmt.Errorf("input %q has no declared shape: give it one, as in --input-shape %[1]s=1x3x224x224", v.Name)
	}
	shape, unknown := make([]int, len(v.Dims)), []string{}
	for axis, d := range v.Dims {
		n, ok := symbols[d.Symbol]
		switch {
		case d.Symbol == "" && d.Value > 0 && d.Value <= math.MaxInt32:
			shape[axis] = int(d.Value)
		case d.Symbol != "" && ok:
			shape[axis] = n
		case axis == 0 && len(v.Dims) > 1:
			shape[axis] = 1 // a batch of one
		default:
			unknown = append(unknown, fmt.Sprintf("axis %d (%s)", axis, d))
		}
	}
	if len(unknown) > 0 {
		return network.Type{}, fmt.Errorf("input %q has shape %s: the size of %s is not known; give it, as in --input-shape %[1]s=%[4]s",
			v.Name, v.shape(), strings.Join(unknown, ", "), v.example())
	}
	return sized(v.Name, dtype, shape)
}

func sized(name string, dtype tensor.DType, shape []int) (network.Type, error) {
	n, err := tensor.Elements(shape)
	if err == nil && n > tensor.MaxBytes/int64(dtype.Size()) {
		err = fmt.Errorf("shape %v; allowed: at most %d bytes", shape, tensor.MaxBytes)
	}
	if err != nil {
		return network.Type{}, fmt.Errorf("input %q: %w", name, err)
	}
	return network.Type{DType: dtype, Shape: slices.Clone(shape)}, nil
}

// shape is the declared shape as text: "[N 3 ? ?]".
func (v ValueInfo) shape() string { return fmt.Sprint(v.Dims) }

// example is a shape in which nothing is unknown.
func (v ValueInfo) example() string {
	var parts []string
	for axis, d := range v.Dims {
		switch {
		case d.Symbol == "" && d.Value > 0:
			parts = append(parts, fmt.Sprint(d.Value))
		case axis == 0:
			parts = append(parts, "1")
		default:
			parts = append(parts, "224")
		}
	}
	return strings.Join(parts, "x")
}

// FreeInputs returns the names of the inputs that are no initialisers.
func (m *Model) FreeInputs() []string {
	constant := map[string]bool{}
	for _, t := range m.Graph.Initializers {
		constant[t.Name] = true
	}
	var out []string
	for _, in := range m.Graph.Inputs {
		if !constant[in.Name] {
			out = append(out, in.Name)
		}
	}
	return out
}
