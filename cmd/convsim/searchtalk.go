package main

import (
	"io"

	"github.com/convsim/convsim/internal/textwrap"
)

// searchTalk says on one line of a terminal how far a search is, and nothing
// elsewhere.
type searchTalk struct {
	liveLine
	name string
}

func newSearchTalk(w io.Writer, name string) *searchTalk {
	return &searchTalk{newLiveLine(w), name}
}

func (t *searchTalk) show(text string) {
	if t.due() {
		line := []rune(t.name + ": " + text)
		t.put(string(line[:min(len(line), textwrap.Width-1)]))
	}
}
