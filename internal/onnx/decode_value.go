package onnx

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// decodeValue appends an input or output of a graph.
func decodeValue(f field, what string, dst *[]ValueInfo) error {
	var v ValueInfo
	err := child(f, "", func(m message) error {
		return errors.Join(m.src.hold(valueBytes), m.each(func(f field) error {
			switch f.number {
			case 1:
				return f.text(&v.Name)
			case 2:
				return child(f, "type", v.decodeType)
			}
			return nil
		}))
	})
	*dst = append(*dst, v)
	return named(err, what, len(*dst)-1)
}

// decodeType reads what a value is.
func (v *ValueInfo) decodeType(m message) error {
	others := map[protowire.Number]string{4: "a sequence", 5: "a map", 7: "opaque", 8: "a sparse tensor", 9: "optional"}
	return m.each(func(f field) error {
		if f.number == 1 {
			return child(f, "", func(m message) error { return m.each(v.decodeTensorType) })
		}
		if other, ok := others[f.number]; ok {
			v.Other = other
		}
		return nil
	})
}

func (v *ValueInfo) decodeTensorType(f field) error {
	switch f.number {
	case 1:
		return integer(f, &v.Type)
	case 2:
		v.Shaped = true
		return child(f, "shape", func(m message) error {
			return m.each(func(f field) error {
				if f.number != 1 {
					return nil
				}
				var d Dim
				err := child(f, "", func(m message) error { return m.each(d.decode) })
				v.Dims = append(v.Dims, d)
				return errors.Join(named(err, "dimension", len(v.Dims)-1), m.src.hold(2*wordBytes))
			})
		})
	}
	return nil
}

func (d *Dim) decode(f field) error {
	switch f.number {
	case 1:
		return integer(f, &d.Value)
	case 2:
		return f.text(&d.Symbol)
	}
	return nil
}

// decodeSparse notes the name of a sparse initialiser.
func (g *Graph) decodeSparse(f field) error {
	return child(f, "sparse_initializer", func(m message) error {
		return m.each(func(f field) error {
			if f.number != 1 {
				return nil
			}
			t, err := decodeTensorField(f)
			if err != nil {
				return err
			}
			g.Sparse = append(g.Sparse, t.Name)
			return nil
		})
	})
}
