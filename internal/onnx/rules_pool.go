package onnx

import (
	"github.com/convsim/convsim/internal/network"
)

var poolRules = map[string]rule{
	"MaxPool":           maxPool,
	"AveragePool":       averagePool,
	"GlobalAveragePool": flatSpace(network.GlobalAveragePool{}),
	"GlobalMaxPool":     flatSpace(network.GlobalMaxPool{}),
}

// pool reads the attributes of a window.
func (k *call) pool(spatial int) network.Pool {
	kernel := k.integers("kernel_shape")
	if kernel == nil {
		k.errorf("attribute kernel_shape is missing")
	}
	return network.Pool{Kernel: k.pairOf("kernel_shape", kernel, spatial), Stride: k.pair("strides", spatial, 1),
		Dilation: k.pair("dilations", spatial, 1), Padding: k.padding(spatial), Ceil: k.flag("ceil_mode", false)}
}

func maxPool(k *call) outcome {
	k.ignored("storage_order") // of the indices, which are not supported
	if k.isVolume() {
		return volumePool(k, func(p network.Pool) network.Op { return network.MaxPool{Pool: p} })
	}
	return k.flow(network.MaxPool{Pool: k.pool(k.spatial(0))}, 0)
}

func averagePool(k *call) outcome {
	if !k.isVolume() {
		return k.flow(k.averagePool(k.spatial(0)), 0)
	}
	padding := k.flag("count_include_pad", false)
	return volumePool(k, func(p network.Pool) network.Op { return network.AveragePool{Pool: p, CountIncludePad: padding} })
}

func (k *call) averagePool(spatial int) network.AveragePool {
	return network.AveragePool{Pool: k.pool(spatial), CountIncludePad: k.flag("count_include_pad", false)}
}

// qLinearAveragePool is of ONNX Runtime, with channels first or last.
func qLinearAveragePool(k *call) outcome {
	op := network.QLinearAveragePool{Pool: k.averagePool(k.spatial(0)), X: k.quantOf(0, 1, 2), Y: k.quant(3, 4),
		ChannelsLast: k.flag("channels_last", false)}
	return k.flow(op, 0)
}

func qLinearGlobalAveragePool(k *call) outcome {
	op := network.QLinearGlobalAveragePool{X: k.quantOf(0, 1, 2), Y: k.quant(3, 4), ChannelsLast: k.flag("channels_last", false)}
	return k.flow(op, 0)
}
