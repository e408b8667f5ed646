package modelfile

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/convsim/convsim/internal/madeup"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// Inputs are tensors of random elements for all inputs of a network.
func Inputs(g *network.Graph, seed uint64) (map[string]*tensor.Tensor, error) {
	inputs := map[string]*tensor.Tensor{}
	var errs []error
	for i, in := range g.Inputs {
		var err error
		if inputs[in.Name], err = MadeUp(in.Type, seed, uint64(i)); err != nil {
			errs = append(errs, fmt.Errorf("input %q: %w", in.Name, err))
		}
	}
	return inputs, errors.Join(errs...)
}

// MadeUp is a tensor of random elements.
func MadeUp(t network.Type, seed, stream uint64) (*tensor.Tensor, error) {
	x, err := tensor.New(t.DType, t.Shape...)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, stream))
	switch data := x.Data.(type) {
	case []int8:
		lo, hi := t.DType.Range()
		madeup.Integers(context.Background(), data, lo, hi, seed, stream)
	case []uint8:
		lo, hi := t.DType.Range()
		madeup.Integers(context.Background(), data, lo, hi, seed, stream)
	case []int16:
		for i := range data {
			data[i] = int16(r.Uint32())
		}
	case []int32:
		for i := range data {
			data[i] = int32(r.IntN(1<<16) - 1<<15)
		}
	case []float32:
		for i := range data {
			data[i] = r.Float32()
		}
	default:
		return nil, fmt.Errorf("an input of %s; allowed: one given by --input", t)
	}
	return x, nil
}
