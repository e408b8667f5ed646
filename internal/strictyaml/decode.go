package strictyaml

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// NodeDecoder is implemented, on the pointer, by types that have several spellings in YAML. DecodeNode reports
// mistakes through the decoder and reads parts of the node by Decoder.Decode; the node may be of any kind, null
// included, but is never an alias. Allowed says in words what is legal. JSONSchema says the same to editors.
type NodeDecoder interface {
	DecodeNode(d *Decoder, n *yaml.Node, path string)
	Allowed() string
	JSONSchema() map[string]any
}

// Decoder walks one file.
type Decoder struct {
	positions *Positions
	root      reflect.Type // the struct read at the top of the file, for hints
	overlay   bool         // keys that are not given stay as they are
}

// Decode reads the YAML text data into target, a pointer. file is the name used in messages. The error is nil or
// *Errors; target then holds what could be read and zeros elsewhere. Positions is never nil.
func Decode(file string, data []byte, target any) (*Positions, error) {
	data = WithoutMark(data)
	p := newPositions(file, data)
	p.decode(target)
	return p, p.Err()
}

func newPositions(file string, data []byte) *Positions {
	return &Positions{file: file, source: data, lines: sourceLines(data), at: map[string]position{}}
}

func (p *Positions) decode(target any) {
	if root := p.parse(); root != nil {
		d := &Decoder{positions: p}
		d.value(root, "", reflect.ValueOf(target).Elem(), limits{})
	}
}

// decodeHead returns the mistakes in the beginning of a text: what is missing there, or not closed, may come later.
func decodeHead(file string, data []byte, target any) error {
	if end := bytes.LastIndexByte(data, '\n'); end >= 0 {
		data = data[:end+1]
	}
	for range utf8.UTFMax - 1 {
		if r, size := utf8.DecodeLastRune(data); r == utf8.RuneError && size == 1 {
			data = data[:len(data)-1] // of a character that was cut
		}
	}
	p := newPositions(file, data)
	p.head = true
	p.decode(target)
	return p.Err()
}

// File returns the name of the file being decoded.
func (d *Decoder) File() string { return d.positions.file }

// Fail reports a mistake at a node: "what, got VALUE; allowed: allowed".
func (d *Decoder) Fail(n *yaml.Node, path, what, allowed string) {
	d.FailText(n, path, message(what, Describe(n), allowed))
}

// FailText reports a mistake at a node in words of the caller's own.
func (d *Decoder) FailText(n *yaml.Node, path, text string) {
	at := position{n.Line, n.Column}
	if n.Line == 0 {
		at = d.positions.nearest(path)
	}
	d.positions.fail(at, path, text)
}

// Decode reads a node into target, a pointer, under the bounds that a struct tag gives. It reports whether
// there was no mistake.
func (d *Decoder) Decode(n *yaml.Node, path string, target any, tag reflect.StructTag) bool {
	known := d.positions.count()
	d.value(n, path, reflect.ValueOf(target).Elem(), limitsOf(tag))
	return d.positions.count() == known && !d.positions.Bad(path)
}

// Overlay is Decode into a value of which keys that are not given stay as they are: no
// key is required, and none gets its default.
func (d *Decoder) Overlay(n *yaml.Node, path string, target any) bool {
	over := *d
	over.overlay = true
	return over.Decode(n, path, target, "")
}

// Overlay lays the keys of a node, which Decoder.Overlay has found in order, over a value.
func Overlay(n *yaml.Node, target any) {
	p := newPositions("", nil)
	(&Decoder{positions: p}).Overlay(n, "", target)
	if err := p.Err(); err != nil {
		panic("strictyaml: " + err.Error())
	}
}

func (d *Decoder) value(n *yaml.Node, path string, v reflect.Value, l limits) {
	d.positions.record(path, n)
	if n.Kind == yaml.AliasNode {
		return // refused already, wherever it stands
	}
	if custom, ok := v.Addr().Interface().(NodeDecoder); ok {
		custom.DecodeNode(d, n, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, path, v.Elem(), l)
	case reflect.Struct:
		d.structure(n, path, v)
	case reflect.Slice:
		d.list(n, path, v, l)
	case reflect.Map:
		d.table(n, path, v, l)
	default:
		d.scalar(n, path, v, l)
	}
}

