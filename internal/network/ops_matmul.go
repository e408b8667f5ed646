package network

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// Gemm is Alpha*a*b + Beta*c: inputs a and b, matrices, and optionally c, which is
// broadcast.
type Gemm struct {
	Alpha, Beta    float32
	TransA, TransB bool
}

// Infer implements Op.
func (g Gemm) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	err := errors.Join(wantType(in, 0, tensor.Float32), wantType(in, 1, tensor.Float32), wantType(in, 2, tensor.Float32))
	if err != nil {
		return nil, err
	}
	return inferGemm(in, g.TransA, g.TransB, tensor.Float32)
}

// inferGemm infers the product of two matrices and checks what is added.
func inferGemm(in []Type, transA, transB bool, dtype tensor.DType) ([]Type, error) {
	if len(in[0].Shape) != 2 || len(in[1].Shape) != 2 {
		return nil, fmt.Errorf("inputs %s and %s; allowed: two axes each", in[0], in[1])
	}
	a, b := turned(in[0].Shape, transA), turned(in[1].Shape, transB)
	if a[1] != b[0] {
		return nil, fmt.Errorf("the product of %v and %v; allowed: as many columns as rows", a, b)
	}
	shape := []int{a[0], b[1]}
	if !left(in, 2) {
		if err := broadcastsTo(in[2].Shape, shape); err != nil {
			return nil, fmt.Errorf("input 2: %w", err)
		}
	}
	return sized(dtype, shape)
}

// turned returns the shape of a matrix, or of its transpose.
func turned(shape []int, transpose bool) []int {
	if transpose {
		return []int{shape[1], shape[0]}
	}
	return shape
}

// turn returns a matrix, or its transpose.
func turn(x *tensor.Tensor, transpose bool) (*tensor.Tensor, error) {
	if !transpose {
		return x, nil
	}
	out, err := Transpose{[]int{1, 0}}.Reference([]*tensor.Tensor{x})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// Reference implements Op.
func (g Gemm) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	a, err := turn(in[0], g.TransA)
	if err != nil {
		return nil, err
	}
	b, err := turn(in[1], g.TransB)
	if err != nil {
		return nil, err
	}
	y := product(a.Data.([]float32), b.Data.([]float32), a.Shape()[0], a.Shape()[1], b.Shape()[1])
	shape := []int{a.Shape()[0], b.Shape()[1]}
	for i := range y {
		y[i] *= g.Alpha
	}
	if len(in) > 2 && in[2] != nil {
		c, err := expand(in[2], shape)
		if err != nil {
			return nil, err
		}
		for i, v := range c.Data.([]float32) {
			y[i] += float32(g.Beta * v)
		}
	}
	return single(tensor.From(tensor.Float32, y, shape...))
}

// product multiplies a matrix of m by k with one of k by n; sums are in order of k,
// each product and sum rounded, or wrapped, by itself.
func product[T int32 | float32](a, b []T, m, k, n int) []T {
	out := make([]T, m*n)
	for row := range m {
		y := out[row*n:][:n]
		for i, v := range a[row*k:][:k] {
			for j, w := range b[i*n:][:n] {
				y[j] += T(v * w)
			}
		}
	}
	return out
}

// MatMul is NumPy's matmul of floats: inputs a, b.
type MatMul struct{}

// Infer implements Op.
func (MatMul) Infer(in []Type) ([]Type, error) {
	return inferMatMul(in, tensor.Float32, tensor.Float32)
}

// inferMatMul infers a product of tensors of certain types.
func inferMatMul(in []Type, out tensor.DType, allowed ...tensor.DType) ([]Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	if err := errors.Join(wantType(in, 0, allowed...), wantType(in, 1, allowed...)); err != nil {
		return nil, err
	}
	m, err := stackOf(in[0].Shape, in[1].Shape)
	if err != nil {
		return nil, err
	}
	return sized(out, m.shape)
}

// Reference implements Op.
func (MatMul) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	m, err := stackOf(in[0].Shape(), in[1].Shape())
	if err != nil {
		return nil, err
	}
	y, err := multiply(m, in, func(a, b *tensor.Tensor) ([]float32, []float32) {
		return a.Data.([]float32), b.Data.([]float32)
	})
	if err != nil {
		return nil, err
	}
	return single(tensor.From(tensor.Float32, y, m.shape...))
}
