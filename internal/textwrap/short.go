package textwrap

import (
	"fmt"

	"github.com/convsim/convsim/internal/strictyaml"
)

// Group writes a number with its digits in threes.
func Group[N int | int64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Clip shortens a name in its middle; what does not print of it is escaped.
func Clip(s string, most int) string {
	r := []rune(strictyaml.Visible(s, false))
	if len(r) <= most {
		return string(r)
	}
	half := (most - 1) / 2
	return string(r[:half]) + "…" + string(r[len(r)-(most-1-half):])
}
