package template

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/kind"
	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// Template is the text of the base hardware with gaps for the parameters.
type Template struct {
	parts [][]byte // one more than gaps
	order []int    // parameter of each gap
}

// gap is a text that no hardware file has.
func gap(i int) string { return fmt.Sprintf("zz-gap-%d-zz", i) }

// New puts gaps where the keys are, in the order of parameters.
func New(base string, keys []string) (*Template, error) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(base), &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	makeRoom(root, keys)
	for i, key := range keys {
		if err := Set(root, splitKey(key), &yaml.Node{Kind: yaml.ScalarNode, Value: gap(i)}); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	text, err := yaml.Marshal(root)
	if err != nil {
		return nil, err
	}
	return cutTemplate(text, len(keys)), nil
}

// cutTemplate cuts a text at its gaps.
func cutTemplate(text []byte, gaps int) *Template {
	t := &Template{}
	for range gaps {
		first, at := -1, len(text)
		for i := range gaps {
			if p := bytes.Index(text, []byte(gap(i))); p >= 0 && p < at {
				first, at = i, p
			}
		}
		t.parts = append(t.parts, text[:at])
		t.order = append(t.order, first)
		text = text[at+len(gap(first)):]
	}
	t.parts = append(t.parts, text)
	return t
}

// Fill returns the text with the parameters in place.
func (t *Template) Fill(dst []byte, values []space.Value) []byte {
	for i, parameter := range t.order {
		dst = append(dst, t.parts[i]...)
		dst = appendYAML(dst, values[parameter])
	}
	return append(dst, t.parts[len(t.parts)-1]...)
}

// appendYAML writes a value as YAML; texts are quoted so that none is taken for something else.
func appendYAML(dst []byte, v space.Value) []byte {
	if v.Kind() != kind.String {
		return v.Append(dst)
	}
	text := v.Text()
	if wordLike(text) {
		return append(dst, text...)
	}
	return append(append(append(dst, '\''), strings.ReplaceAll(text, "'", "''")...), '\'')
}

// wordLike says that YAML reads the text as a text without quotes.
func wordLike(text string) bool {
	n := yaml.Node{}
	letters := text != "" && strings.IndexFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' && r != '-' }) < 0
	if !letters || yaml.Unmarshal([]byte(text), &n) != nil {
		return false
	}
	return strictyaml.IsText(n.Content[0])
}

// rules are the keys of a handshake of which one is given; another replaces it.
var rules = []string{"pattern", "every", "burst", "random", "cycles", "file", "bytes_per_cycle"}

// makeRoom drops from source and sink what an axis replaces.
func makeRoom(root *yaml.Node, keys []string) {
	for _, key := range keys {
		path := splitKey(key)
		if len(path) < 2 || path[0] != "source" && path[0] != "sink" || !slices.Contains(rules, path[1]) {
			continue
		}
		if n := Entry(root, path[0]); n != nil {
			n.Kind, n.Content, n.Tag, n.Value = yaml.MappingNode, nil, "!!map", ""
		}
	}
}

// ofLayer are the keys of a single layer of a network: what is before the last of
// them is its name, which may have dots of its own.
var ofLayer = regexp.MustCompile(`^layers\.(.+)\.(` + keysOfLayer() + `)$`)

// keysOfLayer are the keys that a layer may have of its own, as an expression.
func keysOfLayer() string {
	var list []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[configs.LayerHardware]()) {
		key := regexp.QuoteMeta(f.Tag.Get("yaml"))
		if f.Type.Kind() == reflect.Struct {
			key += `\..+`
		}
		list = append(list, key)
	}
	return strings.Join(list, "|")
}

// splitKey splits a key path; the names of layers and edges have dots of their own.
func splitKey(key string) []string {
	const edges = "fifo.edges."
	if m := ofLayer.FindStringSubmatch(key); m != nil {
		name, rest := m[1], m[2]
		if before, edge, ok := strings.Cut(key, "."+edges); ok {
			name, rest = strings.TrimPrefix(before, "layers."), edges+edge
		}
		return append([]string{"layers", name}, splitKey(rest)...)
	}
	if name, ok := strings.CutPrefix(key, edges); ok {
		return []string{"fifo", "edges", name}
	}
	return strings.Split(key, ".")
}

// Entry is the value of a mapping's key, nil if it has none.
func Entry(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// Remove drops a mapping's key, if it has it.
func Remove(n *yaml.Node, key string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content = append(n.Content[:i], n.Content[i+2:]...)
			return
		}
	}
}

// Set sets the value at a path of keys of a mapping, and makes the mappings on the way.
func Set(n *yaml.Node, path []string, value *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return errors.New("is inside of a value")
	}
	at := Entry(n, path[0])
	if at == nil {
		at = &yaml.Node{Kind: yaml.MappingNode}
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: path[0]}, at)
	}
	if len(path) == 1 {
		*at = *value
		return nil
	}
	return Set(at, path[1:], value)
}

// BaseText is the text of a hardware file as a base: in one canonical form, without comments, and with the cycles of
// files in place so that it needs no other file.
func BaseText(hw *configs.Hardware, root *yaml.Node) (string, error) {
	inlineCycles(root, "source", hw.Source)
	inlineCycles(root, "sink", hw.Sink)
	plain(root)
	text, err := yaml.Marshal(root)
	return string(text), err
}

func inlineCycles(root *yaml.Node, key string, h configs.Handshake) {
	n := Entry(root, key)
	if n == nil || Entry(n, "file") == nil {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == "file" {
			n.Content[i].Value = "cycles"
			list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			for _, c := range h.Cycles {
				list.Content = append(list.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(c)})
			}
			n.Content[i+1] = list
		}
	}
}

func plain(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		plain(child)
	}
}

// OneLine is what is wrong with a hardware or layer, for a cell of a table: keys and messages, without places in files.
func OneLine(err error) string {
	var mistakes *strictyaml.Errors
	if !errors.As(err, &mistakes) {
		return strings.Join(strings.Fields(err.Error()), " ")
	}
	lines := make([]string, len(mistakes.List))
	for i, m := range mistakes.List {
		lines[i] = m.Message
		if m.Key != "" {
			lines[i] = m.Key + ": " + m.Message
		}
	}
	return strings.Join(lines, "; ")
}
