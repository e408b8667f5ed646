// Package textwrap fits text for people to the narrowest terminals in use.
package textwrap

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Width is how many characters a line holds.
const Width = 80

// paint is what colours text and takes no place.
var paint = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Len is how many places a text takes on a line.
func Len(text string) int { return utf8.RuneCountInString(paint.ReplaceAllString(text, "")) }

// Lines breaks a text at blanks into lines of at most Width: the first begins
// with first, the others with rest. A word longer than a line has one of its
// own. Every line ends with a line break.
func Lines(text, first, rest string) string {
	return Join(strings.Fields(text), first, rest)
}

// Join is Lines of words that may hold blanks, and stay whole.
func Join(words []string, first, rest string) string {
	var b strings.Builder
	b.WriteString(first)
	width, empty := Len(first), true
	for _, word := range words {
		n := Len(word)
		switch {
		case empty:
		case width+1+n > Width:
			b.WriteString("\n" + rest)
			width = Len(rest)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width, empty = width+n, false
	}
	b.WriteByte('\n')
	return b.String()
}
