package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/madeup"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/tensor"
)

// Data is a layer's tensors: activations NCHW (or CHW when Unbatched), weights
// OIHW, bias nil when the layer has none.
type Data struct {
	Input, Weight, Bias *tensor.Tensor
	Expect              *tensor.Tensor // what the output should be, nil when not known
	Unbatched           bool
}

// Paths name tensors given on the command line; they win over the layer file.
type Paths struct{ Input, Weight, Bias string }

// Seeded streams of the tensors that are made up.
const (
	inputStream = iota + 1
	weightStream
	biasStream
)

// LoadData reads the tensors that are named and makes up the others from seed.
// Its error holds the mistakes of all of them.
func (d *Design) LoadData(ctx context.Context, p Paths, seed uint64, frames int) (*Data, error) {
	maker := maker{ctx, seed}
	if err := d.checkMemory(frames); err != nil {
		return nil, err
	}
	s, l := d.Fold.Shape, d.Layer
	made := s.InputShape()
	made[0] = frames
	var errs [4]error
	data := &Data{}
	data.Input, errs[0] = d.loadOrMake(maker, "input", p.Input, l.Tensors.Input, l.DType.Input, inputStream, made, s.InputShape(), made[1:])
	data.Weight, errs[1] = d.loadOrMake(maker, "weight", p.Weight, l.Tensors.Weight, l.DType.Weight, weightStream, s.WeightShape(), s.WeightShape())
	data.Bias, errs[2] = d.loadBias(maker, p)
	data.Expect, errs[3] = d.load("expect", "", l.Tensors.Expect, l.DType.Output, s.OutputShape(), s.OutputShape()[1:])
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	data.Unbatched = len(data.Input.Shape()) == 3
	if frames > 0 && data.Input.Len() == 0 {
		return nil, fmt.Errorf("--frames %d: the input has no image to show; allowed: 0", frames)
	}
	return data, nil
}

// loadBias is loadOrMake for the bias, nil when the layer has none.
func (d *Design) loadBias(m maker, p Paths) (*tensor.Tensor, error) {
	s, l := d.Fold.Shape, d.Layer
	if !s.Bias {
		if p.Bias != "" {
			return nil, l.Wrong("bias", "false", "true with --bias")
		}
		return nil, nil
	}
	shape := []int{s.OutChannels}
	return d.loadOrMake(m, "bias", p.Bias, l.Tensors.Bias, l.DType.Accumulator, biasStream, shape, shape)
}

// loadOrMake reads a tensor, of one of the shapes, or makes it up.
func (d *Design) loadOrMake(m maker, name, flag string, inFile configs.Path, dtype tensor.DType, stream uint64, made []int, shapes ...[]int) (*tensor.Tensor, error) {
	t, err := d.load(name, flag, inFile, dtype, shapes...)
	if t != nil || err != nil {
		return t, err
	}
	if t, err = tensor.New(dtype, made...); err != nil {
		return nil, d.Layer.Wrong(map[uint64]string{inputStream: "input", weightStream: "kernel_size", biasStream: "out_channels"}[stream],
			"a tensor "+err.Error(), "a smaller layer")
	}
	return t, m.fill(t, stream)
}

// load reads a tensor that is named by a flag or the layer file, nil when
// neither names one, and checks type and shape.
func (d *Design) load(name, flag string, inFile configs.Path, dtype tensor.DType, shapes ...[]int) (*tensor.Tensor, error) {
	file := configs.Path{Written: flag, Resolved: flag}
	wrong := func(value, allowed string) error {
		return fmt.Errorf("--%s %s: %s; allowed: %s", name, flag, value, allowed)
	}
	if flag == "" {
		if inFile == (configs.Path{}) {
			return nil, nil
		}
		file = inFile
		wrong = func(value, allowed string) error {
			return d.Layer.Wrong("tensors."+name, inFile.Written+": "+value, allowed)
		}
	}
	t, err := readTensor(file)
	if err != nil {
		return nil, wrong(paths.Reason(err).Error(), "a .npy file of "+dtype.String()+" "+shapeList(shapes))
	}
	fits := slices.ContainsFunc(shapes, func(s []int) bool { return slices.Equal(s, t.Shape()) })
	if !fits {
		return nil, wrong(fmt.Sprintf("shape %v", t.Shape()), "shape "+shapeList(shapes))
	}
	stored := t.DType()
	if t, err = t.Stored(dtype); err != nil {
		value := err.Error()
		if errors.Is(err, tensor.ErrStored) {
			value = "elements of " + stored.String()
		}
		return nil, wrong(value, "elements of "+dtype.String())
	}
	return t, nil
}

func shapeList(shapes [][]int) string {
	words := make([]string, len(shapes))
	for i, s := range shapes {
		words[i] = fmt.Sprint(s)
	}
	return strings.Join(words, " or ")
}

// readTensor reads a .npy file, which may be a shipped one.
func readTensor(file configs.Path) (*tensor.Tensor, error) {
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return tensor.DecodeNPY(f, tensor.MaxBytes)
}

// maker makes up tensors from a seed until ctx ends.
type maker struct {
	ctx  context.Context
	seed uint64
}

// fillStep is how many elements are made up between two looks at the context.
const fillStep = 1 << 20

// fill makes up the elements of t: integers over the whole range of their type,
// a bias over that of int16, floats in [-1, 1).
func (m maker) fill(t *tensor.Tensor, stream uint64) error {
	r := rand.New(rand.NewPCG(m.seed, stream))
	switch v := t.Data.(type) {
	case []float32:
		return fill(m.ctx, v, func() float32 { return 2*r.Float32() - 1 })
	case []int32:
		return fill(m.ctx, v, func() int32 { return int32(int16(r.Uint32())) })
	}
	lo, hi := t.DType().Range()
	switch v := t.Data.(type) {
	case []int8:
		madeup.Integers(m.ctx, v, lo, hi, m.seed, stream)
	case []uint8:
		madeup.Integers(m.ctx, v, lo, hi, m.seed, stream)
	case []int16:
		madeup.Integers(m.ctx, v, lo, hi, m.seed, stream)
	default:
		panic("sim: nothing made up for elements of " + t.DType().String())
	}
	return context.Cause(m.ctx)
}

func fill[T any](ctx context.Context, v []T, draw func() T) error {
	for chunk := range slices.Chunk(v, fillStep) {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		for i := range chunk {
			chunk[i] = draw()
		}
	}
	return nil
}
