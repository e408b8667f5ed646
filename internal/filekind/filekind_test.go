package filekind_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/filekind"
)

func TestShippedFiles(t *testing.T) {
	root := filepath.Join("..", "..")
	for pattern, want := range map[string]filekind.Kind{
		"configs/hardware/*.yaml":               filekind.Hardware,
		"configs/layers/*.yaml":                 filekind.Layer,
		"configs/layers/digits/*.yaml":          filekind.Layer,
		"configs/layers/conv_arithmetic/*.yaml": filekind.Layer,
		"configs/layers/digits/*.npy":           filekind.NPY,
		"configs/workloads/*.yaml":              filekind.Workload,
		"configs/sweeps/*.yaml":                 filekind.Sweep,
		"regress/expectations/*.expect.yaml":    filekind.Expectation,
		"internal/resources/boards/*.yaml":      filekind.Board,
		"internal/resources/energy/*.yaml":      filekind.Energy,
		"testdata/golden/*.zip":                 filekind.Zip,
		"configs/testdata/cycles.txt":           filekind.Cycles,
		"configs/testdata/empty.txt":            filekind.Unknown,
		"README.md":                             filekind.Unknown,
		"configs/schema/hardware.schema.json":   filekind.Unknown,
	} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: no file, %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := filekind.Of(data); got != want {
				t.Errorf("%s looks like %q, want %q", file, got, want)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	mistake := errors.New("unknown key")
	for name, c := range map[string]struct {
		data   string
		wanted []filekind.Kind
		want   string
	}{
		"swapped":     {"op: conv2d\nin_channels: 3\n", []filekind.Kind{filekind.Hardware}, "f.yaml:1:1: this looks like a layer file; allowed: a hardware file"},
		"one of two":  {"runs: []\n", []filekind.Kind{filekind.Layer, filekind.Workload}, "f.yaml:1:1: this looks like an expectation file; allowed: a layer file or a workload file"},
		"right kind":  {"array: {pes: 3}\n", []filekind.Kind{filekind.Hardware}, "unknown key"},
		"a tie":       {"array: {}\nop: conv2d\n", []filekind.Kind{filekind.Sweep}, "unknown key"},
		"no marks":    {"name: x\n", []filekind.Kind{filekind.Hardware}, "unknown key"},
		"not YAML":    {"\t{", []filekind.Kind{filekind.Hardware}, "unknown key"},
		"a model":     {"\x08\x09\x12\x07pytorch", []filekind.Kind{filekind.Layer}, "f.yaml:1:1: this looks like an ONNX model; allowed: a layer file"},
		"a pointer":   {"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", []filekind.Kind{filekind.ONNX}, "f.yaml:1:1: this looks like a pointer of Git LFS in the place of a file, which git lfs pull fetches; allowed: an ONNX model"},
		"a page":      {"<!DOCTYPE html><html>404", []filekind.Kind{filekind.ONNX}, "f.yaml:1:1: this looks like a page for a browser; allowed: an ONNX model"},
		"other bytes": {"\x93NUMPY\x01\x00", []filekind.Kind{filekind.Hardware}, "f.yaml:1:1: this looks like a .npy file; allowed: a hardware file"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := filekind.Explain(mistake, "f.yaml", []byte(c.data), c.wanted...); got.Error() != c.want {
				t.Errorf("got  %v\nwant %s", got, c.want)
			}
		})
	}
	if err := filekind.Explain(nil, "f.yaml", []byte("runs: []"), filekind.Layer); err != nil {
		t.Errorf("a file without mistakes: %v", err)
	}
}
