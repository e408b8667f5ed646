package convsim

import (
	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/configs"
)

// Conv2d is PyTorch's nn.Conv2d. Fields at zero take its defaults: stride, dilation
// and groups of 1, no padding, zeros as padding. Pairs is for kernels, strides,
// paddings and dilations that differ in height and width.
type Conv2d struct {
	In, Out     int // channels
	Kernel      int
	Stride      int
	Padding     int
	Dilation    int
	Groups      int
	Bias        bool
	PaddingMode string // zeros, reflect, replicate, circular
	Pairs       Pairs
}

// Pairs are values for height and width apart; an entry that is not zero goes
// before the plain field.
type Pairs struct{ Kernel, Stride, Padding, Dilation [2]int }

// Layer is a convolution of images of known size.
type Layer struct {
	Conv2d
	Batch, Height, Width int     // Batch 0 is 1
	Input, Weight        string  // element types, default int8: int4, uint4, int8, uint8, int16, float32
	InputZero            int64   // zero point of the activations
	WeightZero           []int64 // of the weights: one, or one an output channel
	Requantize           *Requantize
}

// Requantize turns sums into activations.
type Requantize struct {
	Rule        string    `yaml:"rule"` // onnx, tflite, shift
	InputScale  float64   `yaml:"input_scale,omitempty"`
	WeightScale []float64 `yaml:"weight_scale,omitempty,flow"` // one, or one an output channel
	OutputScale float64   `yaml:"output_scale,omitempty"`
	OutputZero  int64     `yaml:"output_zero_point,omitempty"`
	Shift       []int     `yaml:"shift,omitempty,flow"`
	Type        string    `yaml:"dtype,omitempty"` // default int8
}

// On applies the convolution to int8 images of a size.
func (c Conv2d) On(height, width int) Layer { return Layer{Conv2d: c, Height: height, Width: width} }

// Check returns an *Invalid that lists every mistake, nil if there is none.
func (l Layer) Check() error {
	_, err := l.config()
	return err
}

// config is the layer as its file would give it.
func (l Layer) config() (*configs.Layer, error) {
	text, err := yaml.Marshal(l.file())
	if err != nil {
		return nil, invalid(err)
	}
	c, err := configs.ParseLayer("layer literal", text)
	if err != nil {
		return nil, invalid(err)
	}
	return c, nil
}

// file is what the file would hold.
func (l Layer) file() map[string]any {
	file := map[string]any{"name": "layer", "op": "conv2d", "in_channels": l.In, "out_channels": l.Out, "bias": l.Bias,
		"input": map[string]int{"batch": l.Batch, "height": l.Height, "width": l.Width}}
	if l.Batch == 0 {
		file["input"] = map[string]int{"height": l.Height, "width": l.Width}
	}
	for _, f := range []struct {
		key   string
		value int
		pair  [2]int
	}{{"kernel_size", l.Kernel, l.Pairs.Kernel}, {"stride", l.Stride, l.Pairs.Stride}, {"padding", l.Padding, l.Pairs.Padding},
		{"dilation", l.Dilation, l.Pairs.Dilation}} {
		switch {
		case f.pair != [2]int{}:
			file[f.key] = f.pair[:]
		case f.value != 0 || f.key == "kernel_size":
			file[f.key] = f.value
		}
	}
	if l.Groups != 0 {
		file["groups"] = l.Groups
	}
	if l.PaddingMode != "" {
		file["padding_mode"] = l.PaddingMode
	}
	types := map[string]string{}
	if l.Input != "" {
		types["input"] = l.Input
	}
	if l.Weight != "" {
		types["weight"] = l.Weight
	}
	if len(types) > 0 {
		file["dtype"] = types
	}
	zero := map[string]any{"input": l.InputZero}
	if len(l.WeightZero) > 0 {
		zero["weight"] = l.WeightZero
	}
	file["zero_point"] = zero
	if l.Requantize != nil {
		file["requantize"] = l.Requantize
	}
	return file
}
