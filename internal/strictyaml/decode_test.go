package strictyaml_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type inner struct {
	PE    int     `yaml:"pe" min:"1" max:"8" default:"1" doc:"Lanes."`
	Rate  float64 `yaml:"rate" above:"0" default:"0.5"`
	Share float64 `yaml:"share" above:"0" max:"1" default:"1"`
}

// ratio is "a:b" or a number: a type with two spellings.
type ratio struct{ A, B int }

func (r *ratio) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.SequenceNode && len(n.Content) == 2 {
		d.Decode(n.Content[0], path+"[0]", &r.A, `min:"1"`)
		d.Decode(n.Content[1], path+"[1]", &r.B, `min:"1"`)
		return
	}
	r.B = 1
	d.Decode(n, path, &r.A, `min:"1" max:"9"`)
}

func (r *ratio) Allowed() string { return "number or pair" }

func (r *ratio) JSONSchema() map[string]any { return map[string]any{"type": "integer"} }

type config struct {
	Name   string         `yaml:"name" required:"true" minlen:"2"`
	Mode   string         `yaml:"mode" enum:"serial,parallel" default:"serial"`
	Array  inner          `yaml:"array"`
	Maybe  *inner         `yaml:"maybe"`
	On     bool           `yaml:"enabled" default:"true"`
	Table  map[string]int `yaml:"table" keys:"a.b,c.d" min:"0"`
	List   []int          `yaml:"list" min:"0" max:"99" minlen:"1"`
	Many   []inner        `yaml:"many"`
	Ratio  ratio          `yaml:"ratio" default:"[2, 3]"`
	Count  *int           `yaml:"count" min:"-5"`
	Free   map[string]int `yaml:"free"`
	Note   string         `yaml:"note" maxlen:"10" lines:"true"`
	Hidden int
}

func decode(text string) (config, *strictyaml.Positions, error) {
	var c config
	p, err := strictyaml.Decode("f.yaml", []byte(text), &c)
	return c, p, err
}

