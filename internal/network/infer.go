package network

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/tensor"
)

// left reports whether input i is left out.
func left(in []Type, i int) bool { return i >= len(in) || in[i].DType == 0 }

// arity checks that the first inputs are all there and that there are not more
// than most.
func arity(in []Type, least, most int) error {
	if len(in) > most {
		return fmt.Errorf("%d inputs; allowed: at most %d", len(in), most)
	}
	var errs []error
	for i := range least {
		if left(in, i) {
			errs = append(errs, fmt.Errorf("input %d is missing", i))
		}
	}
	return errors.Join(errs...)
}

// wantType checks an input's type of elements; one that is left out passes.
func wantType(in []Type, i int, allowed ...tensor.DType) error {
	if left(in, i) || slices.Contains(allowed, in[i].DType) {
		return nil
	}
	names := make([]string, len(allowed))
	for k, d := range allowed {
		names[k] = d.String()
	}
	return fmt.Errorf("input %d is %s; allowed: %s", i, in[i], strings.Join(names, ", "))
}

// wantFloat checks that an input holds floats.
func wantFloat(in []Type, i int) error { return wantType(in, i, floats...) }

var (
	floats   = []tensor.DType{tensor.Float32, tensor.Float64}
	bytes8   = []tensor.DType{tensor.Int8, tensor.UInt8}
	narrow   = []tensor.DType{tensor.Int4, tensor.UInt4, tensor.Int8, tensor.UInt8, tensor.Int16}
	integers = append(slices.Clone(narrow), tensor.Int32, tensor.Int64)
)

// wantShape checks an input's shape; one that is left out passes.
func wantShape(in []Type, i int, shape ...int) error {
	if left(in, i) || slices.Equal(in[i].Shape, shape) {
		return nil
	}
	return fmt.Errorf("input %d is %s; allowed: shape %v", i, in[i], shape)
}

// same checks that an input has the type of elements of input 0.
func same(in []Type, i int) error {
	if left(in, i) || left(in, 0) {
		return nil
	}
	return wantType(in, i, in[0].DType)
}

// one checks that there is one input, with a rank of at least that.
func one(in []Type, rank int) error {
	if err := arity(in, 1, 1); err != nil {
		return err
	}
	return wantRank(in, rank)
}

// wantRank checks that the first input has at least that many axes.
func wantRank(in []Type, least int) error {
	if left(in, 0) || len(in[0].Shape) >= least {
		return nil
	}
	return fmt.Errorf("input 0 is %s; allowed: %d axes or more", in[0], least)
}

// axisOf turns an axis that may count from the end into one from the start.
func axisOf(axis, rank int) (int, error) {
	at := axis
	if at < 0 {
		at += rank
	}
	if at < 0 || at >= rank {
		return 0, fmt.Errorf("axis %d; allowed with %d axes: %d..%d", axis, rank, -rank, rank-1)
	}
	return at, nil
}

// sized checks that a shape can be a tensor. An axis of 0 does not make the others
// legal: they are gone through one by one.
func sized(dtype tensor.DType, shape []int) ([]Type, error) {
	if !dtype.Valid() {
		return nil, fmt.Errorf("%s; allowed: an element type", dtype)
	}
	if _, err := tensor.Elements(shape); err != nil {
		return nil, err
	}
	room := tensor.MaxBytes / int64(dtype.Size())
	for _, d := range shape {
		if room /= int64(max(d, 1)); room == 0 {
			return nil, fmt.Errorf("an output of %s %v; allowed: at most %d bytes", dtype, shape, tensor.MaxBytes)
		}
	}
	return []Type{{dtype, shape}}, nil
}

// Broadcast returns the shape that two are broadcast to, as NumPy does it.
func Broadcast(a, b []int) ([]int, error) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := slices.Clone(a)
	for i, d := range b {
		at := len(a) - len(b) + i
		switch {
		case d == out[at]:
		case out[at] == 1:
			out[at] = d
		case d != 1:
			return nil, fmt.Errorf("shapes %v and %v; allowed: the same, or 1, in each axis counted from the last", a, b)
		}
	}
	return out, nil
}

// broadcastsTo checks that shape b can be repeated to shape a.
func broadcastsTo(b, a []int) error {
	if shape, err := Broadcast(a, b); err != nil || !slices.Equal(shape, a) {
		return fmt.Errorf("shape %v does not repeat to %v", b, a)
	}
	return nil
}

// types returns the types of tensors.
func types(in []*tensor.Tensor) []Type {
	out := make([]Type, len(in))
	for i, t := range in {
		out[i] = TypeOf(t)
	}
	return out
}

// single returns the outputs of an operator that has one.
func single(t *tensor.Tensor, err error) ([]*tensor.Tensor, error) {
	if err != nil {
		return nil, err
	}
	return []*tensor.Tensor{t}, nil
}
