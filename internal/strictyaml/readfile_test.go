package strictyaml

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFileStopsAtTheLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.yaml")
	for size, ok := range map[int64]bool{0: true, MaxBytes: true, MaxBytes + 1: false} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		data, err := ReadFile(path)
		if ok && (err != nil || int64(len(data)) != size) {
			t.Errorf("%d bytes: got %d bytes and %v", size, len(data), err)
		}
		if !ok && (err == nil || !strings.Contains(err.Error(), "larger than")) {
			t.Errorf("%d bytes: got %v, want a message that it is too large", size, err)
		}
	}
}

func TestReadTextLeavesOutTheMark(t *testing.T) {
	path := filepath.Join(t.TempDir(), "marked.txt")
	if err := os.WriteFile(path, []byte("\ufeff1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := ReadText(path, 10); err != nil || string(data) != "1\n" {
		t.Errorf("read %q, %v", data, err)
	}
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"plain größe\u00a0x":    "plain größe\u00a0x",
		"a\x1b[31mred\nb\u202e": `a\x1b[31mred\nb\u202e`,
		"tab\tand\u2028":        `tab\tand\u2028`,
	} {
		if got := Visible(text, false); got != want {
			t.Errorf("Visible(%q) = %q, want %q", text, got, want)
		}
	}
	if got := Visible("two\nlines\x07", true); got != "two\nlines\\a" {
		t.Errorf("two lines became %q", got)
	}
	if got := Visible(strings.Repeat("long", 10_000), false); len(got) != mostVisible+len("...") {
		t.Errorf("a long text became %d bytes", len(got))
	}
}

// TestTooLarge: what is wrong at the beginning is told, what may come later is not missed.
func TestTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.yaml")
	for name, c := range map[string]struct{ text, want string }{
		"nothing wrong":        {"pe: 1\n" + strings.Repeat("# filler\n", 300_000), ""},
		"not closed yet":       {"[" + strings.Repeat("1, ", 900_000) + "1]", ""},
		"cut in a character":   {"# " + strings.Repeat("ö", 1_500_000), ""},
		"a mistake":            {"pf: 1\n" + strings.Repeat("# filler\n", 300_000), "f.yaml:1:1: pf: unknown key, got pf; allowed: pe, name; did you mean pe?"},
		"another kind of file": {strings.Repeat("[", 3_000_000), "not valid YAML"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadFile(path)
			var large *TooLarge
			if !errors.As(err, &large) {
				t.Fatal(err)
			}
			var target struct {
				PE   int    `yaml:"pe"`
				Name string `yaml:"name" required:"true"`
			}
			got := ""
			if err := large.Mistakes(&target); err != nil {
				got = err.Error()
			}
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
