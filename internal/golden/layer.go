package golden

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/convsim/convsim/internal/conv"
)

// Layer returns the convolution of a case of Conv2d, QLinearConv or
// ConvInteger. Attributes the layer cannot have are conv.Problems.
func (c Case) Layer() (conv.Conv2d, error) {
	switch c.Op {
	case "Conv2d":
		return c.torchLayer()
	case "QLinearConv", "ConvInteger":
		return c.onnxLayer()
	}
	return conv.Conv2d{}, fmt.Errorf("%s: op %s; allowed: Conv2d, QLinearConv, ConvInteger", c, c.Op)
}

// torchLayer reads attributes as PyTorch names them, with its defaults.
func (c Case) torchLayer() (conv.Conv2d, error) {
	var attrs struct {
		In          int             `json:"in_channels"`
		Out         int             `json:"out_channels"`
		Kernel      [2]int          `json:"kernel_size"`
		Stride      [2]int          `json:"stride"`
		Dilation    [2]int          `json:"dilation"`
		Padding     json.RawMessage `json:"padding"`
		PaddingMode string          `json:"padding_mode"`
		Groups      int             `json:"groups"`
		Bias        bool            `json:"bias"`
	}
	attrs.Stride, attrs.Dilation, attrs.Groups, attrs.Bias = [2]int{1, 1}, [2]int{1, 1}, 1, true
	attrs.Padding, attrs.PaddingMode = json.RawMessage("[0, 0]"), conv.Zeros.String()
	if err := c.DecodeAttrs(&attrs); err != nil {
		return conv.Conv2d{}, err
	}
	padding, err := torchPadding(attrs.Padding)
	if err != nil {
		return conv.Conv2d{}, fmt.Errorf("%s: %w", c, err)
	}
	mode, err := conv.ParsePaddingMode(attrs.PaddingMode)
	if err != nil {
		return conv.Conv2d{}, fmt.Errorf("%s: %w", c, err)
	}
	return conv.Conv2d{
		InChannels: attrs.In, OutChannels: attrs.Out,
		Kernel: pair(attrs.Kernel), Stride: pair(attrs.Stride), Dilation: pair(attrs.Dilation),
		Padding: padding, PaddingMode: mode, Groups: attrs.Groups, Bias: attrs.Bias,
	}, nil
}

// torchPadding reads a pair or a word.
func torchPadding(text json.RawMessage) (conv.Padding, error) {
	var word string
	if json.Unmarshal(text, &word) == nil {
		return conv.ParsePadding(word)
	}
	var p [2]int
	if err := json.Unmarshal(text, &p); err != nil {
		return conv.Padding{}, fmt.Errorf("padding: %w", err)
	}
	return conv.Padding{Sides: conv.Sides{Top: p[0], Bottom: p[0], Left: p[1], Right: p[1]}}, nil
}

// onnxLayer reads attributes as ONNX names them, with its defaults; the channels
// are those of the weights.
func (c Case) onnxLayer() (conv.Conv2d, error) {
	var attrs struct {
		Kernel   [2]int `json:"kernel_shape"`
		Stride   [2]int `json:"strides"`
		Dilation [2]int `json:"dilations"`
		Group    int    `json:"group"`
		Pads     [4]int `json:"pads"` // top, left, bottom, right
		AutoPad  string `json:"auto_pad"`
	}
	weight := c.Inputs["w"].Shape // out channels, in channels of a group, height, width
	if len(weight) != 4 {
		return conv.Conv2d{}, fmt.Errorf("%s: weight of shape %v; allowed: four dimensions", c, weight)
	}
	attrs.Kernel, attrs.Group = [2]int{weight[2], weight[3]}, 1
	attrs.Stride, attrs.Dilation = [2]int{1, 1}, [2]int{1, 1}
	if err := c.DecodeAttrs(&attrs); err != nil {
		return conv.Conv2d{}, err
	}
	padding := conv.Padding{Sides: conv.Sides{
		Top: attrs.Pads[0], Left: attrs.Pads[1], Bottom: attrs.Pads[2], Right: attrs.Pads[3],
	}}
	if attrs.AutoPad != "" && attrs.AutoPad != "NOTSET" {
		var err error
		if padding, err = conv.ParsePadding(strings.ToLower(attrs.AutoPad)); err != nil {
			return conv.Conv2d{}, fmt.Errorf("%s: %w", c, err)
		}
	}
	return conv.Conv2d{
		InChannels: weight[1] * attrs.Group, OutChannels: weight[0],
		Kernel: pair(attrs.Kernel), Stride: pair(attrs.Stride), Dilation: pair(attrs.Dilation),
		Padding: padding, Groups: attrs.Group, Bias: c.HasInput("B"),
	}, nil
}

func pair(p [2]int) conv.Pair { return conv.Pair{H: p[0], W: p[1]} }
