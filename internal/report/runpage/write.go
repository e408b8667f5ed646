package runpage

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"

	"github.com/convsim/convsim/internal/report"
)

//go:embed page.html
var markup string

//go:embed page.css
var style string

//go:embed bundle.js
var script string

// page is what page.html fills in. Style and Script are this package's own sources, which is why they may
// bypass escaping; Run never does.
type page struct {
	Run        Run
	Style      template.CSS
	StyleHash  string
	Script     template.JS
	ScriptHash string
}

// Fingerprint tells pages of this program from those of others.
func Fingerprint() string { return report.PolicyHash(markup + style + script) }

// Write writes the page of a run.
func Write(w io.Writer, run Run) error {
	run.Causes = causes()
	all := report.BaseStyle() + style
	t := template.Must(template.New("page").Parse(markup))
	var out bytes.Buffer
	err := t.Execute(&out, page{
		Run:        run,
		Style:      template.CSS(all),
		StyleHash:  report.PolicyHash(all),
		Script:     template.JS(script),
		ScriptHash: report.PolicyHash(script),
	})
	if err != nil {
		return err
	}
	_, err = out.WriteTo(w)
	return err
}
