package configs_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/tensor"
	"github.com/google/go-cmp/cmp"
)

// shipped returns the YAML files in a folder and below.
func shipped(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".yaml" {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no files, %v", folder, err)
	}
	return files
}

func TestShippedHardware(t *testing.T) {
	for _, file := range shipped(t, "hardware") {
		hw, err := configs.LoadHardware(file)
		if err != nil {
			t.Error(err)
			continue
		}
		if want := strings.TrimSuffix(filepath.Base(file), ".yaml"); hw.Name != want {
			t.Errorf("%s is named %s", file, hw.Name)
		}
	}
}

func TestShippedLayers(t *testing.T) {
	for _, file := range shipped(t, "layers") {
		if configs.IsOperation(file) {
			if _, err := configs.LoadOperation(file, configs.Given{}); err != nil {
				t.Error(err)
			}
			continue
		}
		layer, err := configs.LoadLayer(file)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := layer.Shape(); err != nil {
			t.Error(err)
		}
	}
}

// TestShippedTensors checks that the tensors of a layer have the types and shapes that its file says.
func TestShippedTensors(t *testing.T) {
	for _, name := range []string{"digits_conv1", "digits_conv2"} {
		layer, err := configs.LoadLayer("layers/digits/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		shape, err := layer.Shape()
		if err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			path  configs.Path
			dtype tensor.DType
			shape []int
		}{
			{layer.Tensors.Input, layer.DType.Input, shape.InputShape()},
			{layer.Tensors.Weight, layer.DType.Weight, shape.WeightShape()},
			{layer.Tensors.Bias, layer.DType.Accumulator, []int{shape.OutChannels}},
			{layer.Tensors.Expect, layer.DType.Output, shape.OutputShape()},
		}
		for _, tt := range tests {
			x, err := tensor.ReadNPY(tt.path.Resolved)
			if err != nil {
				t.Error(err)
				continue
			}
			if x.DType() != tt.dtype || !slices.Equal(x.Shape(), tt.shape) {
				t.Errorf("%s is %v %v, want %v %v", tt.path.Written, x.DType(), x.Shape(), tt.dtype, tt.shape)
			}
		}
	}
}

// TestShippedWorkloads compares layers and multiply-accumulates with those of torchvision's networks.
func TestShippedWorkloads(t *testing.T) {
	want := map[string]struct {
		layers int
		macs   int64
	}{
		"workloads/resnet50.yaml":     {53, 4087136256},
		"workloads/mobilenet_v2.yaml": {52, 299494272},
	}
	for _, file := range shipped(t, "workloads") {
		w, err := configs.LoadWorkload(file)
		if err != nil {
			t.Error(err)
			continue
		}
		var macs int64
		for _, layer := range w.Layers {
			shape, err := layer.Shape()
			if err != nil {
				t.Error(err)
			}
			macs += shape.MACs()
		}
		if len(w.Layers) != want[file].layers || macs != want[file].macs {
			t.Errorf("%s has %d layers, %d MACs, want %+v", file, len(w.Layers), macs, want[file])
		}
	}
}

// TestShippedFilesNameTheirSchema checks the first line, by which editors find the schema.
func TestShippedFilesNameTheirSchema(t *testing.T) {
	for folder, schema := range map[string]string{"hardware": "hardware", "layers": "layer", "workloads": "workload"} {
		for _, file := range shipped(t, folder) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(data), "\n")
			reference, ok := strings.CutPrefix(first, "# yaml-language-server: $schema=")
			want := filepath.Join("schema", schema+".schema.json")
			if got := filepath.Join(filepath.Dir(file), reference); !ok || got != want {
				t.Errorf("%s: first line names %q, want %q", file, got, want)
			}
		}
	}
}

func TestSchemasAreGenerated(t *testing.T) {
	for name, generate := range configs.Schemas() {
		want, err := generate()
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("schema", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("schema/%s is not what go generate ./configs writes (-want +got):\n%s", name, cmp.Diff(string(want), string(got)))
		}
	}
}
