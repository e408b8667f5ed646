package onnx

import (
	"github.com/convsim/convsim/internal/network"
)

var normRules = map[string]rule{
	"BatchNormalization":    batchNormalization,
	"LRN":                   lrn,
	"InstanceNormalization": instanceNormalization,
	"GroupNormalization":    groupNormalization,
	"LayerNormalization":    layerNormalization,
	"Softmax":               softmax(false),
	"LogSoftmax":            softmax(true),
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

func instanceNormalization(k *call) outcome {
	k.ignored("consumed_inputs")
	groups := 1
	if in := k.typ(0).Shape; len(in) > 1 {
		groups = in[1]
	}
	return k.flow(network.GroupNormalization{Groups: groups, Epsilon: k.float("epsilon", 1e-5)})
}

// groupNormalization has a scale and a bias for every channel since version 21, for every
// group before.
func groupNormalization(k *call) outcome {
	k.ignored("stash_type")
	op := network.GroupNormalization{Groups: k.integer("num_groups", 0), Epsilon: k.float("epsilon", 1e-5)}
	in := k.typ(0).Shape
	if k.version >= 21 || k.blind || len(in) < 2 || op.Groups < 1 || in[1]%op.Groups != 0 || in[1] == op.Groups {
		return k.flow(op)
	}
	out := outcome{op: op, inputs: []string{k.input(0)}}
	for i := 1; i < 3; i++ {
		out.inputs = append(out.inputs, k.eachOf(i, in[1]/op.Groups))
	}
	return out
}

// eachOf is a constant list with every element so many times.
func (k *call) eachOf(i, times int) string {
	t := k.value(i)
	if t == nil {
		return ""
	}
	out, err := t.Picked([]int{t.Len() * times}, func(i int) int { return i / times })
	if err != nil {
		k.errorf("input %d: %w", i, err)
		return ""
	}
	return k.kept("channels", out)
}

func layerNormalization(k *call) outcome {
	if stash := k.integer("stash_type", 1); stash != 1 {
		k.unsupported("stash_type", stash, "1")
	}
	return k.flow(network.LayerNormalization{Axis: k.integer("axis", -1), Epsilon: k.float("epsilon", 1e-5)})
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
