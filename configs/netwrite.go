package configs

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/tensor"
)

// WriteNetwork returns the text of a network file and the paths of its tensors by
// name, which are within a folder beside the file. Reading them gives the same graph.
func WriteNetwork(g *network.Graph, folder string) (text []byte, files map[string]string, err error) {
	w := &netWriter{err: writable(g)}
	files = tensorFiles(folder, slices.Sorted(maps.Keys(g.Constants)))
	root := mapping("name", str(g.Name), "inputs", inputNodes(g), "outputs", names(g.Outputs))
	if g.Name == "" {
		root.Content = root.Content[2:]
	}
	if len(files) > 0 {
		tensors := mapping()
		for _, name := range slices.Sorted(maps.Keys(files)) {
			put(tensors, name, str(files[name]))
		}
		put(root, "tensors", tensors)
	}
	layers := list()
	for _, n := range g.Nodes {
		layers.Content = append(layers.Content, w.layer(n))
	}
	put(root, "layers", layers)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, nil, err
	}
	return out.Bytes(), files, w.err
}

// writable refuses names that a network file cannot have, all of them.
func writable(g *network.Graph) error {
	names := []string{g.Name}
	for _, in := range g.Inputs {
		names = append(names, in.Name)
	}
	for _, n := range g.Nodes {
		names = append(names, n.Name)
		names = append(names, n.Outputs...)
	}
	names = append(names, slices.Sorted(maps.Keys(g.Constants))...)
	var errs []error
	for i, name := range names {
		if !strictyaml.Printable(name, false) && !slices.Contains(names[:i], name) {
			errs = append(errs, fmt.Errorf("the name %q; allowed in a network file: characters that print", name))
		}
	}
	return errors.Join(errs...)
}

// netWriter makes YAML of a graph and keeps the first error.
type netWriter struct{ err error }

func inputNodes(g *network.Graph) *yaml.Node {
	inputs := list()
	for _, in := range g.Inputs {
		m := mapping("name", str(in.Name), "dtype", str(in.Type.DType.String()), "shape", numbers(in.Type.Shape))
		inputs.Content = append(inputs.Content, inLine(m))
	}
	return inputs
}

func (w *netWriter) layer(n network.Node) *yaml.Node {
	m := mapping("name", str(n.Name), "op", str(n.Op.Kind()), "inputs", names(n.Inputs))
	if len(n.Outputs) != 1 || n.Outputs[0] != n.Name {
		put(m, "outputs", names(n.Outputs))
	}
	if _, ok := operators[n.Op.Kind()]; !ok && w.err == nil {
		w.err = fmt.Errorf("node %q: a network file has no %s", n.Name, n.Op.Kind())
	}
	known := w.err
	w.fields(m, reflect.ValueOf(n.Op), true)
	if known == nil && w.err != nil {
		w.err = fmt.Errorf("node %q (%s): %w", n.Name, n.Op.Kind(), w.err)
	}
	return m
}

// fields adds the fields of a struct that are not what a key left out stands for.
func (w *netWriter) fields(m *yaml.Node, v reflect.Value, op bool) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		field := v.Field(i)
		isOne := ones[f.Name] && (field.Interface() == any(conv.Pair{H: 1, W: 1}) || field.Interface() == any(1))
		if op && byKind[f.Name] || field.IsZero() && !ones[f.Name] || isOne {
			continue
		}
		put(m, key(f.Name), w.value(field))
	}
}

