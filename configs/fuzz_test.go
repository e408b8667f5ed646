package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func FuzzHardware(f *testing.F) { fuzz(f, parseHardware, "hardware/*.yaml", "testdata/hardware*.yaml") }

func FuzzLayer(f *testing.F) { fuzz(f, parseLayer, "layers/*.yaml", "testdata/layer*.yaml") }

func FuzzWorkload(f *testing.F) {
	fuzz(f, parseWorkload, "testdata/workload*.yaml", "layers/textbook*.yaml")
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
	f.Fuzz(func(t *testing.T, data []byte) {
		err := parse("fuzz.yaml", data)
		if err == nil {
			return
		}
		for _, e := range asErrors(t, err).List {
			if e.File != "fuzz.yaml" || e.Line < 1 || e.Column < 1 || !strings.Contains(e.Message, ", got ") || !strings.Contains(e.Message, "; allowed: ") {
				t.Errorf("not a full message: %v", e)
			}
		}
	})
}
