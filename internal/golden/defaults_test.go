package golden

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/conv"
)

func TestLayerDefaults(t *testing.T) {
	for name, c := range map[string]struct {
		give Case
		want conv.Conv2d
	}{
		"torch": {
			Case{Op: "Conv2d", Attrs: json.RawMessage(`{"in_channels": 2, "out_channels": 3, "kernel_size": [3, 5]}`)},
			conv.Conv2d{InChannels: 2, OutChannels: 3, Kernel: conv.Pair{H: 3, W: 5}, Stride: conv.Pair{H: 1, W: 1},
				Dilation: conv.Pair{H: 1, W: 1}, Groups: 1, Bias: true},
		},
		"onnx": {
			Case{Op: "ConvInteger", Attrs: json.RawMessage(`{"auto_pad": "NOTSET"}`), Inputs: map[string]File{"w": {Shape: []int{3, 2, 3, 5}}}},
			conv.Conv2d{InChannels: 2, OutChannels: 3, Kernel: conv.Pair{H: 3, W: 5}, Stride: conv.Pair{H: 1, W: 1},
				Dilation: conv.Pair{H: 1, W: 1}, Groups: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.give.Layer()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("layer mismatch (-want +got):\n%s", diff)
			}
		})
	}
}
