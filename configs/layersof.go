package configs

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/strictyaml"
)

// LayerHardware is what a layer of a network may have of its own.
type LayerHardware struct {
	Array       Array       `yaml:"array" doc:"Multipliers and how they are arranged."`
	Window      Window      `yaml:"window" doc:"The sliding window and its line buffer."`
	Weights     Weights     `yaml:"weights" doc:"Where the weights are."`
	Accumulator Accumulator `yaml:"accumulator" doc:"The register an output is summed up in."`
	FIFO        FIFO        `yaml:"fifo" doc:"The FIFOs between the stages."`

	Requantize RequantizeStage `yaml:"requantize" doc:"How requantisation is built."`
	Fork       ForkStyle       `yaml:"fork" enum:"eager,all,tap" default:"eager" doc:"Of networks: how readers of one tensor wait for each other."`
	Join       JoinStyle       `yaml:"join" enum:"join,queue" default:"join" doc:"Of networks: how two tensors are combined element by element."`
	Width      WidthStyle      `yaml:"width" enum:"dwc,generic,adapter" default:"dwc" doc:"Of networks: how converters between lanes of neighbours are built."`
}

// Overrides are the keys of single layers of a network, by name or by a pattern of
// names, in the order of the file.
type Overrides []override

type override struct {
	pattern string
	names   *regexp.Regexp
	node    *yaml.Node
}

// DecodeNode reads the mapping; the keys of each layer are checked by themselves.
func (o *Overrides) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind != yaml.MappingNode {
		d.Fail(n, path, "not a mapping", o.Allowed())
		return
	}
	var all map[string]layerKeys
	if !d.Decode(n, path, &all, "") {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		*o = append(*o, override{n.Content[i].Value, glob(n.Content[i].Value), n.Content[i+1]})
	}
}

// layerKeys decodes the keys that are given, and those alone.
type layerKeys struct{ LayerHardware }

// DecodeNode reads the keys without looking for others.
func (l *layerKeys) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	d.Overlay(n, path, &l.LayerHardware)
}

// Allowed says what is legal.
func (l *layerKeys) Allowed() string {
	return "a mapping of array, window, weights, accumulator, fifo, requantize, fork, join, width"
}

// JSONSchema is that of the keys.
func (l *layerKeys) JSONSchema() map[string]any { return strictyaml.SchemaOf(LayerHardware{}) }

// Allowed says what is legal.
func (o *Overrides) Allowed() string {
	return "a mapping from names of layers, or patterns with * and ?, to array, window, weights, accumulator, fifo, requantize, fork, join, width"
}

// JSONSchema is that of the mapping.
func (o *Overrides) JSONSchema() map[string]any {
	return map[string]any{"type": "object", "additionalProperties": (&layerKeys{}).JSONSchema()}
}

// glob is a pattern of names: * is any text, ? any character.
func glob(pattern string) *regexp.Regexp {
	text := regexp.QuoteMeta(pattern)
	text = strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(text)
	return regexp.MustCompile("^(?s:" + text + ")$")
}

// exact reports whether a pattern is a plain name.
func (o override) exact() bool { return !strings.ContainsAny(o.pattern, "*?") }

// Of is the hardware of a layer: the file's, with the keys of every pattern that its
// name matches laid over it in the order of the file, those of the name itself last.
func (h *Hardware) Of(layer string) *Hardware {
	matching := h.matching(layer)
	if len(matching) == 0 {
		return h
	}
	own := *h
	for _, o := range matching {
		edges := own.FIFO.Edges
		strictyaml.Overlay(o.node, &own.LayerHardware)
		if given := own.FIFO.Edges; len(edges) > 0 && len(given) > 0 {
			own.FIFO.Edges = maps.Clone(edges)
			maps.Copy(own.FIFO.Edges, given)
		}
	}
	return &own
}

// matching are the patterns that hold for a layer, the one that has the last word last.
func (h *Hardware) matching(layer string) []override {
	matching := slices.DeleteFunc(slices.Clone(h.Layers), func(o override) bool { return !o.names.MatchString(layer) })
	slices.SortStableFunc(matching, func(a, b override) int { return order(a.exact()) - order(b.exact()) })
	return matching
}

