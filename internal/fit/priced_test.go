package fit

import (
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
)

// TestFoldsArePriced: what has more multipliers than costs are known of is no fold of a layer,
// for it would seem to cost nothing.
func TestFoldsArePriced(t *testing.T) {
	const text = `inputs: [{name: x, shape: [1, 2048, 2, 2]}]
outputs: a
layers:
- {name: a, op: conv2d, inputs: x, in_channels: 2048, out_channels: 2048, kernel_size: 1}
`
	n, err := configs.ParseNetwork("net.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	hw, err := configs.ParseHardware("hw.yaml", []byte("name: any\narray: {pe: 1, simd: 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	net, err := mapping.Ample(hw, n.Graph)
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for _, f := range layersOf(hw, net, true)[0].folds {
		if most = max(most, f.Multipliers); f.gaps > 0 || f.Cost.DSP == 0 && f.Multipliers > 1<<16 {
			t.Errorf("%d multipliers cost %+v, with %d gaps", f.Multipliers, f.Cost, f.gaps)
		}
	}
	if most < 1<<16 || most >= 2048*2048 {
		t.Errorf("at most %d multipliers", most)
	}
}
