package textwrap_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/textwrap"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 90)
	for name, c := range map[string]struct{ text, want string }{
		"nothing":               {"", "a: \n"},
		"short":                 {"one two", "a: one two\n"},
		"just fits":             {strings.Repeat("y", 77), "a: " + strings.Repeat("y", 77) + "\n"},
		"one too many":          {"b " + strings.Repeat("y", 76), "a: b\n  " + strings.Repeat("y", 76) + "\n"},
		"a long word":           {"one " + long + " two", "a: one\n  " + long + "\n  two\n"},
		"colours take none":     {"\x1b[31m" + strings.Repeat("y", 77) + "\x1b[0m", "a: \x1b[31m" + strings.Repeat("y", 77) + "\x1b[0m\n"},
		"characters, not bytes": {strings.Repeat("ö", 77), "a: " + strings.Repeat("ö", 77) + "\n"},
	} {
		if got := textwrap.Lines(c.text, "a: ", "  "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestLinesLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-zöü]{1,30}`)).Draw(t, "words")
		got := textwrap.Lines(strings.Join(words, "  "), "- ", "    ")
		if back := strings.Fields(got); strings.Join(back[1:], " ") != strings.Join(words, " ") {
			t.Fatalf("%q became %q", words, got)
		}
		for line := range strings.Lines(got) {
			if textwrap.Len(strings.TrimSuffix(line, "\n")) > textwrap.Width {
				t.Fatalf("too long: %q", line)
			}
		}
	})
}
