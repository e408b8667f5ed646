package onnx

import "github.com/convsim/convsim/network"

var normRules = map[string]rule{
	"BatchNormalization": batchNormalization,
	"LRN":                lrn,
	"Softmax":            softmax(false),
	"LogSoftmax":         softmax(true),
}

func batchNormalization(k *call) outcome {
	k.ignored("momentum", "consumed_inputs", "is_test") // one output is what is_test says too
	if k.version < 9 {
		k.only("spatial", 1)
	}
	if k.version >= 14 {
		k.only("training_mode", 0)
	}
	return k.flow(network.BatchNormalization{Epsilon: k.float("epsilon", 1e-5)})
}

func lrn(k *call) outcome {
	op := network.LRN{Size: k.integer("size", 0), Alpha: k.float("alpha", 1e-4), Beta: k.float("beta", 0.75), Bias: k.float("bias", 1)}
	return k.flow(op, 0)
}

// softmax is along one axis since version 13, along all from one on before.
func softmax(log bool) rule {
	return func(k *call) outcome { return k.flow(k.softmax(log, k.version), 0) }
}

func (k *call) softmax(log bool, version int64) network.Softmax {
	otherwise := -1
	if version < 13 {
		otherwise = 1
	}
	return network.Softmax{Axis: k.integer("axis", otherwise), Flatten: version < 13, Log: log}
}
