package onnx_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/tensor"
)

// tensorEntry is a tensor of a manifest.
type tensorEntry struct {
	File      string
	Tensor    string
	DType     string
	Shape     []int
	SHA256Raw string `json:"sha256_raw"`
	MaxLSB    int    `json:"max_lsb"`
}

// comparison is how tensors of floats compare.
type comparison struct {
	Mode       string
	Atol, Rtol float64
}

// file is a file of a manifest.
type file struct{ File string }

// suite returns the folder of a suite: where the suites lie, or of a committed zip.
func suite(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("CONVSIM_GOLDEN")
	if root == "" {
		root = "../../../shared/golden"
	}
	dir := filepath.Join(root, name)
	if !exists(filepath.Join(dir, "manifest.json")) {
		if zipped := filepath.Join("../../testdata/golden", name+".zip"); exists(zipped) {
			return unzip(t, zipped)
		}
		t.Skipf("the suite %s is not here: set CONVSIM_GOLDEN to the folder of the suites", name)
	}
	return dir
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func unzip(t *testing.T, path string) string {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dir := t.TempDir()
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	return dir
}

// manifest reads the cases of a suite.
func manifest[T any](t *testing.T, dir string) []T {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct{ Cases []T }
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Cases) == 0 {
		t.Fatal("the manifest has no cases")
	}
	return m.Cases
}

// load makes a network of a model.
func load(t *testing.T, path string, shapes map[string][]int) *network.Graph {
	t.Helper()
	m, err := onnx.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	g, err := m.Network(shapes)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// execute runs a network on its one input, and keeps every tensor.
func execute(t *testing.T, g *network.Graph, x *tensor.Tensor) map[string]*tensor.Tensor {
	t.Helper()
	if len(g.Inputs) != 1 {
		t.Fatalf("%d inputs", len(g.Inputs))
	}
	return executeAll(t, g, map[string]*tensor.Tensor{g.Inputs[0].Name: x})
}

func executeAll(t *testing.T, g *network.Graph, in map[string]*tensor.Tensor) map[string]*tensor.Tensor {
	t.Helper()
	all := map[string]*tensor.Tensor{}
	_, err := network.Execute(g, in, func(_ network.Node, name string, y *tensor.Tensor) error {
		all[name] = y
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range in {
		all[name] = x
	}
	return all
}

// lowered returns the network of integer operators.
func lowered(t *testing.T, g *network.Graph) *network.Graph {
	t.Helper()
	out, err := network.Lower(g)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, path string) *tensor.Tensor {
	t.Helper()
	x, err := tensor.ReadNPY(path)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// check compares a tensor with that of a manifest.
func check(t *testing.T, dir string, want tensorEntry, c comparison, got *tensor.Tensor) {
	t.Helper()
	if err := differs(dir, want, c, got); err != nil {
		t.Errorf("%s: %v", want.Tensor, err)
	}
}

func differs(dir string, want tensorEntry, c comparison, got *tensor.Tensor) error {
	switch {
	case got == nil:
		return fmt.Errorf("no such tensor")
	case got.DType().String() != want.DType || !slices.Equal(got.Shape(), want.Shape):
		return fmt.Errorf("got %s; want: %s %v", got, want.DType, want.Shape)
	case want.File == "":
		sum := sha256.Sum256(got.Bytes())
		if hex.EncodeToString(sum[:]) != want.SHA256Raw {
			return fmt.Errorf("SHA-256 of the elements differs")
		}
		return nil
	}
	expect, err := tensor.ReadNPY(filepath.Join(dir, want.File))
	if err != nil {
		return err
	}
	return distance(expect, got, c, want.MaxLSB)
}

// distance says which element is the first that is too far away.
func distance(want, got *tensor.Tensor, c comparison, lsb int) error {
	differ, first := 0, -1
	for i := range want.Len() {
		w, g := want.Float(i), got.Float(i)
		allowed := float64(lsb)
		if c.Mode == "allclose" && want.DType().IsFloat() {
			allowed = c.Atol + c.Rtol*math.Abs(w)
		}
		if !(math.Abs(w-g) <= allowed) && w != g && !(w != w && g != g) {
			if differ++; first < 0 {
				first = i
			}
		}
	}
	if differ > 0 {
		return fmt.Errorf("%d of %d elements differ, the first at %v: want %v, got %v",
			differ, want.Len(), want.Coordinates(first), want.Float(first), got.Float(first))
	}
	return nil
}
