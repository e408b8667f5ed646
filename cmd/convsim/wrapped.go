package main

import (
	"strings"
	"unicode/utf8"
)

// lineWidth is that of the narrowest terminals in use.
const lineWidth = 80

// wrapped breaks a text at blanks so that its lines, each behind the indent, fit
// a terminal. A word longer than a line gets a line of its own.
func wrapped(text, indent string) string {
	var b strings.Builder
	width := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case width == 0:
			b.WriteString(indent)
			width = utf8.RuneCountInString(indent)
		case width+2+n > lineWidth:
			b.WriteString("\n" + indent)
			width = utf8.RuneCountInString(indent)
		default:
			b.WriteString("  ")
			width += 2
		}
		b.WriteString(word)
		width += n
	}
	return b.String() + "\n"
}