// value is one value as written.
func (w *netWriter) value(v reflect.Value) *yaml.Node {
	switch x := v.Interface().(type) {
	case conv.Pair:
		return pairNode(x)
	case conv.Padding:
		return paddingNode(x)
	case tensor.DType:
		return str(x.String())
	case network.Quant:
		m := mapping("dtype", str(x.DType.String()), "scale", w.value(reflect.ValueOf(x.Scale)))
		if len(x.Zero) != 1 || x.Zero[0] != 0 {
			put(m, "zero", w.list(reflect.ValueOf(x.Zero)))
		}
		return inLine(m)
	case []float32:
		return w.list(v)
	}
	if words := wordsOf(v.Type()); words != nil {
		return str(words[v.Uint()])
	}
	switch v.Kind() {
	case reflect.Pointer:
		return w.value(v.Elem())
	case reflect.Struct:
		m := mapping()
		w.fields(m, v, false)
		return inLine(m)
	case reflect.Slice, reflect.Array:
		entries := list()
		for i := range v.Len() {
			entries.Content = append(entries.Content, w.value(v.Index(i)))
		}
		return inLine(entries)
	case reflect.String:
		return str(v.String())
	case reflect.Float32, reflect.Float64:
		return w.number(v.Float(), v.Kind() == reflect.Float32)
	}
	return scalar(v.Interface())
}

// list is a list of numbers, a single one by itself.
func (w *netWriter) list(v reflect.Value) *yaml.Node {
	if v.Len() == 1 {
		return w.value(v.Index(0))
	}
	entries := list()
	for i := range v.Len() {
		entries.Content = append(entries.Content, w.value(v.Index(i)))
	}
	return inLine(entries)
}

// number is written with as few digits as give it back, rounded by way of float64.
func (w *netWriter) number(x float64, single bool) *yaml.Node {
	for text, v := range unbounded {
		if x == v || x != x && v != v {
			return scalar(text)
		}
	}
	text := strconv.FormatFloat(x, 'g', -1, 64)
	if short := strconv.FormatFloat(x, 'g', -1, 32); single {
		if back, err := strconv.ParseFloat(short, 64); err == nil && float32(back) == float32(x) {
			text = short
		}
	}
	if strings.Contains(text, "e") && !strings.Contains(text, ".") {
		text = strings.Replace(text, "e", ".0e", 1)
	}
	return scalar(text)
}

func pairNode(p conv.Pair) *yaml.Node {
	if p.H == p.W {
		return scalar(p.H)
	}
	return numbers([]int{p.H, p.W})
}

func paddingNode(p conv.Padding) *yaml.Node {
	s := p.Sides
	if p.Kind != conv.Explicit {
		return str(p.Kind.String())
	}
	if s.Top == s.Bottom && s.Left == s.Right {
		return pairNode(conv.Pair{H: s.Top, W: s.Left})
	}
	return inLine(mapping("top", scalar(s.Top), "bottom", scalar(s.Bottom), "left", scalar(s.Left), "right", scalar(s.Right)))
}

// scalar is a number or a word that needs no quotes.
func scalar(v any) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(v)} }

func list(entries ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Content: entries}
}

// inLine has a node written in one line.
func inLine(n *yaml.Node) *yaml.Node {
	n.Style = yaml.FlowStyle
	return n
}

func str(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func names(texts []string) *yaml.Node {
	n := list()
	for _, s := range texts {
		n.Content = append(n.Content, str(s))
	}
	return inLine(n)
}

func mapping(pairs ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i < len(pairs); i += 2 {
		put(m, pairs[i].(string), pairs[i+1].(*yaml.Node))
	}
	return m
}

func put(m *yaml.Node, key string, value *yaml.Node) { m.Content = append(m.Content, str(key), value) }

// tensorFiles gives every tensor a file of its own, whatever the letters of its name.
func tensorFiles(folder string, tensors []string) map[string]string {
	files, used := map[string]string{}, map[string]bool{}
	for _, name := range tensors {
		file := strings.Map(func(r rune) rune {
			if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r)) {
				return r
			}
			return '_'
		}, name)
		if len(file) > 100 {
			file = file[:100]
		}
		base := "t" + strings.TrimLeft(file, ".")
		if file != "" && file[0] != '.' {
			base = file
		}
		for at, i := base, 2; ; i++ {
			if low := strings.ToLower(at); !used[low] {
				used[low] = true
				files[name] = path.Join(folder, at+".npy")
				break
			}
			at = fmt.Sprintf("%s_%d", base, i)
		}
	}
	return files
}
