package strictyaml

import (
	"strings"
	"testing"
)

// TestEmbeddedKeys: the keys of an embedded struct stand in its place, with their defaults and bounds.
func TestEmbeddedKeys(t *testing.T) {
	type size struct {
		Height int `yaml:"height" required:"true" min:"1"`
		Width  int `yaml:"width" default:"7"`
	}
	type file struct {
		Name string `yaml:"name" default:"x"`
		size
		Last int `yaml:"last" default:"0"`
	}
	var got file
	if _, err := Decode("f.yaml", []byte("height: 3\nname: n\n"), &got); err != nil || got != (file{"n", size{3, 7}, 0}) {
		t.Errorf("%+v, %v", got, err)
	}
	_, err := Decode("f.yaml", []byte("height: 0\nheigth: 4\n"), &got)
	for _, want := range []string{"f.yaml:1:9: height: ", "f.yaml:2:1: heigth: unknown key", "allowed: name, height, width, last; did you mean height?"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nwant %q", err, want)
		}
	}
}
