// Package filekind tells by its content which kind of file somebody named, so
// that a file given in the place of another is answered in one sentence and not
// with a complaint about each of its keys.
package filekind

import (
	"bytes"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/strictyaml"
)

// Kind is a kind of file, as a message calls it.
type Kind string

// The kinds.
const (
	Hardware    Kind = "a hardware file"
	Layer       Kind = "a layer file"
	Workload    Kind = "a workload file"
	Network     Kind = "a network file"
	Sweep       Kind = "a sweep file"
	Expectation Kind = "an expectation file"
	Board       Kind = "a board file"
	Energy      Kind = "an energy table"
	NPY         Kind = "a .npy file"
	Zip         Kind = "a .zip file"
	Results     Kind = "the results of a sweep"
	ONNX        Kind = "an ONNX model"
	Cycles      Kind = "a list of cycle numbers"
	Pointer     Kind = "a pointer of Git LFS in the place of a file, which git lfs pull fetches"
	Page        Kind = "a page for a browser"
	Unknown     Kind = ""
)

// starts are how files begin that are no YAML.
var starts = []struct {
	kind Kind
	text string
}{
	{NPY, "\x93NUMPY"},
	{Zip, "PK\x03\x04"},
	{Results, `{"v":1,"identity":`},
	{Pointer, "version https://git-lfs.github.com/spec/"},
	{Page, "<!DOCTYPE html"},
	{Page, "<!doctype html"},
	{Page, "<html"},
}

// marks are keys at the top of a file that no other kind has there.
var marks = []struct {
	kind Kind
	keys []string
}{
	{Hardware, []string{"array", "window", "accumulator", "fifo", "source", "sink"}},
	{Layer, []string{"op", "in_channels", "out_channels", "kernel_size"}},
	{Workload, []string{"layers"}},
	{Network, []string{"inputs", "outputs", "tensors"}},
	{Sweep, []string{"workload", "axes", "objectives"}},
	{Expectation, []string{"runs"}},
	{Board, []string{"part", "dsp_kind", "dram_gbytes_per_s"}},
	{Energy, []string{"int_add", "int_multiply", "float_add", "float_multiply", "sram_access", "dram_access"}},
}

// Of is the kind that a content looks like.
func Of(data []byte) Kind {
	for _, s := range starts {
		if bytes.HasPrefix(data, []byte(s.text)) {
			return s.kind
		}
	}
	if isONNX(data) {
		return ONNX
	}
	if isCycles(string(data)) {
		return Cycles
	}
	var document yaml.Node
	if yaml.Unmarshal(data, &document) != nil || len(document.Content) == 0 {
		return Unknown
	}
	keys := map[string]bool{}
	if root := document.Content[0]; root.Kind == yaml.MappingNode {
		for i := 0; i < len(root.Content); i += 2 {
			keys[root.Content[i].Value] = true
		}
	}
	return mostLike(keys)
}

// isONNX reports whether data begin as a ModelProto does: with the version of
// its format and the text that names its producer, or its graph.
func isONNX(data []byte) bool {
	const version, producer, graph = 1 << 3, 2<<3 | 2, 7<<3 | 2 // field and wire type; that of numbers is 0
	return len(data) > 2 && data[0] == version && data[1] < 0x20 && (data[2] == producer || data[2] == graph)
}

// isCycles reports whether a text holds numbers and comments only.
func isCycles(text string) bool {
	numbers := 0
	for line := range strings.Lines(text) {
		content, _, _ := strings.Cut(line, "#")
		for word := range strings.FieldsSeq(content) {
			if _, err := strconv.ParseUint(word, 10, 64); err != nil {
				return false
			}
			numbers++
		}
	}
	return numbers > 0
}

// mostLike is the kind with the most of its marks among the keys, if it is one.
func mostLike(keys map[string]bool) Kind {
	best, most := Unknown, 0
	for _, m := range marks {
		n := 0
		for _, key := range m.keys {
			if keys[key] {
				n++
			}
		}
		switch {
		case n > most:
			best, most = m.kind, n
		case n == most:
			best = Unknown
		}
	}
	return best
}

// Explain returns err, the mistakes of a file, unless the file looks like one of
// another kind than those wanted: that is all that has to be said then.
func Explain(err error, file string, data []byte, wanted ...Kind) error {
	if err == nil {
		return nil
	}
	kind := Of(data)
	if kind == Unknown {
		return err
	}
	allowed := ""
	for i, w := range wanted {
		if kind == w {
			return err
		}
		if i > 0 {
			allowed += " or "
		}
		allowed += string(w)
	}
	return strictyaml.Sentence(file, "this looks like "+string(kind)+"; allowed: "+allowed)
}
