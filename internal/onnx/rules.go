package onnx

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/network"
)

// The versions of ONNX's own operators that are supported.
const (
	oldest = 6
	newest = 22
)

// microsoft is the domain of ONNX Runtime's own operators.
const microsoft = "com.microsoft"

// rule makes something of a node: it reads all attributes it knows.
type rule func(k *call) outcome

// unchanged are operators that mean the same since the first version.
var unchanged = []string{"GlobalAveragePool", "GlobalMaxPool", "Identity", "Shape", "Size", "Softmax", "LogSoftmax",
	"Transpose", "Relu", "Sigmoid", "Tanh", "LRN", "Constant", "Flatten"}

// rules returns the rules of ONNX's own operators.
func rules() map[string]rule {
	all := map[string]rule{}
	for _, some := range []map[string]rule{convRules, poolRules, layoutRules, partRules, elementRules, functionRules(),
		reduceRules(), quantRules, resizeRules, normRules, constantRules} {
		maps.Copy(all, some)
	}
	return all
}

var (
	onnxRules = rules()
	// quantRules and microsoftRules are for ONNX Runtime's domain.
	domainRules = map[string]map[string]rule{"": onnxRules, microsoft: microsoftRules}
)

// refused are operators with a reason of their own.
var refused = map[string]string{
	"If": "control flow", "Loop": "control flow", "Scan": "control flow", "SequenceMap": "control flow",
	"LSTM": "recurrent networks", "GRU": "recurrent networks", "RNN": "recurrent networks",
}

// rule finds the rule of the node's operator.
func (k *call) rule() (rule, error) {
	domain := plain(k.n.Domain)
	known, ok := domainRules[domain]
	if !ok {
		return nil, fmt.Errorf("operators of domain %q are not supported; supported: ONNX's own, %s", domain, microsoft)
	}
	r, ok := known[k.n.Op]
	switch {
	case ok && domain == "" && k.version < oldest && !slices.Contains(unchanged, k.n.Op):
		return nil, fmt.Errorf("version %d of the operators; supported: %d..%d", k.version, oldest, newest)
	case ok:
		return r, nil
	case refused[k.n.Op] != "" && domain == "":
		return nil, fmt.Errorf("operator %q is not supported: %s are not", k.n.Op, plural(refused[k.n.Op]))
	}
	if k.c.listed[domain] { // once is enough
		return nil, fmt.Errorf("operator %q is not supported", k.n.kind())
	}
	k.c.listed[domain] = true
	return nil, fmt.Errorf("operator %q is not supported; supported: %s", k.n.kind(), listed(known))
}

func plural(reason string) string {
	if reason == "control flow" {
		return "graphs with control flow"
	}
	return reason
}

// listed names operators.
func listed(known map[string]rule) string {
	return strings.Join(slices.Sorted(maps.Keys(known)), ", ")
}

// checkVersion finds a model of a version that nothing is known of.
func (c *converter) checkVersion() error {
	uses := slices.ContainsFunc(c.model.Graph.Nodes, func(n Node) bool { return plain(n.Domain) == "" })
	if v, ok := c.versions[""]; uses && (!ok || v < 1 || v > newest) {
		return fmt.Errorf("the model needs version %d of ONNX's operators; supported: %d..%d", v, oldest, newest)
	}
	return nil
}

// functionRules are operators that are a function of one number without attributes.
func functionRules() map[string]rule {
	out := map[string]rule{}
	for _, f := range []network.Function{network.Abs, network.Sin, network.Cos, network.Tan, network.Asin, network.Acos, network.Atan, network.Sinh, network.Cosh, network.Asinh, network.Acosh, network.Atanh, network.Ceil, network.Erf, network.Exp, network.Floor,
		network.HardSwish, network.Log, network.Mish, network.Neg, network.Reciprocal, network.Relu, network.Round,
		network.Sigmoid, network.Sign, network.Softplus, network.Softsign, network.Sqrt, network.Tanh} {
		out[string(f)] = func(k *call) outcome {
			k.ignored("consumed_inputs")
			return k.flow(network.Unary{Function: f}, 0)
		}
	}
	return out
}
