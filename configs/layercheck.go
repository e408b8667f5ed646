package configs

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// checker looks for mistakes between the keys of one layer. Keys that are wrong by themselves have been reported
// and are left out.
type checker struct {
	layer *Layer
	file  *layerFile
}

func (c checker) all() {
	c.shape()
	c.types()
}

// types looks at all but the sizes.
func (c checker) types() {
	c.bias()
	if !c.sound("dtype.input", "dtype.weight") {
		return
	}
	c.floats()
	c.tolerance()
	c.accumulator()
	c.zeroPoints()
	c.requantize()
	c.output()
}

// sound reports whether the keys have no mistake so far.
func (c checker) sound(keys ...string) bool {
	for _, key := range keys {
		if c.layer.positions.Bad(c.layer.prefix + key) {
			return false
		}
	}
	return true
}

func (c checker) complain(key string, value any, allowed string) {
	c.layer.positions.Add(c.layer.prefix+key, fmt.Sprint(value), allowed)
}

// shape checks sizes; channels and groups even where the rest is wrong.
func (c checker) shape() {
	layer, batch, height, width := c.layer.Conv, c.layer.Batch, c.layer.Height, c.layer.Width
	if !c.sound("in_channels", "out_channels", "groups") {
		return
	}
	if !c.sound("kernel_size", "stride", "padding", "dilation", "padding_mode", "input") {
		one := conv.Pair{H: 1, W: 1}
		layer = conv.Conv2d{InChannels: layer.InChannels, OutChannels: layer.OutChannels, Groups: layer.Groups, Kernel: one, Stride: one, Dilation: one}
		batch, height, width = 1, 1, 1
	}
	var problems conv.Problems
	if _, err := layer.Resolve(batch, height, width); errors.As(err, &problems) {
		for _, one := range problems {
			c.complain(one.Key, one.Value, one.Allowed)
		}
	}
}

func (c checker) isFloat() bool { return c.layer.DType.Input.IsFloat() }

func (c checker) floats() {
	t := c.layer.DType
	switch {
	case t.Input.IsFloat() && !t.Weight.IsFloat():
		c.complain("dtype.weight", t.Weight, "float32, as dtype.input is")
	case !t.Input.IsFloat() && t.Weight.IsFloat():
		c.complain("dtype.weight", t.Weight, fmt.Sprintf("an integer type, as dtype.input is %s", t.Input))
	}
}

// tolerance is for floats: integers are exact.
func (c checker) tolerance() {
	t := c.layer.Tensors
	switch {
	case t.Tolerance == nil || !c.sound("tensors"):
		return
	case !c.isFloat():
		c.complain("tensors.tolerance", "a tolerance", fmt.Sprintf("none with dtype.input %s: integers are compared exactly", c.layer.DType.Input))
	case t.Expect == (Path{}):
		c.complain("tensors.tolerance", "a tolerance", "with tensors.expect only")
	}
}

func (c checker) accumulator() {
	written := c.file.DType.Accumulator
	if due := c.layer.DType.Accumulator.String(); written != "" && written != due {
		c.complain("dtype.accumulator", written, fmt.Sprintf("%s with dtype.input %s", due, c.layer.DType.Input))
	}
}

// output checks dtype.output against what the layer produces.
func (c checker) output() {
	written := c.file.DType.Output
	if written == "" || !c.sound("requantize.dtype", "dtype.output") {
		return
	}
	if c.layer.Requantize == nil && written != c.layer.DType.Output.String() {
		c.complain("dtype.output", written, c.layer.DType.Output.String()+" without requantize")
	}
	if c.layer.Requantize != nil && written != c.layer.DType.Output.String() {
		c.complain("dtype.output", written, c.layer.DType.Output.String()+", as requantize.dtype says")
	}
}

func (c checker) zeroPoints() {
	t, z := c.layer.DType, c.layer.ZeroPoint
	if c.sound("zero_point.input") {
		c.zeroPoint("zero_point.input", z.Input, t.Input)
	}
	if !c.sound("zero_point.weight") {
		return
	}
	c.perChannel("zero_point.weight", len(z.Weight))
	for i, value := range z.Weight {
		c.zeroPoint(listKey("zero_point.weight", i, len(z.Weight)), value, t.Weight)
	}
}

func (c checker) zeroPoint(key string, value int64, t tensor.DType) {
	if t.IsFloat() {
		if value != 0 {
			c.complain(key, value, "0 with float32")
		}
		return
	}
	if lo, hi := t.Range(); value < lo || value > hi {
		c.complain(key, value, fmt.Sprintf("%d..%d, the range of %s", lo, hi, t))
	}
}

// perChannel checks the length of a list that has one entry, or one for each output channel.
func (c checker) perChannel(key string, length int) {
	channels := c.layer.Conv.OutChannels
	if length > 1 && length != channels && c.sound(key, "out_channels") {
		c.complain(key, fmt.Sprintf("a list of %d", length), fmt.Sprintf("1 entry, or %d, one per output channel", channels))
	}
}

func (c checker) requantize() {
	r := c.layer.Requantize
	switch {
	case r == nil || !c.sound("requantize.rule"):
		return
	case c.isFloat():
		c.complain("requantize", "rule "+string(r.Rule), "no requantize with float32")
		return
	}
	c.perChannel("requantize.weight_scale", len(r.WeightScale))
	c.perChannel("requantize.shift", len(r.Shift))
	if c.sound("requantize.output_zero_point", "requantize.dtype", "dtype.output") && c.requantizedToInteger() {
		c.zeroPoint("requantize.output_zero_point", r.OutputZeroPoint, r.DType)
	}
}

// requantizedToInteger checks the type that requantize takes from dtype.output, which may be wider.
func (c checker) requantizedToInteger() bool {
	t := c.layer.Requantize.DType
	if t.Bits() <= 16 {
		return true
	}
	c.complain("dtype.output", t, "int4, uint4, int8, uint8, int16 with requantize")
	return false
}

func (c checker) bias() {
	if c.sound("bias", "tensors.bias") && !c.layer.Conv.Bias && c.layer.Tensors.Bias.Written != "" {
		c.complain("tensors.bias", c.layer.Tensors.Bias.Written, "no file with bias: false")
	}
}

// listKey is the path of an entry, or the key itself where a single number stands for the list.
func listKey(key string, i, length int) string {
	if length == 1 {
		return key
	}
	return fmt.Sprintf("%s[%d]", key, i)
}
