package sim

import (
	"context"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// BenchmarkValuePlane reports the rate of real arithmetic through the stages.
func BenchmarkValuePlane(b *testing.B) {
	hw, err := configs.LoadHardware("../configs/hardware/edge-8x8.yaml")
	if err != nil {
		b.Fatal(err)
	}
	layer := &configs.Layer{Name: "vgg16_conv1_2", Batch: 1, Height: 224, Width: 224,
		Conv: conv.Conv2d{InChannels: 64, OutChannels: 64, Groups: 1, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
			Dilation: conv.Pair{H: 1, W: 1}, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}},
		DType: configs.DTypes{Input: tensor.Int8, Weight: tensor.Int8, Accumulator: tensor.Int32, Output: tensor.Int32}}
	d, err := NewDesign(hw, layer)
	if err != nil {
		b.Fatal(err)
	}
	data, err := d.LoadData(b.Context(), Paths{}, 1, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Run(context.Background(), data, 1, Options{NoVerify: true}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(d.Fold.Shape.MACs())*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
}