// WrongOf is Wrong about a key of a layer: at the place that has the last word on it.
func (h *Hardware) WrongOf(layer, key, value, allowed string) error {
	for _, o := range slices.Backward(h.matching(layer)) {
		if gives(o.node, key) {
			return h.Wrong("layers."+o.pattern+"."+key, value, allowed)
		}
	}
	return h.Wrong(key, value, allowed)
}

// gives reports whether a mapping holds a key, written with dots.
func gives(n *yaml.Node, key string) bool {
	first, rest, more := strings.Cut(key, ".")
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	value := child(n, first)
	return value != nil && (!more || gives(value, rest))
}

func order(last bool) int {
	if last {
		return 1
	}
	return 0
}

// CheckLayers refuses keys of layers that a network has not got, given the names of all
// its layers.
func (h *Hardware) CheckLayers(names []string) error {
	var errs []error
	for _, o := range h.Layers {
		if slices.ContainsFunc(names, o.names.MatchString) {
			continue
		}
		allowed := "the name of a layer of the network (" + some(names) + "), or a pattern of names" + strictyaml.Suggestion(o.pattern, names)
		errs = append(errs, h.Wrong("layers."+o.pattern, fmt.Sprintf("%q", o.pattern), allowed))
	}
	return errors.Join(errs...)
}

// mostTold is how many names a message lists.
const mostTold = 12

// some lists names, each once, in their order.
func some(names []string) string {
	var list []string
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	if len(list) > mostTold {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:mostTold], ", "), len(list)-mostTold)
	}
	return strings.Join(list, ", ")
}

// CheckEdges refuses depths of FIFOs that there are not. usual are those that any layer
// may have, by the names that hold for every layer, edges the names of all FIFOs of
// a network, none for a single layer.
func (h *Hardware) CheckEdges(usual, edges []string) error {
	if len(h.FIFO.Edges)+len(h.Layers) == 0 {
		return nil
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(h.FIFO.Edges)) {
		known := slices.Contains(usual, name) || slices.ContainsFunc(edges, func(e string) bool { return e == name || strings.HasSuffix(e, "."+name) })
		if !known {
			errs = append(errs, h.wrongEdge("fifo.edges."+name, name, usual, edges))
		}
	}
	for _, o := range h.Layers {
		var own LayerHardware
		strictyaml.Overlay(o.node, &own)
		for _, name := range slices.Sorted(maps.Keys(own.FIFO.Edges)) {
			known := slices.ContainsFunc(edges, func(e string) bool {
				layer, ok := strings.CutSuffix(e, "."+name)
				return ok && o.names.MatchString(layer)
			})
			if !known && len(edges) > 0 {
				errs = append(errs, h.wrongEdge("layers."+o.pattern+".fifo.edges."+name, name, usual, edges))
			}
		}
	}
	return errors.Join(errs...)
}

func (h *Hardware) wrongEdge(key, name string, usual, edges []string) error {
	allowed := "a FIFO: " + strings.Join(usual, ", ")
	if len(edges) > 0 {
		allowed = "a FIFO as the report names it, or within every layer, such as pad.window"
	}
	return h.Wrong(key, fmt.Sprintf("%q", name), allowed+strictyaml.Suggestion(name, slices.Concat(usual, edges)))
}

// DepthOf is the depth of a FIFO of a network in beats, and whether the file names it:
// by its full name, or by its name within the layer that reads it, "" if that is
// another than the one that writes it.
func (h *Hardware) DepthOf(edge, layer, within string) (depth int, named bool) {
	if depth, named = h.FIFO.Edges[edge]; named {
		return depth, true
	}
	own := h.Of(layer)
	if depth, named = own.FIFO.Edges[within]; named {
		return depth, true
	}
	return own.FIFO.Depth, false
}

// With is the hardware with keys of a layer laid over all that it has so far, written
// as in a file: "{array: {pe: 4}}".
func (h *Hardware) With(layer, keys string) (*Hardware, error) {
	var read struct {
		Keys layerKeys `yaml:"keys" required:"true"`
	}
	text := []byte("keys: " + keys)
	if _, err := strictyaml.Decode("keys", text, &read); err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	with := *h
	name := regexp.MustCompile("^(?s:" + regexp.QuoteMeta(layer) + ")$")
	with.Layers = append(slices.Clip(h.Layers), override{pattern: layer, names: name, node: document.Content[0].Content[1]})
	return &with, nil
}
