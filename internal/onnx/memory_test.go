package onnx_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/convsim/convsim/internal/onnx"
)

// sparse writes a model y = x*w of which w takes that many bytes, all of them 0.
func sparse(t *testing.T, bytes int64) string {
	t.Helper()
	prefix := func(number protowire.Number, length int64) part {
		return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.BytesType), uint64(length))
	}
	inner := join(packed(1, bytes/4), num(2, int64(onnx.Float)), text(8, "w"), prefix(9, bytes))
	rest := join(node("Mul", "x w", "y"), graphInput("x", 1), graphOutput("y"))
	tensor := int64(len(inner)) + bytes
	head := join(prefix(5, tensor), inner)
	head = join(num(1, 8), message(8, num(2, 13)), prefix(7, int64(len(head)+len(rest))+bytes), head)
	path := filepath.Join(t.TempDir(), "large.onnx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(head); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(rest, int64(len(head))+bytes); err != nil {
		t.Fatal(err)
	}
	return path
}

// The description of a large model takes next to nothing, its weights as much as
// they are, once.
func TestWeightsAreHeldOnce(t *testing.T) {
	const size = 96 << 20
	m, err := onnx.Read(sparse(t, size))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	before := allocated()
	if c := m.Convert(nil); len(c.Problems) > 0 || c.Steps[0].Parameters != size/4 {
		t.Fatalf("problems %v, %d parameters", c.Problems, c.Steps[0].Parameters)
	}
	if got := allocated() - before; got > 1<<20 {
		t.Errorf("%d bytes to convert", got)
	}
	g, err := m.Network(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := allocated() - before; got < size || got > size+4<<20 {
		t.Errorf("%d bytes for %d of weights", got, size)
	}
	runtime.KeepAlive(g)
}

// allocated returns how many bytes were allocated since the program started.
func allocated() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.TotalAlloc)
}
