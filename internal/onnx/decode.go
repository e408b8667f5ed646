package onnx

import (
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// What the parts of a description take in memory, roughly, in bytes.
const (
	nodeBytes      = 160
	attributeBytes = 200
	valueBytes     = 120
	tensorBytes    = 200
	wordBytes      = 16
)

// child decodes a message within another one, and says where a mistake is.
func child(f field, what string, decode func(message) error) error {
	err := f.want(protowire.BytesType)
	if err == nil {
		err = decode(f.body)
	}
	if err != nil && what != "" {
		return fmt.Errorf("%s: %w", what, err)
	}
	return err
}

func decodeModel(m message) (*Model, error) {
	if m.len() == 0 {
		return nil, errors.New("the file is empty")
	}
	out := &Model{}
	err := m.each(func(f field) error {
		switch f.number {
		case 1:
			return integer(f, &out.IRVersion)
		case 2:
			return f.cut(&out.ProducerName)
		case 3:
			return f.cut(&out.ProducerVersion)
		case 7:
			if out.Graph != nil {
				return errors.New("the model has two graphs; allowed: one")
			}
			out.Graph = &Graph{}
			return child(f, "graph", out.Graph.decode)
		case 8:
			var o Opset
			err := child(f, "opset_import", o.decode)
			out.Opsets = append(out.Opsets, o)
			return errors.Join(err, m.src.hold(wordBytes))
		}
		return nil
	})
	if err == nil && out.Graph == nil {
		err = errors.New("it holds no graph")
	}
	if err != nil && out.Graph == nil {
		err = fmt.Errorf("this is no ONNX model: %w", err)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (o *Opset) decode(m message) error {
	return m.each(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&o.Domain)
		case 2:
			return integer(f, &o.Version)
		}
		return nil
	})
}

// decode reads a graph.
func (g *Graph) decode(m message) error {
	if m.src.depth++; m.src.depth > maxDepth {
		return fmt.Errorf("graphs within graphs, more than %d deep", maxDepth)
	}
	defer func() { m.src.depth-- }()
	return m.each(func(f field) error {
		switch f.number {
		case 1:
			return g.decodeNode(f)
		case 2:
			return f.cut(&g.Name)
		case 5:
			t, err := decodeTensorField(f)
			g.Initializers = append(g.Initializers, t)
			return named(err, "initializer", len(g.Initializers)-1)
		case 11:
			return decodeValue(f, "input", &g.Inputs)
		case 12:
			return decodeValue(f, "output", &g.Outputs)
		case 15:
			return g.decodeSparse(f)
		}
		return nil
	})
}

// named says which of several parts a mistake is in.
func named(err error, what string, index int) error {
	if err != nil {
		return fmt.Errorf("%s %d: %w", what, index, err)
	}
	return nil
}

func (g *Graph) decodeNode(f field) error {
	src := f.body.src
	if err := f.want(protowire.BytesType); err != nil {
		return err
	}
	if src.nodes++; src.nodes > maxNodes {
		return fmt.Errorf("more than %d nodes; allowed: at most that many", maxNodes)
	}
	var n Node
	err := errors.Join(src.hold(nodeBytes), f.body.each(n.decode))
	g.Nodes = append(g.Nodes, n)
	return named(err, "node", len(g.Nodes)-1)
}

func (n *Node) decode(f field) error {
	switch f.number {
	case 1:
		return f.list(&n.Inputs, f.text)
	case 2:
		return f.list(&n.Outputs, f.text)
	case 3:
		return f.text(&n.Name)
	case 4:
		return f.text(&n.Op)
	case 5:
		var a Attribute
		err := child(f, "", func(m message) error { return m.each(a.decode) })
		n.Attributes = append(n.Attributes, a)
		if a.Type == 0 {
			n.Attributes[len(n.Attributes)-1].guess()
		}
		return errors.Join(named(err, "attribute", len(n.Attributes)-1), f.body.src.hold(attributeBytes))
	case 7:
		return f.text(&n.Domain)
	}
	return nil
}

// list appends a string that is read in some way.
func (f field) list(dst *[]string, read func(*string) error) error {
	var s string
	err := read(&s)
	*dst = append(*dst, s)
	return errors.Join(err, f.body.src.hold(2*wordBytes)) // slices grow ahead
}

// decode reads a field of an attribute.
func (a *Attribute) decode(f field) error {
	switch f.number {
	case 1:
		return f.text(&a.Name)
	case 2:
		a.Float = math.Float32frombits(uint32(f.value))
		return f.want(protowire.Fixed32Type)
	case 3:
		return integer(f, &a.Int)
	case 4:
		return f.cut(&a.String)
	case 5:
		t, err := decodeTensorField(f)
		a.Tensor = t
		return err
	case 6:
		a.Graph = &Graph{}
		return child(f, "graph", a.Graph.decode)
	case 7:
		return f.numbers(protowire.Fixed32Type, func(v uint64) error {
			a.Floats = append(a.Floats, math.Float32frombits(uint32(v)))
			return f.body.src.hold(wordBytes)
		})
	case 8:
		return f.numbers(protowire.VarintType, func(v uint64) error {
			a.Ints = append(a.Ints, int64(v))
			return f.body.src.hold(wordBytes)
		})
	case 9:
		return f.list(&a.Strings, f.cut)
	case 20:
		return integer(f, &a.Type)
	}
	return nil
}

// guess finds the type of an attribute of the first versions, which do not say it.
func (a *Attribute) guess() {
	switch {
	case a.Tensor != nil:
		a.Type = AttributeTensor
	case a.Graph != nil:
		a.Type = AttributeGraph
	case a.Floats != nil:
		a.Type = AttributeFloats
	case a.Ints != nil:
		a.Type = AttributeInts
	case a.Strings != nil:
		a.Type = AttributeStrings
	case a.String != "":
		a.Type = AttributeString
	case a.Float != 0:
		a.Type = AttributeFloat
	default:
		a.Type = AttributeInt
	}
}
