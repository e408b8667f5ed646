package jsonfile_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/jsonfile"
)

// TestPlaces: elements that are alike, and values like a part of what stands before them, have places of their own.
func TestPlaces(t *testing.T) {
	var file struct {
		List []json.RawMessage `json:"list"`
	}
	whole := jsonfile.New("f.json", []byte("\ufeff{\"list\": [{\"a\": 1},\n {\"a\": 1}, {\"é\": 0, \"a\": \"x\\\"y\"},\n{\"a\": {\"b\": [1.5]}}, {}]}"), "a list")
	if err := whole.Decode(&file); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range whole.Elements("list", file.List) {
		var one struct {
			A json.RawMessage `json:"a"`
			B int             `json:"é"`
		}
		if err := v.Decode(&one); err != nil {
			t.Fatal(err)
		}
		var number int
		err := v.Key("a", one.A).Decode(&number)
		if err == nil {
			err = v.Errorf("is %d", number)
		}
		got = append(got, err.Error())
	}
	want := []string{
		"f.json:1:11: list[0] is 1", "f.json:2:2: list[1] is 1",
		"f.json:2:26: list[2].a is string; allowed: a whole number",
		"f.json:3:7: list[3].a is object; allowed: a whole number",
		"f.json:3:22: list[4].a is missing; allowed: an object",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