func (d *Decoder) structure(n *yaml.Node, path string, v reflect.Value) {
	fields := fieldsOf(v.Type())
	if path == "" {
		d.root = v.Type()
	}
	if n.Kind != yaml.MappingNode {
		d.Fail(n, path, "not a mapping", "a mapping of "+strings.Join(names(fields), ", "))
		return
	}
	given := map[string]bool{}
	for _, pair := range d.pairs(n, path) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == pair.key.Value })
		if i < 0 {
			d.unknownKey(pair.key, path, names(fields), v.Type())
			continue
		}
		given[fields[i].name] = true
		d.value(pair.value, join(path, fields[i].name), v.FieldByIndex(fields[i].index), fields[i].limits)
	}
	for _, f := range fields {
		if !given[f.name] && !d.overlay {
			d.absent(n, join(path, f.name), f, v.FieldByIndex(f.index))
		}
	}
}

// absent gives a key that is not in the file its default.
func (d *Decoder) absent(parent *yaml.Node, path string, f field, v reflect.Value) {
	switch {
	case f.required && d.positions.head:
	case f.required:
		d.FailText(parent, path, message("missing", "nothing", allowed(f.typ, f.limits)))
	case f.fallback != "":
		d.useDefault(path, f.fallback, v)
	case f.typ.Kind() == reflect.Struct && !isCustom(f.typ):
		d.structure(&yaml.Node{Kind: yaml.MappingNode}, path, v)
	}
}

func (d *Decoder) useDefault(path, text string, v reflect.Value) {
	known := d.positions.count()
	d.value(defaultNode(text), path, v, limits{})
	if d.positions.count() > known {
		panic(fmt.Sprintf("strictyaml: %s: illegal default %s", path, text))
	}
}

// unknownKey reports a key that is none of choices. If it is one elsewhere in the struct here, nil if it is in none, or
// in the file, that place is named; else a choice that looks alike.
func (d *Decoder) unknownKey(key *yaml.Node, path string, choices []string, here reflect.Type) {
	if d.positions.full() {
		d.positions.more++ // without looking for words
		return
	}
	hint := ""
	if here != nil {
		hint = misplaced(key.Value, path, here, d.root)
	}
	if hint == "" {
		hint = Suggestion(key.Value, choices)
	}
	text := message("unknown key", Describe(key), strings.Join(choices, ", ")) + hint
	d.FailText(key, join(path, shorten(key.Value)), text)
}

func (d *Decoder) list(n *yaml.Node, path string, v reflect.Value, l limits) {
	if n.Kind != yaml.SequenceNode || len(n.Content) < l.minLen {
		d.Fail(n, path, listFault(n), allowed(v.Type(), l))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, child := range n.Content {
		d.value(child, element(path, i), v.Index(i), l)
	}
}

func listFault(n *yaml.Node) string {
	if n.Kind == yaml.SequenceNode {
		return "too few entries"
	}
	return "not a list"
}

func (d *Decoder) table(n *yaml.Node, path string, v reflect.Value, l limits) {
	if n.Kind != yaml.MappingNode {
		d.Fail(n, path, "not a mapping", allowed(v.Type(), l))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, pair := range d.pairs(n, path) {
		if l.keys != nil && !slices.Contains(l.keys, pair.key.Value) {
			d.unknownKey(pair.key, path, l.keys, nil)
			continue
		}
		if !Printable(pair.key.Value, false) {
			d.Fail(pair.key, path, "key is not printable", "plain keys")
			continue
		}
		entry := reflect.New(v.Type().Elem()).Elem()
		d.value(pair.value, join(path, pair.key.Value), entry, l)
		v.SetMapIndex(reflect.ValueOf(pair.key.Value), entry)
	}
}

type pair struct{ key, value *yaml.Node }

// pairs returns the entries of a mapping whose keys are texts, the first of each key, and reports the others.
func (d *Decoder) pairs(n *yaml.Node, path string) []pair {
	var out []pair
	first := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			d.Fail(key, path, "key is not a text", "plain keys")
			continue
		}
		if key.ShortTag() == "!!merge" {
			d.Fail(key, path, "merge key", "the keys themselves")
			continue
		}
		if line, twice := first[key.Value]; twice {
			d.Fail(key, join(path, shorten(key.Value)), "key given twice", fmt.Sprintf("once; it is on line %d already", line))
			continue
		}
		first[key.Value] = key.Line
		out = append(out, pair{key, n.Content[i+1]})
	}
	return out
}

func isCustom(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[NodeDecoder]())
}
