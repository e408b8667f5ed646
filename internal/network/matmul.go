package network

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// stack is a product of two stacks of matrices, with NumPy's rules: leading axes
// are broadcast; a vector on the left is a row, one on the right a column, and
// that axis is dropped from the result.
type stack struct {
	a, b    []int // the operands' shapes with all axes
	m, k, n int
	shape   []int // of the result
}

// stackOf works out the product of two shapes.
func stackOf(a, b []int) (stack, error) {
	if len(a) == 0 || len(b) == 0 {
		return stack{}, fmt.Errorf("the product of %v and %v; allowed: an axis or more each", a, b)
	}
	row, column := len(a) == 1, len(b) == 1
	left, right := slices.Clone(a), slices.Clone(b)
	if row {
		left = []int{1, a[0]}
	}
	if column {
		right = []int{b[0], 1}
	}
	s := stack{m: left[len(left)-2], k: left[len(left)-1], n: right[len(right)-1]}
	lead, err := Broadcast(left[:len(left)-2], right[:len(right)-2])
	if err != nil || right[len(right)-2] != s.k {
		return stack{}, fmt.Errorf("the product of %v and %v; allowed: as many columns as rows, and stacks alike", a, b)
	}
	s.a, s.b = append(slices.Clone(lead), s.m, s.k), append(slices.Clone(lead), s.k, s.n)
	s.shape = slices.Clone(lead)
	if !row {
		s.shape = append(s.shape, s.m)
	}
	if !column {
		s.shape = append(s.shape, s.n)
	}
	return s, nil
}

// multiply multiplies the matrices one by one; elements says what their numbers
// are.
func multiply[T int32 | float32](s stack, in []*tensor.Tensor, elements func(a, b *tensor.Tensor) ([]T, []T)) ([]T, error) {
	a, err := repeated(in[0], s.a, len(in[0].Shape()) == 1, false)
	if err != nil {
		return nil, err
	}
	b, err := repeated(in[1], s.b, false, len(in[1].Shape()) == 1)
	if err != nil {
		return nil, err
	}
	x, w := elements(a, b)
	var out []T
	for i := range count64(s.a[:len(s.a)-2]) {
		left, right := x[int(i)*s.m*s.k:][:s.m*s.k], w[int(i)*s.k*s.n:][:s.k*s.n]
		out = append(out, product(left, right, s.m, s.k, s.n)...)
	}
	return out, nil
}

// repeated gives an operand all the axes of the stack.
func repeated(x *tensor.Tensor, shape []int, row, column bool) (*tensor.Tensor, error) {
	var err error
	if row {
		x, err = x.Reshape(1, x.Len())
	} else if column {
		x, err = x.Reshape(x.Len(), 1)
	}
	if err != nil {
		return nil, err
	}
	return expand(x, shape)
}
