package expr

import (
	"fmt"
	"strings"
)

// Error is one mistake in an expression or in its evaluation.
type Error struct {
	Source  string // the expression
	Column  int    // in characters from 1
	Message string
}

// Error is the column and the message.
func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Message) }

// shownAround is how many characters of a long expression are shown on either side of the column.
const shownAround = 60

// Excerpt is the expression, or of a long one what is near the column, with a caret under the column, on two
// lines without a final newline.
func (e *Error) Excerpt() string {
	flat := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return r
	}, e.Source)
	column, text := e.Column-1, []rune(flat)
	if len(text) > 2*shownAround {
		first, last := max(column-shownAround, 0), min(column+shownAround, len(text))
		flat, column = string(text[first:last]), column-first
	}
	return flat + "\n" + strings.Repeat(" ", column) + "^"
}
