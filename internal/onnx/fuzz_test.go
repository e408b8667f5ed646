package onnx_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/onnx"
)

// FuzzParse decodes and converts anything: an error or a network, and little
// memory, but no crash.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("../../testdata/onnx/*.onnx")
	if err != nil || len(paths) == 0 {
		f.Fatalf("no models to begin with, %v", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(x1(nested(3))))
	f.Add([]byte(x1(node("Add", "x b", "a"), relu("a", "b"), relu("b", "y"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := onnx.Parse(data)
		if err != nil {
			return
		}
		c := m.Convert(nil)
		if len(c.Problems) > 0 {
			return
		}
		total := int64(0)
		for _, s := range c.Steps {
			for _, o := range s.Outputs {
				n := int64(o.DType.Size())
				for _, d := range o.Shape {
					n *= int64(d)
				}
				total += n
			}
		}
		if total > 16<<20 {
			return // weights that take more memory than a fuzzer has
		}
		if _, err := m.Network(nil); err != nil {
			t.Logf("%v", err) // elements that cannot be read
		}
	})
}

// FuzzParseNodes puts the bytes where nodes are, so that more of them are decoded.
func FuzzParseNodes(f *testing.F) {
	f.Add([]byte(relu("x", "y")))
	for _, op := range []string{"Conv", "Reshape", "Slice", "Pad", "Resize", "Gather", "Split", "Concat", "Expand", "Unsqueeze"} {
		f.Add([]byte(join(initializer("w", onnx.Int64, []int64{4}, packed(7, 1, 1, 2, 2)),
			node(op, "x w w w", "y", attrInt("axis", 1), attrInts("pads", 0, 0, 1, 1), attrString("mode", "linear")))))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := onnx.Parse(x1(data))
		if err == nil {
			m.Convert(nil)
		}
	})
}
