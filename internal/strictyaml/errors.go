package strictyaml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Error is one mistake in a file. Line and Column count from 1, Column in characters.
type Error struct {
	File         string
	Line, Column int
	Key          string // path such as layers[3].stride; empty when the whole file is meant
	Message      string // what is wrong, got VALUE; allowed: ...
}

// Error returns "file:line:column: key: message".
func (e Error) Error() string {
	at := fmt.Sprintf("%s:%d:%d: ", e.File, e.Line, e.Column)
	if e.Key == "" {
		return at + e.Message
	}
	return at + e.Key + ": " + e.Message
}

// Errors is every mistake of one file, in the order of their positions. Beyond a number of them the rest is counted.
type Errors struct {
	List   []Error
	More   int // that are not listed
	source []string
}

// Error returns one line per mistake.
func (e *Errors) Error() string {
	lines := make([]string, len(e.List))
	for i, one := range e.List {
		lines[i] = one.Error()
	}
	if e.More > 0 {
		lines = append(lines, e.more())
	}
	return strings.Join(lines, "\n")
}

func (e *Errors) more() string {
	return fmt.Sprintf("%s: and %d more mistakes", e.List[0].File, e.More)
}

// Excerpts returns one paragraph per mistake: its line as in Error, the line of the file, and a caret below
// the offending column.
func (e *Errors) Excerpts() string {
	var b strings.Builder
	for _, one := range e.List {
		fmt.Fprintln(&b, one.Error())
		if one.Line <= len(e.source) {
			writeExcerpt(&b, e.source[one.Line-1], one)
		}
	}
	if e.More > 0 {
		fmt.Fprintln(&b, e.more())
	}
	return b.String()
}

func writeExcerpt(b *strings.Builder, line string, e Error) {
	number := fmt.Sprintf("%5d", e.Line)
	line, column := around(line, e.Column-1)
	fmt.Fprintf(b, "%s | %s\n", number, printable(line))
	fmt.Fprintf(b, "%s | %s^\n", strings.Repeat(" ", len(number)), margin(line, column))
}

// Of a long line, this many characters are shown before and behind the column.
const (
	shownBefore = 60
	shownBehind = 60
)

// around cuts a long line to what is near a column, and returns where that is
// then.
func around(line string, column int) (string, int) {
	if len(line) <= shownBefore+shownBehind {
		return line, column
	}
	first := offset(line, column-shownBefore)
	last := first + offset(line[first:], min(column, shownBefore)+shownBehind)
	start, end := "", ""
	if first > 0 {
		start = "..."
		column = shownBefore + len(start)
	}
	if last < len(line) {
		end = "..."
	}
	return start + line[first:last] + end, column
}

// offset returns where the n-th character of a text begins, its end if it has
// no more.
func offset(text string, n int) int {
	for i := range text {
		if n--; n < 0 {
			return i
		}
	}
	return len(text)
}

// printable keeps a damaged file from writing control characters to a terminal.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, line)
}

// margin returns white space as wide as the first n characters of line, tabs kept so that the caret lines up.
func margin(line string, n int) string {
	var b strings.Builder
	for _, r := range line {
		if n--; n < 0 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// sorted returns the errors by position, each once.
func sorted(list []Error) []Error {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Key, b.Key))
	})
	return slices.Compact(out)
}

// Sentence is a mistake about a file as a whole.
func Sentence(file, text string) error {
	return &Errors{List: []Error{{File: file, Line: 1, Column: 1, Message: text}}}
}
