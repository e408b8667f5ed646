package regress

import (
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// operands turns a case of Conv2d, QLinearConv or ConvInteger into a layer and
// its data.
func operands(c golden.Case) (*configs.Layer, *sim.Data, error) {
	attributes, err := c.Layer()
	if err != nil {
		return nil, nil, err
	}
	in := inputs{c: c}
	layer := &configs.Layer{Name: c.ID, Conv: attributes}
	data := &sim.Data{Input: in.tensor("x", activations...)}
	if c.Op == "Conv2d" {
		data.Weight = in.tensor("weight", activations...)
		layer.ZeroPoint.Input = int64(c.XZeroPoint)
	} else {
		data.Weight = in.tensor("w", activations...)
		layer.ZeroPoint.Input = in.zeroPoint("x_zero_point")
		layer.ZeroPoint.Weight = in.zeroPoints("w_zero_point", attributes.OutChannels)
	}
	if in.err != nil {
		return nil, nil, in.err
	}
	if layer.DType, err = types(data); err != nil {
		return nil, nil, err
	}
	if attributes.Bias {
		data.Bias = in.bias(layer.DType.Accumulator)
	}
	if c.Op == "QLinearConv" {
		layer.Requantize = in.rule()
		layer.DType.Output = layer.Requantize.DType
	}
	if in.err != nil {
		return nil, nil, in.err
	}
	layer.Batch, layer.Height, layer.Width, data.Unbatched, err = attributes.CheckInputShape(data.Input.Shape())
	return layer, data, err
}

// activations are the element types that the pipeline multiplies.
var activations = []tensor.DType{tensor.Int4, tensor.UInt4, tensor.Int8, tensor.UInt8, tensor.Int16, tensor.Float32}

// types are those of the tensors, and of what comes of them.
func types(data *sim.Data) (configs.DTypes, error) {
	t := configs.DTypes{Input: data.Input.DType(), Weight: data.Weight.DType(), Accumulator: tensor.Int32}
	if t.Input.IsFloat() {
		t.Accumulator = tensor.Float32
	}
	t.Output = t.Accumulator
	if t.Input.IsFloat() != t.Weight.IsFloat() {
		return t, fmt.Errorf("weights of %s for activations of %s; allowed: both integers, or both float32", t.Weight, t.Input)
	}
	return t, nil
}

// fits checks that weights and bias have the shapes the layer says.
func fits(s conv.Shape, data *sim.Data) error {
	if got := data.Weight.Shape(); !slices.Equal(got, s.WeightShape()) {
		return fmt.Errorf("weights have shape %v; allowed: %v", got, s.WeightShape())
	}
	if data.Bias != nil && data.Bias.Len() != s.OutChannels {
		return fmt.Errorf("the bias has shape %v; allowed: [%d]", data.Bias.Shape(), s.OutChannels)
	}
	return nil
}

// inputs reads tensors of a case and keeps the first error.
type inputs struct {
	c   golden.Case
	err error
}

// tensor reads a tensor of one of the types, nil after an error.
func (in *inputs) tensor(name string, allowed ...tensor.DType) *tensor.Tensor {
	if in.err != nil {
		return nil
	}
	t, err := in.c.Input(name)
	if err == nil && !slices.Contains(allowed, t.DType()) {
		err = fmt.Errorf("input %s has elements of %s; allowed: %s", name, t.DType(), listed(allowed))
	}
	if err != nil {
		in.err = err
		return nil
	}
	return t
}

func listed(types []tensor.DType) string {
	var names []string
	for _, t := range types {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

func (in *inputs) floats(name string) []float32 {
	t := in.tensor(name, tensor.Float32)
	if t == nil {
		return nil
	}
	return t.Float32s(nil, 0, t.Len())
}

// float reads a number.
func (in *inputs) float(name string) float32 {
	v := in.floats(name)
	if in.err == nil && len(v) != 1 {
		in.err = fmt.Errorf("input %s has %d elements; allowed: 1", name, len(v))
	}
	if in.err != nil {
		return 0
	}
	return v[0]
}

// zeroPoints reads one zero point, or one per channel; none if there is no such
// input.
func (in *inputs) zeroPoints(name string, channels int) []int64 {
	if !in.c.HasInput(name) {
		return nil
	}
	t := in.tensor(name, tensor.Int8, tensor.UInt8, tensor.Int16, tensor.Int32)
	if t == nil {
		return nil
	}
	if t.Len() != 1 && t.Len() != channels {
		in.err = fmt.Errorf("input %s has %d elements; allowed: 1 or %d", name, t.Len(), channels)
		return nil
	}
	values := make([]int64, t.Len())
	for i := range values {
		values[i] = t.Int(i)
	}
	return values
}

// zeroPoint reads one zero point, 0 if there is no such input.
func (in *inputs) zeroPoint(name string) int64 {
	values := in.zeroPoints(name, 1)
	if len(values) == 0 {
		return 0
	}
	return values[0]
}

// bias reads the bias, which PyTorch and ONNX name differently.
func (in *inputs) bias(dtype tensor.DType) *tensor.Tensor {
	if in.c.Op == "Conv2d" {
		return in.tensor("bias", dtype)
	}
	return in.tensor("B", dtype)
}

// rule reads the requantisation of a QLinearConv; its type is that of the
// expected output.
func (in *inputs) rule() *configs.Requantize {
	q := &configs.Requantize{Rule: configs.ONNX, InputScale: in.float("x_scale"), WeightScale: in.floats("w_scale"),
		OutputScale: in.float("y_scale"), OutputZeroPoint: in.zeroPoint("y_zero_point")}
	var err error
	if q.DType, err = tensor.ParseDType(in.c.Outputs["y"].DType); err != nil && in.err == nil {
		in.err = fmt.Errorf("output y: %w", err)
	}
	return q
}
