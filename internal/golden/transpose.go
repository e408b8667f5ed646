package golden

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
)

// TransposeLayer returns the layer of a case of ConvTranspose2d.
func (c Case) TransposeLayer() (conv.ConvTranspose2d, error) {
	var attrs struct {
		In            int    `json:"in_channels"`
		Out           int    `json:"out_channels"`
		Kernel        [2]int `json:"kernel_size"`
		Stride        [2]int `json:"stride"`
		Dilation      [2]int `json:"dilation"`
		Padding       [2]int `json:"padding"`
		OutputPadding [2]int `json:"output_padding"`
		Groups        int    `json:"groups"`
		Bias          bool   `json:"bias"`
	}
	attrs.Stride, attrs.Dilation, attrs.Groups, attrs.Bias = [2]int{1, 1}, [2]int{1, 1}, 1, true
	if c.Op != "ConvTranspose2d" {
		return conv.ConvTranspose2d{}, fmt.Errorf("%s: op %s; allowed: ConvTranspose2d", c, c.Op)
	}
	if err := c.DecodeAttrs(&attrs); err != nil {
		return conv.ConvTranspose2d{}, err
	}
	p := attrs.Padding
	return conv.ConvTranspose2d{
		InChannels: attrs.In, OutChannels: attrs.Out,
		Kernel: pair(attrs.Kernel), Stride: pair(attrs.Stride), Dilation: pair(attrs.Dilation),
		Padding:       conv.Padding{Sides: conv.Sides{Top: p[0], Bottom: p[0], Left: p[1], Right: p[1]}},
		OutputPadding: pair(attrs.OutputPadding), Groups: attrs.Groups, Bias: attrs.Bias,
	}, nil
}
