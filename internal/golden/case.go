package golden

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/jsonfile"
	"github.com/convsim/convsim/tensor"
)

// Case is one operation with its expected result. Fields a suite does not have
// are zero; Decode reads what is not listed here.
type Case struct {
	ID      string          `json:"id"`
	Op      string          `json:"op"`
	Attrs   json.RawMessage `json:"attrs"` // as in PyTorch or ONNX, by Op
	Inputs  map[string]File `json:"inputs"`
	Outputs map[string]File `json:"outputs"`
	Compare Comparison      `json:"compare"`
	Tags    []string        `json:"tags"`
	Note    string          `json:"note"`

	XZeroPoint   int   `json:"x_zero_point"`  // of integer Conv2d: subtracted from x
	PadsResolved []int `json:"pads_resolved"` // of ONNX: top, left, bottom, right

	// Cases about what is legal have shapes instead of tensors.
	Accepts  bool  `json:"accepts"`
	XShape   []int `json:"x_shape"`
	OutShape []int `json:"out_shape"`

	suite *Suite
	value jsonfile.Value
}

// Comparison is how an output is compared.
type Comparison struct {
	Mode string  `json:"mode"` // exact, bound, allclose or special
	Atol float64 `json:"atol"`
	Rtol float64 `json:"rtol"`
}

// File is a file of a suite, or a tensor of which only the hash is there.
type File struct {
	Name      string `json:"file"` // relative to the suite's folder; empty: no file
	DType     string `json:"dtype"`
	Shape     []int  `json:"shape"`
	SHA256    string `json:"sha256"`     // of the whole file, in hex
	SHA256Raw string `json:"sha256_raw"` // of the elements, little endian, in hex
}

// Decode reads the whole case into a type of its own.
func (c Case) Decode(into any) error { return c.value.Decode(into) }

// DecodeAttrs reads the attributes.
func (c Case) DecodeAttrs(into any) error { return c.value.Key("attrs", c.Attrs).Decode(into) }

// String returns suite and id, which name the case anywhere.
func (c Case) String() string { return c.suite.Name + "/" + c.ID }

// Suite returns the suite the case is from.
func (c Case) Suite() *Suite { return c.suite }

// HasInput reports whether there is an input of that name.
func (c Case) HasInput(name string) bool {
	_, ok := c.Inputs[name]
	return ok
}

// Input reads an input.
func (c Case) Input(name string) (*tensor.Tensor, error) { return c.load("input", c.Inputs, name) }

// Output reads an expected output.
func (c Case) Output(name string) (*tensor.Tensor, error) { return c.load("output", c.Outputs, name) }

func (c Case) load(kind string, files map[string]File, name string) (*tensor.Tensor, error) {
	f, ok := files[name]
	if !ok {
		names := strings.Join(slices.Sorted(maps.Keys(files)), ", ")
		return nil, fmt.Errorf("%s: no %s %q; there are: %s", c, kind, name, names)
	}
	t, err := c.suite.Load(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %s %s: %w", c, kind, name, err)
	}
	return t, nil
}

// Load reads a .npy file, which must have the SHA-256, type and shape stated.
func (s *Suite) Load(f File) (*tensor.Tensor, error) {
	dtype, err := tensor.ParseDType(f.DType)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	data, err := s.ReadFile(f)
	if err != nil {
		return nil, err
	}
	t, err := tensor.DecodeNPY(bytes.NewReader(data), tensor.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if t.DType() != dtype || !slices.Equal(t.Shape(), f.Shape) {
		return nil, fmt.Errorf("%s holds %s; the manifest says %s %v", f.Name, t, dtype, f.Shape)
	}
	return t, nil
}

// ReadFile reads any file, which must have the SHA-256 stated.
func (s *Suite) ReadFile(f File) ([]byte, error) {
	data, err := readFile(s.files, f.Name, tensor.MaxBytes)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
		return nil, fmt.Errorf("%s has SHA-256 %s; the manifest says %s", f.Name, got, f.SHA256)
	}
	return data, nil
}
