package strictyaml_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `name: xx
array:
  pe: 2
many:
- {pe: 1}
- rate: 2
`

func TestPositionsError(t *testing.T) {
	_, p, err := decode(sample)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, key, want string }{
		{"key", "array.pe", "f.yaml:3:7: array.pe: illegal value, got 2; allowed: 4"},
		{"list entry", "many[1].rate", "f.yaml:6:9: many[1].rate: illegal value, got 2; allowed: 4"},
		{"default falls back to its parent", "array.rate", "f.yaml:3:3: array.rate: illegal value, got 2; allowed: 4"},
		{"entry key falls back to the entry", "many[0].rate", "f.yaml:5:3: many[0].rate: illegal value, got 2; allowed: 4"},
		{"unknown entry falls back to the list", "many[7].rate", "f.yaml:5:1: many[7].rate: illegal value, got 2; allowed: 4"},
		{"absent key falls back to the file", "mode", "f.yaml:1:1: mode: illegal value, got 2; allowed: 4"},
		{"whole file", "", "f.yaml:1:1: illegal value, got 2; allowed: 4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := p.Error(tt.key, "2", "4").Error(); got != tt.want {
				t.Errorf("Error(%q) = %q, want %q", tt.key, got, tt.want)
			}
		})
	}
}

func TestAddedMistakesJoinTheOthers(t *testing.T) {
	_, p, _ := decode("name: xx\narray: {pe: 9}\nratio: 3\n")
	p.Add("ratio", "3", "an even number")
	p.Add("name", "xx", "yy")
	p.Add("name", "xx", "yy")
	want := `f.yaml:1:7: name: illegal value, got xx; allowed: yy
f.yaml:2:13: array.pe: out of range, got 9; allowed: whole number 1..8
f.yaml:3:8: ratio: illegal value, got 3; allowed: an even number`
	if diff := cmp.Diff(want, p.Err().Error()); diff != "" {
		t.Errorf("Err mismatch (-want +got):\n%s", diff)
	}
}

func TestBad(t *testing.T) {
	_, p, _ := decode("name: xx\narray: {pe: 9}\nlist: [1, 100]\nmode: serial\nextra: 1\n")
	tests := map[string]bool{
		"array.pe": true, "array": true, "array.rate": false, "array.pe.x": true,
		"list": true, "list[1]": true, "list[0]": false, "mode": false, "name": false, "ext": false, "": true,
	}
	for key, want := range tests {
		if got := p.Bad(key); got != want {
			t.Errorf("Bad(%q) = %v, want %v", key, got, want)
		}
	}
}

func TestNothingIsSoundInABrokenFile(t *testing.T) {
	_, p, _ := decode("{")
	if !p.Bad("array.pe") {
		t.Error("Bad is false for a key of a file that does not parse")
	}
}
