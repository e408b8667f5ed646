package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// liveLine is a line of a terminal that says again and again how far something is.
type liveLine struct {
	w     io.Writer
	on    bool // there is a terminal
	next  time.Time
	width int // of what the line holds
}

// lineEvery is how often a line is written anew; lineAfter keeps short runs quiet.
const (
	lineEvery = 100 * time.Millisecond
	lineAfter = 500 * time.Millisecond
)

func newLiveLine(w io.Writer) liveLine {
	return liveLine{w: w, on: isTerminal(w), next: time.Now().Add(lineAfter)}
}

// due reports whether it is time to write the line, which then is not for a while.
func (l *liveLine) due() bool {
	now := time.Now()
	if !l.on || now.Before(l.next) {
		return false
	}
	l.next = now.Add(lineEvery)
	return true
}

// put writes the line.
func (l *liveLine) put(text string) {
	n := utf8.RuneCountInString(text)
	fmt.Fprintf(l.w, "\r%s%s", text, strings.Repeat(" ", max(0, l.width-n)))
	l.width = n
}

// clear takes it away without a trace.
func (l *liveLine) clear() {
	if l.width > 0 {
		fmt.Fprintf(l.w, "\r%s\r", strings.Repeat(" ", l.width))
		l.width = 0
	}
}