func TestDecode(t *testing.T) {
	minus := -5
	defaults := inner{PE: 1, Rate: 0.5, Share: 1}
	base := config{Name: "x y", Mode: "serial", Array: defaults, On: true, Ratio: ratio{2, 3}}
	tests := []struct {
		name, text string
		change     func(*config)
	}{
		{"defaults", "", func(c *config) {}},
		{"byte order mark kept out", "# \n", func(c *config) {}},
		{"plain values", "mode: parallel\nenabled: false\n", func(c *config) { c.Mode, c.On = "parallel", false }},
		{"quoted enum", "mode: 'parallel'", func(c *config) { c.Mode = "parallel" }},
		{"nested, rest defaulted", "array: {pe: 8}", func(c *config) { c.Array.PE = 8 }},
		{"pointer to struct gets defaults", "maybe: {rate: 2}", func(c *config) { c.Maybe = &inner{PE: 1, Rate: 2, Share: 1} }},
		{"exponent", "array: {rate: 1e-3}", func(c *config) { c.Array.Rate = 0.001 }},
		{"inclusive bound", "array: {share: 1.0}", func(c *config) { c.Array.Share = 1 }},
		{"map", "table: {a.b: 0, c.d: 7}", func(c *config) { c.Table = map[string]int{"a.b": 0, "c.d": 7} }},
		{"list", "list: [0, 99]", func(c *config) { c.List = []int{0, 99} }},
		{"list of structs", "many: [{}, {pe: 2}]", func(c *config) { c.Many = []inner{defaults, {2, 0.5, 1}} }},
		{"custom, first spelling", "ratio: 4", func(c *config) { c.Ratio = ratio{4, 1} }},
		{"custom, second spelling", "ratio: [4, 5]", func(c *config) { c.Ratio = ratio{4, 5} }},
		{"pointer to number", "count: -5", func(c *config) { c.Count = &minus }},
		{"carriage returns", "mode: parallel\r\nenabled: true\r\n", func(c *config) { c.Mode = "parallel" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := base
			tt.change(&want)
			got, _, err := decode("name: x y\n" + tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Decode mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDatesAndYesAreTexts(t *testing.T) {
	for _, text := range []string{"2024-01-02", "yes", "'12'", "12:30:45", "n/a"} {
		c, _, err := decode("name: " + text)
		if want := strings.Trim(text, "'"); err != nil || c.Name != want {
			t.Errorf("name: %s decodes to %q, %v", text, c.Name, err)
		}
	}
}

// TestMistakes holds every message to the golden file.
func TestMistakes(t *testing.T) {
	var got strings.Builder
	for _, m := range mistakes {
		_, _, err := decode(m.text)
		var list *strictyaml.Errors
		if !errors.As(err, &list) {
			t.Errorf("%s: no *Errors but %v", m.name, err)
			continue
		}
		fmt.Fprintf(&got, "== %s\n%s\n", m.name, list.Excerpts())
	}
	const golden = "testdata/mistakes.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("messages mismatch (-want +got):\n%s", diff)
	}
}

var mistakes = []struct{ name, text string }{
	{"empty", ""},
	{"comments only", "# nothing\n"},
	{"null document", "---\n"},
	{"list at the top", "- a\n"},
	{"missing key", "mode: serial\n"},
	{"unknown key, misspelt", "nmae: xx\nname: xx\narray: {PE: 2, simd: 4}\n"},
	{"unknown key, wrong level", "name: xx\npe: 2\narray: {ratio: 3}\n"},
	{"whole numbers", "name: xx\nlist: [1.5, 010, 0x10, 1_000, 0o7, '3', x, true, ~, +1, 1e3, 99999999999999999999, -1, 100, [1], {a: 1}]\n"},
	{"numbers", "name: xx\nmany:\n- rate: .inf\n- rate: .nan\n- rate: 1_0.5\n- rate: '1'\n- rate: 0\n- rate: 1e999\n- rate: fast\n- rate: .5\n- share: 1.5\n"},
	{"truth values", "name: xx\nenabled: yes\n"},
	{"truth value in capitals", "name: xx\nenabled: True\n"},
	{"texts", "name: 5\nmode: sequential\n"},
	{"text too short", "name: x\nmode: paralel\n"},
	{"null", "name:\narray:\nratio:\nmode: ~\n"},
	{"wrong kinds", "name: [a]\narray: 3\ntable: [1]\nlist: {a: 1}\nmany: x\n"},
	{"list too short", "name: xx\nlist: []\n"},
	{"map", "name: xx\ntable: {a.b: -1, a.c: 1, 7: 2}\n"},
	{"custom type", "name: xx\nratio: [0, 1.5]\n"},
	{"custom type, scalar", "name: xx\nratio: 10\n"},
	{"key twice", "name: xx\nmode: serial\nname: yy\n"},
	{"key that is no text", "name: xx\n? [a, b]\n: 3\n"},
	{"anchor, alias, merge", "name: &n xx\nmode: *n\narray:\n  <<: {pe: 2}\nother: {deep: *n}\n"},
	{"explicit tag", "name: !!str 5\n"},
	{"second document", "name: xx\n---\nname: yy\n"},
	{"second document, broken", "name: xx\n---\nname: [\n"},
	{"tab", "name: xx\narray:\n\tpe: 2\n"},
	{"syntax", "name: xx\nmode: a: b\n"},
	{"unclosed", "name: xx\nlist: [1, 2\n"},
	{"unknown alias", "name: *n\n"},
	{"not UTF-8", "name: \"\xff\"\n"},
	{"UTF-16", "\xff\xfen\x00"},
	{"control character", "name: xx\nmode: a\x01b\n"},
	{"nested too deeply", "name: " + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "\n"},
	{"wide characters before the mistake", "name: xx\nmaybe: {\"größe\": 1, pe: 9}\n"},
	{"long value", "name: xx\nmode: " + strings.Repeat("long ", 40) + "\n"},
	{"long line", "name: xx\nlist: [" + strings.Repeat("1, ", 50) + "100" + strings.Repeat(", 1", 50) + "]\n"},
	{"long line, at its start", "{nmae: xx, name: xx, list: [" + strings.Repeat("1, ", 50) + "1]}\n"},
	{"unprintable texts", `name: "a\u001b[31mred\nsecond line\u202e"` + "\n"},
	{"unprintable key", `{name: xx, free: {"a\u0007": 1}}` + "\n"},
	{"text too long", "name: xx\nnote: abcdefghijk\n"},
	{"a text of several lines where one is wanted", "name: |\n  xx\n  yy\nnote: |\n  a\n  b\n"},
	{"more than anybody reads", "name: xx\nlist: [" + strings.Repeat("x, ", 250) + "1]\n"},
	{"byte order mark", "\ufeffnmae: xx\r\nname: xx\r\n"},
	{"many at once", "mode: x\narray: {pe: 0, rate: -1}\nlist: [100]\n"},
}

func TestByteOrderMark(t *testing.T) {
	c, _, err := decode("\ufeffname: xx\r\nmode: parallel\r\n")
	if err != nil || c.Name != "xx" || c.Mode != "parallel" {
		t.Errorf("decodes to %+v, %v", c, err)
	}
}

// TestMoreThanAnybodyReads: the rest is counted, quickly.
func TestMoreThanAnybodyReads(t *testing.T) {
	var text strings.Builder
	const keys = 20_000
	for i := range keys {
		fmt.Fprintf(&text, "k%d: 1\n", i)
	}
	_, p, err := decode(text.String())
	var list *strictyaml.Errors
	if !errors.As(err, &list) || len(list.List)+list.More != keys+1 || len(list.List) > 200 {
		t.Errorf("%d listed, %d counted, want %d in all", len(list.List), list.More, keys+1) // and the name is missing
	}
	if !p.Bad("mode") {
		t.Error("a value behind the listed mistakes is relied on")
	}
}

func TestErrorsAreSortedAndComplete(t *testing.T) {
	_, _, err := decode("list: [100, 1]\narray: {pe: 0,\n  rate: 0}\nfoo: 1\n")
	var list *strictyaml.Errors
	if !errors.As(err, &list) {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list.List {
		got = append(got, fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Key))
	}
	want := []string{"1:1 name", "1:8 list[0]", "2:13 array.pe", "3:9 array.rate", "4:1 foo"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("positions mismatch (-want +got):\n%s", diff)
	}
}

func TestWholeNumbersSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Int64().Draw(t, "number")
		var c struct {
			N int64 `yaml:"n"`
		}
		if _, err := strictyaml.Decode("f", fmt.Appendf(nil, "n: %d", want), &c); err != nil || c.N != want {
			t.Fatalf("n: %d decodes to %d, %v", want, c.N, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, m := range mistakes {
		f.Add([]byte(m.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c config
		_, err := strictyaml.Decode("f.yaml", data, &c)
		var list *strictyaml.Errors
		if err == nil || !errors.As(err, &list) {
			return
		}
		lines := 1
		for _, r := range string(data) {
			if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) {
				lines++
			}
		}
		for _, e := range list.List {
			if e.Line < 1 || e.Line > lines || e.Column < 1 || e.Message == "" {
				t.Errorf("%v: not a position in %d lines", e, lines)
			}
		}
	})
}
