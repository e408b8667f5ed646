package configs

import (
	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/tensor"
)

// RequantizeRule says how an accumulator becomes an output.
type RequantizeRule string

// The rules.
const (
	ONNX   RequantizeRule = "onnx"   // QLinearConv: a float32 factor, rounded half to even
	TFLite RequantizeRule = "tflite" // a 31-bit fixed-point factor, rounded twice
	Shift  RequantizeRule = "shift"  // a power of two, rounded half to even
)

// Requantize turns accumulators into outputs of type DType. The scales belong to
// ONNX and TFLite, the shifts to Shift; lists have one entry, or one per output channel.
type Requantize struct {
	Rule            RequantizeRule
	InputScale      float32
	WeightScale     []float32
	OutputScale     float32
	Shift           []int // the accumulator is divided by 2^Shift
	OutputZeroPoint int64
	DType           tensor.DType
}

// requantizeFile is the mapping as written: the rule says which keys are due.
type requantizeFile struct {
	Rule            RequantizeRule `yaml:"rule" required:"true" enum:"onnx,tflite,shift" doc:"onnx: QLinearConv; tflite: fixed-point factor; shift: power of two."`
	InputScale      scale          `yaml:"input_scale" doc:"Value of one step of the activations."`
	WeightScale     scales         `yaml:"weight_scale" doc:"Value of one step of the weights, one or one per output channel."`
	OutputScale     scale          `yaml:"output_scale" doc:"Value of one step of the output."`
	Shift           shifts         `yaml:"shift" doc:"The accumulator is divided by 2^shift, one or one per output channel."`
	OutputZeroPoint int64          `yaml:"output_zero_point" default:"0" min:"-32768" max:"32767" doc:"Added after rounding."`
	DType           string         `yaml:"dtype" enum:"int4,uint4,int8,uint8,int16" doc:"Type of the output; default dtype.output, else int8."`
}

// requantizeRules are the rules with the keys that each needs beside rule, and those of the others.
var requantizeRules = []struct {
	rule         RequantizeRule
	keys, others []string
}{
	{ONNX, scaleKeys, shiftKeys},
	{TFLite, scaleKeys, shiftKeys},
	{Shift, shiftKeys, scaleKeys},
}

var (
	scaleKeys = []string{"input_scale", "weight_scale", "output_scale"}
	shiftKeys = []string{"shift"}
)

// requantizeShared are the keys that go with every rule.
var requantizeShared = []string{"output_zero_point", "dtype"}

// requantizeMapping is requantizeFile without its own way of decoding.
type requantizeMapping requantizeFile

// DecodeNode reads the mapping and checks that its keys go with its rule.
func (r *requantizeFile) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	d.Decode(n, path, (*requantizeMapping)(r), "")
	if n.Kind != yaml.MappingNode {
		return
	}
	rule := "rule " + string(r.Rule)
	for _, one := range requantizeRules {
		if one.rule == r.Rule {
			refuseKeys(d, n, path, one.others, one.keys, "with "+rule)
			needKeys(d, n, path, one.keys, rule)
		}
	}
}

// Allowed says what is legal.
func (r *requantizeFile) Allowed() string {
	return "a mapping with rule: onnx, tflite or shift"
}

// JSONSchema has one variant for each rule.
func (r *requantizeFile) JSONSchema() map[string]any {
	var variants []any
	for _, r := range requantizeRules {
		properties := strictyaml.SchemaOf(requantizeMapping{})["properties"].(map[string]any)
		properties["rule"] = map[string]any{"const": r.rule, "description": "How accumulators become outputs."}
		variants = append(variants, variant(properties, append([]string{"rule"}, r.keys...), requantizeShared))
	}
	return map[string]any{"oneOf": variants}
}

func (r *requantizeFile) plain(dtype tensor.DType) *Requantize {
	if r == nil {
		return nil
	}
	return &Requantize{
		Rule:            r.Rule,
		InputScale:      float32(r.InputScale),
		WeightScale:     r.WeightScale,
		OutputScale:     float32(r.OutputScale),
		Shift:           r.Shift,
		OutputZeroPoint: r.OutputZeroPoint,
		DType:           dtype,
	}
}
