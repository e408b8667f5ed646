package sweepfile

import (
	"fmt"
	"strings"

	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/dse/template"
	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// Axes are the axes as written, in order; those of a zip have the same group.
type Axes []Axis

type Axis struct {
	Name   string // hardware key
	Path   string // in the sweep file
	Zip    int    // 0 for an axis of its own, else the number of its zip
	Values Values
}

const zipKey = "zip"

// mostKey is more bytes than any hardware key has.
const mostKey = 100

// DecodeNode reads the mapping from keys to values; the order of the axes is that of the file.
func (a *Axes) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		d.Fail(n, path, "no axes", a.Allowed())
		return
	}
	zips := 0
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			d.Fail(key, path+"."+key.Value, "key given twice", "once")
			continue
		}
		seen[key.Value] = true
		if key.Value != zipKey {
			a.add(d, key, value, path, 0)
			continue
		}
		groups := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			groups = value.Content
		}
		for _, group := range groups {
			zips++
			a.zip(d, group, path+"."+zipKey, zips)
		}
	}
}

func (a *Axes) zip(d *strictyaml.Decoder, n *yaml.Node, path string, number int) {
	if n.Kind != yaml.MappingNode || len(n.Content) < 4 {
		d.Fail(n, path, "not a group of axes", "a mapping of two or more hardware keys to values, or a list of such mappings")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		a.add(d, n.Content[i], n.Content[i+1], path, number)
	}
}

func (a *Axes) add(d *strictyaml.Decoder, key, value *yaml.Node, path string, zip int) {
	if len(key.Value) > mostKey || !strictyaml.Printable(key.Value, false) {
		d.Fail(key, path, "no hardware key", a.Allowed())
		return
	}
	axis := Axis{Name: key.Value, Path: path + "." + key.Value, Zip: zip}
	d.Decode(value, axis.Path, &axis.Values, "")
	*a = append(*a, axis)
}

// Allowed says what is legal.
func (a *Axes) Allowed() string {
	return "a mapping from hardware keys, such as array.pe, to values"
}

// JSONSchema is that of the mapping.
func (a *Axes) JSONSchema() map[string]any {
	values := (&Values{}).JSONSchema()
	group := map[string]any{"type": "object", "additionalProperties": values, "minProperties": 2}
	return map[string]any{"type": "object", "minProperties": 1, "additionalProperties": values,
		"properties": map[string]any{zipKey: map[string]any{"oneOf": []any{group, map[string]any{"type": "array", "items": group}}}}}
}

// Values is a list of values, or the rule for one.
type Values struct {
	List []space.Value
	Rule Rule
}

// Rule makes the values of an axis; one of the first three is given.
type Rule struct {
	Range       []Number  `yaml:"range" minlen:"1" doc:"[from, to, step]: numbers from, from + step, ... up to and with to."`
	PowersOfTwo []int64   `yaml:"powers_of_two" minlen:"1" doc:"[from, to]: the powers of two between these."`
	DivisorsOf  *Dividend `yaml:"divisors_of" doc:"Divisors of a number, or of a size of the largest layer."`
	Min         *int64    `yaml:"min" min:"1" doc:"Least divisor."`
	Max         *int64    `yaml:"max" min:"1" doc:"Largest divisor."`
}

// DecodeNode reads a list or a rule.
func (v *Values) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	switch n.Kind {
	case yaml.SequenceNode:
		for i, item := range n.Content {
			if value, ok := scalarValue(item); ok && strictyaml.Printable(item.Value, false) {
				v.List = append(v.List, value)
			} else {
				d.Fail(item, fmt.Sprintf("%s[%d]", path, i), "not a value", "a number, a text, true or false")
			}
		}
		if len(n.Content) == 0 {
			d.Fail(n, path, "no values", v.Allowed())
		}
	case yaml.MappingNode:
		if template.Entry(n, "range") == nil && template.Entry(n, "powers_of_two") == nil && template.Entry(n, "divisors_of") == nil {
			d.Fail(n, path, "no rule", v.Allowed())
			return
		}
		if d.Decode(n, path, &v.Rule, "") {
			v.checkRule(d, n, path)
		}
	default:
		d.Fail(n, path, "not a list or rule", v.Allowed())
	}
}

func (v *Values) checkRule(d *strictyaml.Decoder, n *yaml.Node, path string) {
	r := v.Rule
	given := 0
	for _, is := range []bool{r.Range != nil, r.PowersOfTwo != nil, r.DivisorsOf != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		d.Fail(n, path, "no single rule", v.Allowed())
	case r.Range != nil && len(r.Range) != 3:
		d.Fail(n, path, "range takes three numbers", "{range: [from, to, step]}")
	case r.PowersOfTwo != nil && len(r.PowersOfTwo) != 2:
		d.Fail(n, path, "powers_of_two takes two numbers", "{powers_of_two: [from, to]}")
	case r.DivisorsOf == nil && (r.Min != nil || r.Max != nil):
		d.Fail(n, path, "min and max go with divisors_of", v.Allowed())
	}
}

// Allowed says what is legal.
func (v *Values) Allowed() string {
	return "a list of values, or one of {range: [from, to, step]}, {powers_of_two: [from, to]}, {divisors_of: " +
		strings.Join(dividends, "|") + "|NUMBER, min: A, max: B}"
}

// JSONSchema lists the spellings.
func (v *Values) JSONSchema() map[string]any {
	scalar := map[string]any{"type": []string{"number", "string", "boolean"}}
	return map[string]any{"oneOf": []any{
		map[string]any{"type": "array", "items": scalar, "minItems": 1}, strictyaml.SchemaOf(Rule{})}}
}

// Number is an integer or a float, told apart.
type Number struct{ Value space.Value }

// DecodeNode reads a number.
func (x *Number) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	value, ok := scalarValue(n)
	if _, isNumber := value.Number(); !ok || !isNumber {
		d.Fail(n, path, "not a number", x.Allowed())
		return
	}
	x.Value = value
}

// Allowed says what is legal.
func (x *Number) Allowed() string { return "a number" }

// JSONSchema is that of a number.
func (x *Number) JSONSchema() map[string]any { return map[string]any{"type": "number"} }

// scalarValue converts a YAML scalar.
func scalarValue(n *yaml.Node) (space.Value, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return space.Value{}, false
	}
	if strictyaml.IsText(n) {
		return space.String(n.Value), true
	}
	var decoded any
	if err := n.Decode(&decoded); err != nil {
		return space.Value{}, false
	}
	value, err := space.ValueOf(decoded)
	return value, err == nil
}
