package network

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Reshape gives its input another shape: also Flatten, Squeeze and Unsqueeze. One
// dimension may be -1: what is left.
type Reshape struct{ Shape []int }

// Infer implements Op.
func (r Reshape) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	shape := slices.Clone(r.Shape)
	free, rest, n := -1, 1, count64(in[0].Shape)
	for axis, d := range shape {
		switch {
		case d == -1 && free < 0:
			free = axis
		case d < 0:
			return nil, fmt.Errorf("shape %v; allowed: sizes, one of them -1", r.Shape)
		default:
			rest *= d
		}
	}
	if free >= 0 && rest > 0 {
		shape[free] = int(n) / rest
	}
	if got, err := tensor.Elements(shape); err != nil || got != n {
		return nil, fmt.Errorf("%s cannot take shape %v", in[0], r.Shape)
	}
	return sized(in[0].DType, shape)
}

// count64 is tensor.Elements of a shape known to be one.
func count64(shape []int) int64 {
	n := int64(1)
	for _, d := range shape {
		n *= int64(d)
	}
	return n
}

// Reference implements Op.
func (r Reshape) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	out, err := r.Infer(types(in))
	if err != nil {
		return nil, err
	}
	return single(in[0].Reshape(out[0].Shape...))
}

// Transpose reorders axes: axis i of the output is axis Perm[i] of the input.
type Transpose struct{ Perm []int }

// Infer implements Op.
func (p Transpose) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	sorted := slices.Clone(p.Perm)
	slices.Sort(sorted)
	if !slices.Equal(sorted, count(len(in[0].Shape), 1)) {
		return nil, fmt.Errorf("perm %v; allowed: every axis of %s once", p.Perm, in[0])
	}
	shape := make([]int, len(p.Perm))
	for i, axis := range p.Perm {
		shape[i] = in[0].Shape[axis]
	}
	return []Type{{in[0].DType, shape}}, nil
}

// Reference implements Op.
func (p Transpose) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	own := offsets(in[0].Shape())
	from := make([][]int, len(own))
	for i, axis := range p.Perm {
		from[i] = own[axis]
	}
	return single(pick(in[0], from))
}

// DepthToSpace moves channels to pixels, Block x Block of them each.
type DepthToSpace struct {
	Block int
	CRD   bool // channel, row, column (as PyTorch's PixelShuffle) instead of DCR
}

// Infer implements Op.
func (d DepthToSpace) Infer(in []Type) ([]Type, error) {
	m, err := blocks(in, d.Block)
	if err != nil {
		return nil, err
	}
	if m.channels%(d.Block*d.Block) != 0 {
		return nil, fmt.Errorf("%s with blocks of %d; allowed: a multiple of %[2]d*%[2]d channels", in[0], d.Block)
	}
	return sized(in[0].DType, []int{m.batch, m.channels / (d.Block * d.Block), m.height * d.Block, m.width * d.Block})
}

// blocks checks the input of DepthToSpace and SpaceToDepth.
func blocks(in []Type, block int) (image, error) {
	if err := one(in, 0); err != nil {
		return image{}, err
	}
	if len(in[0].Shape) != 4 {
		return image{}, fmt.Errorf("%s; allowed: four axes", in[0])
	}
	if block < 1 || block > 1<<15 {
		return image{}, fmt.Errorf("blocks of %d; allowed: 1..%d", block, 1<<15)
	}
	return imageOf(in[0])
}

// Reference implements Op.
func (d DepthToSpace) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	m, err := imageOf(TypeOf(in[0]))
	if err != nil {
		return nil, err
	}
	b := d.Block
	c := m.channels / (b * b)
	split, perm := []int{m.batch, b, b, c, m.height, m.width}, []int{0, 3, 4, 1, 5, 2}
	if d.CRD {
		split, perm = []int{m.batch, c, b, b, m.height, m.width}, []int{0, 1, 4, 2, 5, 3}
	}
	return shuffle(in[0], split, perm, []int{m.batch, c, m.height * b, m.width * b})
}

// SpaceToDepth moves blocks of pixels to channels.
type SpaceToDepth struct{ Block int }

// Infer implements Op.
func (s SpaceToDepth) Infer(in []Type) ([]Type, error) {
	m, err := blocks(in, s.Block)
	if err != nil {
		return nil, err
	}
	if m.height%s.Block != 0 || m.width%s.Block != 0 {
		return nil, fmt.Errorf("%s with blocks of %d; allowed: height and width that are multiples", in[0], s.Block)
	}
	return sized(in[0].DType, []int{m.batch, m.channels * s.Block * s.Block, m.height / s.Block, m.width / s.Block})
}

// Reference implements Op.
func (s SpaceToDepth) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	m, err := imageOf(TypeOf(in[0]))
	if err != nil {
		return nil, err
	}
	b := s.Block
	h, w := m.height/b, m.width/b
	split, perm := []int{m.batch, m.channels, h, b, w, b}, []int{0, 3, 5, 1, 2, 4}
	return shuffle(in[0], split, perm, []int{m.batch, m.channels * b * b, h, w})
}

// shuffle splits axes, reorders them, and joins them again.
func shuffle(x *tensor.Tensor, split, perm, joined []int) ([]*tensor.Tensor, error) {
	x, err := x.Reshape(split...)
	if err != nil {
		return nil, err
	}
	out, err := Transpose{perm}.Reference([]*tensor.Tensor{x})
	if err != nil {
		return nil, err
	}
	return single(out[0].Reshape(joined...))
}
