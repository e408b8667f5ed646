package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/convsim/convsim/sim"
)

// writeClasses prints the largest outputs of a classifier, a line a frame.
func writeClasses(w io.Writer, frames [][]sim.Class) error {
	for i, classes := range frames {
		label := fmt.Sprintf("  %-12s", fmt.Sprint("top ", len(classes)))
		if i > 0 {
			label = strings.Repeat(" ", len(label))
		}
		var parts []string
		for _, c := range classes {
			parts = append(parts, fmt.Sprintf("%d (%.6g)", c.Class, c.Value))
		}
		if _, err := fmt.Fprintf(w, "%s %s\n", label, strings.Join(parts, ", ")); err != nil {
			return err
		}
	}
	return nil
}
