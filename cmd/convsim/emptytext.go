package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/convsim/convsim/internal/dse/results"
	"github.com/convsim/convsim/internal/textwrap"
)

// writeEmpty says why there is no feasible design: what fails, in how many
// points, and what comes closest.
func writeEmpty(w io.Writer, e *results.Empty, keys []string) error {
	var b strings.Builder
	for _, c := range e.Constraints {
		b.WriteString(textwrap.Lines(c.String(), "  ", "    "))
	}
	for _, r := range e.Reasons {
		b.WriteString(textwrap.Lines(r.String(), "  ", "    "))
	}
	if len(e.Closest) > 0 {
		b.WriteString("closest:\n")
	}
	for _, near := range e.Closest {
		b.WriteString(textwrap.Join(near.Words(keys), fmt.Sprintf("  point %d ", near.Index), "    "))
		for _, line := range near.Lines() {
			b.WriteString(textwrap.Lines(line, "    ", "      "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
