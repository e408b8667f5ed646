package main

import (
	"encoding/json"
	"fmt"
	"io"
)

// print writes a result to standard output: as JSON, or for people.
func (s streams) print(asJSON bool, value any, text func(io.Writer) error) error {
	if asJSON {
		return writeJSON(s.out, value)
	}
	return text(s.out)
}

// writeJSON writes a value as it is.
func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// writeReport writes the report of a run, which may also stand within HTML.
func writeReport(w io.Writer, report any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(report)
}

// counted is a number of things, in words.
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
