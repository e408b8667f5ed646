package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/tensor"
)

func FuzzHardware(f *testing.F) { fuzz(f, parseHardware, "hardware/*.yaml", "testdata/hardware*.yaml") }

func FuzzLayer(f *testing.F) { fuzz(f, parseLayer, "layers/*.yaml", "testdata/layer*.yaml") }

func FuzzWorkload(f *testing.F) {
	fuzz(f, parseWorkload, "testdata/workload*.yaml", "layers/textbook*.yaml")
}

func FuzzOperation(f *testing.F) { fuzz(f, parseOperation, "layers/conv_arithmetic/*.yaml") }

func parseOperation(name string, data []byte) error {
	_, err := configs.ParseOperation(name, data, configs.Given{})
	return err
}

// FuzzNetwork: what is read can be written and read again.
func FuzzNetwork(f *testing.F) { fuzz(f, parseNetwork, "testdata/network*.yaml") }

func parseNetwork(name string, data []byte) error {
	n, err := configs.ParseNetwork(name, data)
	if err != nil {
		return err
	}
	text, _, err := configs.WriteNetwork(n.Graph, "tensors")
	if err == nil && len(n.Graph.Constants) == 0 {
		_, err = configs.ParseNetwork(name, text)
	}
	return err
}

// fuzz checks that parse neither panics nor complains without a position.
func fuzz(f *testing.F, parse func(string, []byte) error, seeds ...string) {
	for _, pattern := range seeds {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("%s: no seeds, %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	most := tensor.MaxBytes
	tensor.MaxBytes = 1 << 22 // of weights that are made up
	f.Cleanup(func() { tensor.MaxBytes = most })
	f.Fuzz(func(t *testing.T, data []byte) {
		err := parse("fuzz.yaml", data)
		if err == nil {
			return
		}
		for _, e := range asErrors(t, err).List {
			if strings.HasPrefix(e.Message, "this looks like ") {
				continue // another kind of file
			}
			if e.File != "fuzz.yaml" || e.Line < 1 || e.Column < 1 || !strings.Contains(e.Message, ", got ") || !strings.Contains(e.Message, "; allowed: ") {
				t.Errorf("not a full message: %v", e)
			}
		}
	})
}
