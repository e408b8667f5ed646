package configs

import (
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/tensor"
	"gopkg.in/yaml.v3"
)

// RequantizeRule says how an accumulator becomes an output.
type RequantizeRule string

// The rules.
const (
	ONNX  RequantizeRule = "onnx"  // QLinearConv: a float32 factor, rounded half to even
	Shift RequantizeRule = "shift" // a power of two
)

// Requantize turns accumulators into outputs of type DType. The scales belong to ONNX, Shift to Shift.
type Requantize struct {
	Rule            RequantizeRule
	InputScale      float32
	WeightScale     []float32 // one, or one per output channel
	OutputScale     float32
	Shift           int // the accumulator is divided by 2^Shift
	OutputZeroPoint int64
	DType           tensor.DType
}

// requantizeFile is the mapping as written: the rule says which keys are due.
type requantizeFile struct {
	Rule            RequantizeRule `yaml:"rule" required:"true" enum:"onnx,shift" doc:"onnx: QLinearConv; shift: division by a power of two."`
	InputScale      scale          `yaml:"input_scale" doc:"Value of one step of the activations."`
	WeightScale     scales         `yaml:"weight_scale" doc:"Value of one step of the weights, one or one per output channel."`
	OutputScale     scale          `yaml:"output_scale" doc:"Value of one step of the output."`
	Shift           int            `yaml:"shift" min:"0" max:"31" doc:"The accumulator is divided by 2^shift."`
	OutputZeroPoint int64          `yaml:"output_zero_point" default:"0" min:"-32768" max:"32767" doc:"Added after rounding."`
	DType           string         `yaml:"dtype" enum:"int4,uint4,int8,uint8,int16" doc:"Type of the output; default dtype.output, else int8."`
}

// requantizeKeys are the keys that each rule needs beside rule.
var requantizeKeys = map[RequantizeRule][]string{
	ONNX:  {"input_scale", "weight_scale", "output_scale"},
	Shift: {"shift"},
}

var requantizeShared = []string{"output_zero_point", "dtype"}

// requantizeMapping is requantizeFile without its own way of decoding.
type requantizeMapping requantizeFile

// DecodeNode reads the mapping and checks that its keys go with its rule.
func (r *requantizeFile) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	d.Decode(n, path, (*requantizeMapping)(r), "")
	needed, known := requantizeKeys[r.Rule]
	if !known || n.Kind != yaml.MappingNode {
		return
	}
	why := "with rule " + string(r.Rule)
	for _, other := range []RequantizeRule{ONNX, Shift} {
		if other != r.Rule {
			refuseKeys(d, n, path, requantizeKeys[other], needed, why)
		}
	}
	needKeys(d, n, path, needed, why)
}

// Allowed says what is legal.
func (r *requantizeFile) Allowed() string {
	return "a mapping with rule: onnx or shift"
}

// JSONSchema has one variant for each rule.
func (r *requantizeFile) JSONSchema() map[string]any {
	var variants []any
	for _, rule := range []RequantizeRule{ONNX, Shift} {
		properties := strictyaml.SchemaOf(requantizeMapping{})["properties"].(map[string]any)
		properties["rule"] = map[string]any{"const": rule, "description": "How accumulators become outputs."}
		variants = append(variants, variant(properties, append([]string{"rule"}, requantizeKeys[rule]...), requantizeShared))
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
