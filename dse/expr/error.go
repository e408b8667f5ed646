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

// Excerpt is the expression with a caret under the column, on two lines without a final newline.
func (e *Error) Excerpt() string {
	flat := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return r
	}, e.Source)
	return flat + "\n" + strings.Repeat(" ", e.Column-1) + "^"
}
