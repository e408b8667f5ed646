package regress

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/convsim/convsim/internal/strictyaml"
)

// Line is the line of text that a result deserves, empty for none.
func (r Result) Line() string {
	switch {
	case r.Status == Failed:
		return strictyaml.Visible("FAIL "+r.ID+": "+r.String(), false)
	case r.Reason == recorded:
		r.Reason = ""
		return strictyaml.Visible(strings.TrimSuffix("recorded "+r.ID+": "+r.String(), ": "), false)
	}
	return ""
}

// WriteSummary writes what was skipped, by reason in order of appearance, and
// the counts as the last line.
func (r *Report) WriteSummary(w io.Writer) error {
	var reasons []string
	count := map[string]int{}
	for _, one := range r.Cases {
		if one.Status != Skipped {
			continue
		}
		if count[one.Reason] == 0 {
			reasons = append(reasons, one.Reason)
		}
		count[one.Reason]++
	}
	for _, reason := range reasons {
		if _, err := fmt.Fprintf(w, "%d %s\n", count[reason], strictyaml.Visible(reason, false)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, r)
	return err
}

// WriteJSON writes the report as one document.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
