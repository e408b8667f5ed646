package configs

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/strictyaml"
)

// netLayer is one layer of a network file: an operator of ONNX with its fields as
// keys, or a layer as PyTorch has it.
type netLayer struct {
	name            string
	inputs, outputs tensorNames
	op              network.Op
	torch           torchLayer // nil: op
}

// head are the keys of every layer.
type head struct {
	Name    string      `yaml:"name" required:"true" minlen:"1" maxlen:"4096" doc:"What reports call this layer."`
	Op      string      `yaml:"op" required:"true" doc:"The operator."`
	Inputs  tensorNames `yaml:"inputs" doc:"The tensors it reads."`
	Outputs tensorNames `yaml:"outputs" doc:"The tensors it makes; default: one of the layer's name."`
}

// DecodeNode reads the keys that go with the operator.
func (l *netLayer) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	op := child(n, "op")
	if n.Kind != yaml.MappingNode || op == nil || !strictyaml.IsText(op) {
		var h head
		d.Decode(n, path, &h, "")
		return
	}
	var keys func() []reflect.StructField
	generic, torch := operators[op.Value], torchLayers[op.Value]
	switch {
	case torch != nil:
		l.torch = torch()
		keys = func() []reflect.StructField { return tagged(reflect.TypeOf(l.torch).Elem()) }
	case generic != nil:
		keys = func() []reflect.StructField { return keysOf(reflect.TypeOf(generic), true) }
	default:
		known := slices.Concat(slices.Sorted(maps.Keys(torchLayers)), slices.Sorted(maps.Keys(operators)))
		d.FailText(op, path+".op", "unknown operator, got "+strictyaml.Describe(op)+"; allowed: "+strings.Join(known, ", ")+
			strictyaml.Suggestion(op.Value, known))
		return
	}
	v := reflect.New(layerType(op.Value, keys))
	known := d.Decode(n, path, v.Interface(), "")
	at := v.Elem()
	l.name, l.inputs, l.outputs = at.Field(0).String(), at.Field(2).Interface().(tensorNames), at.Field(3).Interface().(tensorNames)
	if len(l.outputs) == 0 {
		l.outputs = tensorNames{l.name}
	}
	if l.torch != nil {
		for i := headKeys; i < at.NumField(); i++ {
			reflect.ValueOf(l.torch).Elem().FieldByName(at.Type().Field(i).Name[1:]).Set(at.Field(i))
		}
		return
	}
	made := reflect.New(reflect.TypeOf(generic)).Elem()
	made.Set(reflect.ValueOf(generic))
	for i := headKeys; i < at.NumField() && known; i++ {
		if err := toGo(at.Field(i), made.FieldByName(at.Type().Field(i).Name[1:])); err != nil {
			d.FailText(n, path, err.Error())
		}
	}
	l.op = made.Interface().(network.Op)
}

// layerTypes are structs of the keys of a layer, by its operator.
var layerTypes sync.Map

// layerType is the struct of the keys of a layer: those that all have, and some of its own.
func layerType(op string, own func() []reflect.StructField) reflect.Type {
	t, known := layerTypes.Load(op)
	if !known {
		t, _ = layerTypes.LoadOrStore(op, reflect.StructOf(plain(append(reflect.VisibleFields(reflect.TypeFor[head]()), own()...))))
	}
	return t.(reflect.Type)
}

// headKeys is how many keys every layer has.
const headKeys = 4

// tagged are the fields of a struct that are keys.
func tagged(t reflect.Type) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool { return f.Tag.Get("yaml") == "" })
}

// plain makes fields of several structs those of one: names, which may come twice,
// get a letter in front of those behind the head.
func plain(fields []reflect.StructField) []reflect.StructField {
	var out []reflect.StructField
	for i, f := range fields {
		if i >= headKeys {
			f.Name = "X" + f.Name
		}
		out = append(out, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
	}
	return out
}

// Allowed says what is legal.
func (l *netLayer) Allowed() string { return "a mapping with name, op, inputs and what goes with op" }

// JSONSchema has the keys of every layer; those that go with op are checked when a
// file is read.
func (l *netLayer) JSONSchema() map[string]any {
	s := strictyaml.SchemaOf(head{})
	s["additionalProperties"] = true
	return s
}
