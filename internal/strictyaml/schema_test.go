package strictyaml_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/google/go-cmp/cmp"
)

func TestSchema(t *testing.T) {
	got, err := strictyaml.Schema(&config{}, "a title")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/config.schema.json"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("Schema mismatch (-want +got):\n%s", diff)
	}
	if !json.Valid(got) {
		t.Error("not JSON")
	}
}

func TestSchemaIsDeterministic(t *testing.T) {
	first, _ := strictyaml.Schema(config{}, "x")
	for range 20 {
		if again, _ := strictyaml.Schema(&config{}, "x"); !bytes.Equal(first, again) {
			t.Fatal("two runs gave different bytes")
		}
	}
}

func TestBrokenTagsPanic(t *testing.T) {
	targets := map[string]any{
		"bound that is no number": &struct {
			N int `yaml:"n" min:"one"`
		}{},
		"default of the wrong type": &struct {
			N int `yaml:"n" default:"1.5"`
		}{},
		"default that is no YAML": &struct {
			N []int `yaml:"n" default:"["`
		}{},
		"type without a spelling": &struct {
			N chan int `yaml:"m"`
		}{},
	}
	for name, target := range targets {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			strictyaml.Decode("f", []byte("m: 1"), target)
		})
	}
}
