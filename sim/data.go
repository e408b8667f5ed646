package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/convsim/convsim/configs"
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
func (d *Design) LoadData(p Paths, seed uint64, frames int) (*Data, error) {
	s := d.Fold.Shape
	l := d.Layer
	data := &Data{}
	var err error
	in := s.InputShape()
	in[0] = frames
	if err := outputFits(d, frames); err != nil {
		return nil, err
	}
	if data.Input, err = d.load("input", p.Input, l.Tensors.Input, l.DType.Input, s.InputShape(), in[1:]); err != nil {
		return nil, err
	}
	if data.Input == nil {
		data.Input, err = random(l.DType.Input, seed, inputStream, in)
	}
	if err != nil {
		return nil, l.Wrong("input", fmt.Sprint(in), err.Error())
	}
	data.Unbatched = len(data.Input.Shape()) == 3
	if data.Weight, err = d.load("weight", p.Weight, l.Tensors.Weight, l.DType.Weight, s.WeightShape()); err != nil {
		return nil, err
	}
	if data.Weight == nil {
		data.Weight, err = random(l.DType.Weight, seed, weightStream, s.WeightShape())
	}
	if err != nil {
		return nil, l.Wrong("kernel_size", fmt.Sprint(s.WeightShape()), err.Error())
	}
	if err := d.loadBias(data, p, seed); err != nil {
		return nil, err
	}
	data.Expect, err = d.load("expect", "", l.Tensors.Expect, l.DType.Output, s.OutputShape(), s.OutputShape()[1:])
	return data, err
}

func (d *Design) loadBias(data *Data, p Paths, seed uint64) (err error) {
	s, l := d.Fold.Shape, d.Layer
	if !s.Bias {
		if p.Bias != "" || l.Tensors.Bias != (configs.Path{}) {
			return l.Wrong("bias", "false", "true when a bias tensor is given")
		}
		return nil
	}
	if data.Bias, err = d.load("bias", p.Bias, l.Tensors.Bias, l.DType.Accumulator, []int{s.OutChannels}); err != nil || data.Bias != nil {
		return err
	}
	data.Bias, err = random(l.DType.Accumulator, seed, biasStream, []int{s.OutChannels})
	return err
}

// load reads a tensor that is named by a flag or the layer file, nil when
// neither names one, and checks type and shape.
func (d *Design) load(name, flag string, inFile configs.Path, dtype tensor.DType, shapes ...[]int) (*tensor.Tensor, error) {
	path := flag
	wrong := func(value, allowed string) error {
		return fmt.Errorf("--%s %s: %s; allowed: %s", name, flag, value, allowed)
	}
	if flag == "" {
		if inFile == (configs.Path{}) {
			return nil, nil
		}
		path = inFile.Resolved
		wrong = func(value, allowed string) error { return d.Layer.Wrong("tensors."+name, value, allowed) }
	}
	t, err := tensor.ReadNPY(path)
	if err != nil {
		return nil, wrong(err.Error(), "a readable .npy file")
	}
	fits := slices.ContainsFunc(shapes, func(s []int) bool { return slices.Equal(s, t.Shape()) })
	if !fits {
		return nil, wrong(fmt.Sprintf("%s has shape %v", path, t.Shape()), fmt.Sprintf("shape %v", shapes[0]))
	}
	if t.DType() == dtype {
		return t, nil
	}
	if !storedAs(t.DType(), dtype) {
		return nil, wrong(fmt.Sprintf("%s has elements of %s", path, t.DType()), "elements of "+dtype.String())
	}
	if t, err = t.Convert(dtype); err != nil {
		return nil, wrong(path+": "+err.Error(), "elements of "+dtype.String())
	}
	return t, nil
}

// storedAs says whether a file of elements of one type may hold a tensor of
// another: 4-bit types have no .npy type of their own.
func storedAs(file, want tensor.DType) bool {
	return want == tensor.Int4 && file == tensor.Int8 || want == tensor.UInt4 && file == tensor.UInt8
}

// random makes up a tensor: integers over the whole range of their type, a
// bias over that of int16, floats in [-1, 1).
func random(dtype tensor.DType, seed, stream uint64, shape []int) (*tensor.Tensor, error) {
	t, err := tensor.New(dtype, shape...)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, stream))
	switch v := t.Data.(type) {
	case []float32:
		for i := range v {
			v[i] = 2*r.Float32() - 1
		}
		return t, nil
	case []int32:
		for i := range v {
			v[i] = int32(int16(r.Uint32()))
		}
		return t, nil
	}
	lo, hi := dtype.Range()
	width := uint64(hi - lo + 1)
	draw := func() int64 { return lo + int64(r.Uint64N(width)) }
	switch v := t.Data.(type) {
	case []int8:
		fill(v, draw)
	case []uint8:
		fill(v, draw)
	case []int16:
		fill(v, draw)
	}
	return t, nil
}

func fill[T int8 | uint8 | int16](v []T, draw func() int64) {
	for i := range v {
		v[i] = T(draw())
	}
}

// outputFits refuses an output that cannot be held, before anything is made.
func outputFits(d *Design, frames int) error {
	shape := d.Fold.Shape.OutputShape()
	shape[0] = frames
	n, err := tensor.Elements(shape)
	if err == nil && n > tensor.MaxBytes/4 {
		err = fmt.Errorf("the output %v takes %d bytes", shape, 4*n)
	}
	if err != nil {
		return d.Layer.Wrong("input", err.Error(), fmt.Sprintf("at most %d bytes for a tensor", int64(tensor.MaxBytes)))
	}
	return nil
}
