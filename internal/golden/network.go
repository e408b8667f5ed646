package golden

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// Network is one model of a case, and what comes of the case's inputs.
type Network struct {
	Name     string // within the case: "float", or the id of an int8 model; empty where there is one model
	Model    File
	Shape    []int // of the one input; nil: that of its tensor
	Integers bool  // the model is one of integer operators
	Outputs  map[string]File
	Layers   []Layer
	First    []Layer    // of the first of the images
	Compare  Comparison // of outputs, and of layers that are floats
	Accuracy *float64   // share of images whose largest output is at the label
	Images   *Images    // a set of images of its own
	Shapes   []Layer    // of which only shapes count
}

// Layer is a tensor that a node makes.
type Layer struct {
	File
	Tensor string
	MaxLSB int `json:"max_lsb"` // how far integers may be off
}

// Images is a set of images that are fed one at a time, as floats.
type Images struct {
	Images, Labels, Logits File
	Correct                int
}

// networkCase is a case as the suites of networks write it.
type networkCase struct {
	Model     *File
	Quantised []struct {
		ID       string
		Model    File
		Outputs  map[string]File
		Compare  *Comparison `json:"compare_output"`
		Layers   []Layer
		First    []Layer `json:"layers_first_image"`
		Accuracy *float64
		Set      *struct {
			Correct int
			Logits  File
		} `json:"accuracy_set"`
	}
	Float *struct {
		Model    File
		Outputs  map[string]File
		Compare  Comparison
		Layers   []Layer
		Shapes   []Layer
		Accuracy *float64
	}
	First []Layer `json:"layers_first_input"`
	Shape []int   `json:"input_shape_used"`
	Set   *Images `json:"accuracy_set"`
}

// IsNetwork reports whether the case is one of models.
func (c Case) IsNetwork() bool { return c.Op == "network" || c.Op == "onnx_model" }

// Networks returns the models of a case, the float one first. A model whose file is
// not in the suite has no name of a file.
func (c Case) Networks() ([]Network, error) {
	var f networkCase
	if err := c.Decode(&f); err != nil {
		return nil, err
	}
	var all []Network
	if f.Model != nil {
		all = append(all, Network{Model: *f.Model, Outputs: c.Outputs, First: f.First, Compare: c.Compare, Shape: f.Shape,
			Integers: c.Op == "network"})
	}
	if n := f.Float; n != nil {
		all = append(all, Network{Name: "float", Model: n.Model, Outputs: n.Outputs, Layers: n.Layers, Compare: n.Compare,
			Shape: f.Shape, Accuracy: n.Accuracy, Shapes: n.Shapes})
	}
	for _, q := range f.Quantised {
		n := Network{Name: q.ID, Model: q.Model, Outputs: q.Outputs, Layers: q.Layers, First: q.First, Compare: c.Compare,
			Shape: f.Shape, Accuracy: q.Accuracy, Integers: true}
		if q.Compare != nil {
			n.Compare = *q.Compare
		}
		if q.Set != nil && f.Set != nil {
			n.Images = &Images{Images: f.Set.Images, Labels: f.Set.Labels, Logits: q.Set.Logits, Correct: q.Set.Correct}
		}
		all = append(all, n)
	}
	if len(all) == 0 {
		return nil, c.value.Errorf("has no model; allowed: model, float or quantised")
	}
	return all, nil
}

// CompareTensor compares a tensor with a file, or with its hash where there is no
// file. Integers may be off by so many steps.
func (s *Suite) CompareTensor(f File, how Comparison, steps int, got *tensor.Tensor) error {
	if got.DType().String() != f.DType || fmt.Sprint(got.Shape()) != fmt.Sprint(f.Shape) {
		return fmt.Errorf("want %s %v, got %s", f.DType, f.Shape, got)
	}
	if f.Name == "" {
		return compareHash(f, steps, got)
	}
	want, err := s.Load(f)
	if err != nil {
		return err
	}
	return s.CompareTensors(want, how, steps, got)
}

// CompareTensors compares two tensors of one shape. Integers may be off by so many
// steps.
func (s *Suite) CompareTensors(want *tensor.Tensor, how Comparison, steps int, got *tensor.Tensor) error {
	if got.DType() != want.DType() || fmt.Sprint(got.Shape()) != fmt.Sprint(want.Shape()) {
		return fmt.Errorf("want %s, got %s", want, got)
	}
	if !want.DType().IsFloat() {
		how.Mode = "exact"
	}
	same, err := Case{suite: s, Compare: how}.rule(want, got)
	if err != nil {
		return err
	}
	if !want.DType().IsFloat() {
		same = func(i int) bool { return max(want.Int(i)-got.Int(i), got.Int(i)-want.Int(i)) <= int64(steps) }
	}
	return differences(want, got, same)
}

// compareHash compares the bytes of the elements; a hash says nothing about steps.
func compareHash(f File, steps int, got *tensor.Tensor) error {
	sum := sha256.Sum256(got.Bytes())
	if hash := hex.EncodeToString(sum[:]); hash != f.SHA256Raw {
		note := ""
		if steps > 0 {
			note = fmt.Sprintf("; %d steps would be allowed, but only the hash is there", steps)
		}
		return fmt.Errorf("SHA-256 of the elements: want %s, got %s%s", f.SHA256Raw, hash, note)
	}
	return nil
}
