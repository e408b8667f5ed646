package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/convsim/convsim/internal/textwrap"
)

// searchTalk says on one line of a terminal how far a search is, and nothing
// elsewhere.
type searchTalk struct {
	w     io.Writer
	name  string
	on    bool
	next  time.Time
	width int // of what the line holds
}

func newSearchTalk(w io.Writer, name string) *searchTalk {
	return &searchTalk{w: w, name: name, on: isTerminal(w), next: time.Now().Add(barAfter)}
}

func (t *searchTalk) show(text string) {
	if !t.on || time.Now().Before(t.next) {
		return
	}
	t.next = time.Now().Add(barEvery)
	line := []rune(t.name + ": " + text)
	line = line[:min(len(line), textwrap.Width-1)]
	fmt.Fprintf(t.w, "\r%s%s", string(line), strings.Repeat(" ", max(0, t.width-len(line))))
	t.width = len(line)
}

func (t *searchTalk) clear() {
	if t.width > 0 {
		fmt.Fprintf(t.w, "\r%s\r", strings.Repeat(" ", max(t.width, utf8.RuneCountInString(t.name))))
		t.width = 0
	}
}
