package configs

import (
	"path/filepath"
	"strings"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/tensor"
)

// Layer is one convolution with its input size, element types and data.
type Layer struct {
	Name                 string
	Conv                 conv.Conv2d
	Batch, Height, Width int // of the input; the batch may be 0
	DType                DTypes
	ZeroPoint            ZeroPoints
	Requantize           *Requantize // nil: the output is the accumulators
	Tensors              Tensors

	positions *strictyaml.Positions
	prefix    string // path of the layer in its file with a dot behind; empty if it is the whole file
}

// DTypes holds the element types of a layer, all of them valid.
type DTypes struct{ Input, Weight, Accumulator, Output tensor.DType }

// ZeroPoints holds the values that stand for 0. Weight has one entry, or one per output channel.
type ZeroPoints struct {
	Input  int64
	Weight []int64
}

// Shape resolves the layer for its input. Mistakes are placed in the layer's file.
func (l *Layer) Shape() (conv.Shape, error) {
	shape, err := l.Conv.Resolve(l.Batch, l.Height, l.Width)
	return shape, l.Locate(err)
}

// Locate places an error that consists of conv.Problems about keys of this layer in its file, and returns any other
// error, or nil, as it is.
func (l *Layer) Locate(err error) error { return locate(l.positions, l.prefix, err) }

// Wrong returns an error about a key of this layer, such as "tensors.input", at its place in the file.
func (l *Layer) Wrong(key, value, allowed string) error {
	return wrong(l.positions, l.prefix, []Problem{{Key: key, Value: value, Allowed: allowed}})
}

// LoadLayer reads a layer file, or a shipped one by its name.
func LoadLayer(path string) (*Layer, error) {
	t, err := ReadLayer(path)
	if err != nil {
		return nil, err
	}
	return t.Layer()
}

// ParseLayer reads the text of a layer file. name is used in messages and, without directory and suffix, as the
// default of the layer's name; tensor files are relative to its folder.
func ParseLayer(name string, data []byte) (*Layer, error) {
	var f layerFile
	positions, _ := strictyaml.Decode(name, data, &f)
	layer := f.layer(positions, "", baseName(name))
	if err := positions.Err(); err != nil {
		return nil, filekind.Explain(err, name, data, filekind.Layer)
	}
	return layer, nil
}

// LayerSchema returns the JSON Schema of layer files.
func LayerSchema() ([]byte, error) { return strictyaml.Schema(layerFiles{}, "convsim layer") }

// layer turns the file into a Layer and records the mistakes that only show between keys.
func (f *layerFile) layer(positions *strictyaml.Positions, prefix, name string) *Layer {
	if f.Name != "" {
		name = f.Name
	}
	types := f.types()
	l := &Layer{
		Name: name, Conv: f.attributes(),
		Batch: f.Input.Batch, Height: f.Input.Height, Width: f.Input.Width,
		DType:      types,
		ZeroPoint:  ZeroPoints{Input: f.ZeroPoint.Input, Weight: f.ZeroPoint.Weight},
		Requantize: f.Requantize.plain(types.Output),
		Tensors:    f.Tensors,
		positions:  positions, prefix: prefix,
	}
	c := checker{layer: l, file: f}
	c.all()
	return l
}

func baseName(path string) string {
	base := filepath.Base(path)
	return strictyaml.Visible(strings.TrimSuffix(base, filepath.Ext(base)), false)
}
