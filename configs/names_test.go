package configs_test

import (
	"io"
	"testing"

	"github.com/convsim/convsim/configs"
)

// TestShippedNames: a name means one file, whichever folder it is in.
func TestShippedNames(t *testing.T) {
	seen := map[string]configs.Folder{}
	for _, folder := range configs.Folders() {
		names := configs.Shipped(folder)
		if len(names) == 0 {
			t.Errorf("%s holds nothing", folder)
		}
		for _, name := range names {
			if other, twice := seen[name]; twice {
				t.Errorf("%s is in %s and in %s", name, other, folder)
			}
			seen[name] = folder
			if !configs.IsName(name) {
				t.Errorf("%s would be taken for a path", name)
			}
		}
	}
}

// TestShippedByName loads all files from the program itself, and their tensors.
func TestShippedByName(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range configs.Shipped(configs.HardwareFiles) {
		if hw, err := configs.LoadHardware(name); err != nil || hw.Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range configs.Shipped(configs.WorkloadFiles) {
		if _, err := configs.LoadWorkload(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range configs.Shipped(configs.LayerFiles) {
		if configs.IsOperation(name) {
			if _, err := configs.LoadOperation(name, configs.Given{}); err != nil {
				t.Error(err)
			}
			continue
		}
		layer, err := configs.LoadLayer(name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, p := range []configs.Path{layer.Tensors.Input, layer.Tensors.Weight, layer.Tensors.Bias, layer.Tensors.Expect} {
			if p.Written == "" {
				continue
			}
			f, err := p.Open()
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if n, err := io.Copy(io.Discard, f); err != nil || n < 100 {
				t.Errorf("%s: %s has %d bytes, %v", name, p.Written, n, err)
			}
			f.Close()
		}
	}
}
