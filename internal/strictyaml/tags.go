package strictyaml

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// field is one key of a struct and what its tags say.
type field struct {
	index    []int // as reflect counts them: through structs that are embedded
	name     string
	typ      reflect.Type
	required bool
	fallback string // YAML text of the default; empty if there is none
	doc      string
	limits   limits
}

// limits are the bounds of one value.
type limits struct {
	min, max, above *float64
	enum, keys      []string
	minLen, maxLen  int
	lines           bool
}

// known holds the keys of the struct types that were read: hardware is laid over by every
// layer's keys, and tags are text.
var known sync.Map // of []field, by reflect.Type

// fieldsOf returns the keys of a struct type in the order of its fields, not to be changed.
// Those of an embedded struct stand in its place.
func fieldsOf(t reflect.Type) []field {
	if fields, ok := known.Load(t); ok {
		return fields.([]field)
	}
	fields := readFields(t)
	known.Store(t, fields)
	return fields
}

func readFields(t reflect.Type) []field {
	var fields []field
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("yaml")
		if name == "" {
			continue
		}
		fields = append(fields, field{
			index:    f.Index,
			name:     name,
			typ:      f.Type,
			required: f.Tag.Get("required") == "true",
			fallback: f.Tag.Get("default"),
			doc:      f.Tag.Get("doc"),
			limits:   limitsOf(f.Tag),
		})
	}
	return fields
}

func limitsOf(tag reflect.StructTag) limits {
	l := limits{
		min:   number(tag, "min"),
		max:   number(tag, "max"),
		above: number(tag, "above"),
		enum:  words(tag, "enum"),
		keys:  words(tag, "keys"),
	}
	if n := number(tag, "minlen"); n != nil {
		l.minLen = int(*n)
	}
	if n := number(tag, "maxlen"); n != nil {
		l.maxLen = int(*n)
	}
	l.lines = tag.Get("lines") == "true"
	return l
}

func number(tag reflect.StructTag, key string) *float64 {
	text, ok := tag.Lookup(key)
	if !ok {
		return nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("strictyaml: tag %s:%q is not a number", key, text))
	}
	return &x
}

func words(tag reflect.StructTag, key string) []string {
	text, ok := tag.Lookup(key)
	if !ok {
		return nil
	}
	return strings.Split(text, ",")
}

// text returns the bounds as a message shows them, such as " 1..65536"; empty if there are none.
func (l limits) text() string {
	switch {
	case l.min != nil && l.max != nil:
		return " " + plain(*l.min) + ".." + plain(*l.max)
	case l.above != nil && l.max != nil:
		return " above " + plain(*l.above) + ", at most " + plain(*l.max)
	case l.min != nil:
		return " >= " + plain(*l.min)
	case l.above != nil:
		return " > " + plain(*l.above)
	case l.max != nil:
		return " <= " + plain(*l.max)
	}
	return ""
}

func (l limits) contain(x float64) bool {
	return (l.min == nil || x >= *l.min) && (l.max == nil || x <= *l.max) && (l.above == nil || x > *l.above)
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func names(fields []field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.name
	}
	return out
}

// defaults are the nodes of default tags, by their text: a network asks for some a hundred times.
var defaults sync.Map

// defaultNode parses the text of a default tag. Its nodes carry no positions, and are only read.
func defaultNode(text string) *yaml.Node {
	if n, ok := defaults.Load(text); ok {
		return n.(*yaml.Node)
	}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		panic(fmt.Sprintf("strictyaml: tag default:%q: %v", text, err))
	}
	clearPositions(&document)
	n, _ := defaults.LoadOrStore(text, document.Content[0])
	return n.(*yaml.Node)
}

func clearPositions(n *yaml.Node) {
	n.Line, n.Column = 0, 0
	for _, child := range n.Content {
		clearPositions(child)
	}
}
