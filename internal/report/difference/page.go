package difference

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

// page is what page.html fills in. Style is this package's own source, which is why it
// may bypass escaping; what comes from files never does.
type page struct {
	Title, Version string
	A, B           Side
	Same           bool
	Notes          []string
	Heads          []numberRow
	Design         []Change
	Figures        []numberRow
	CyclesOf       string
	Layers         []layerRow
	Stages         []pairRow
	FIFOs          []pairRow
	Resources      []numberRow
	Style          template.CSS
	StyleHash      string
}

// heads are the figures at the top.
var heads = map[string]string{"cycles": "Cycles", "steady_interval": "Cycles a frame", "fps": "Frames/s", "utilization": "Multipliers used"}

// WriteHTML writes the comparison as a page for a browser: one file that fetches
// nothing and needs no script. Version names the program that made it.
func (d *Difference) WriteHTML(w io.Writer, version string) error {
	all := report.BaseStyle() + style
	p := page{Title: d.A.Hardware + " and " + d.B.Hardware, Version: version, A: d.A, B: d.B, Same: d.Same, Notes: d.Notes, Design: d.Design,
		Figures: numberRows(d.Figures), CyclesOf: d.cyclesOf(), Layers: layerRows(d.Layers), Stages: stageRows(d.Stages), FIFOs: fifoRows(d.FIFOs),
		Resources: numberRows(d.Resources), Style: template.CSS(all), StyleHash: report.PolicyHash(all)}
	if d.A.Hardware == d.B.Hardware {
		p.Title = d.A.File + " and " + d.B.File
	}
	for _, row := range p.Figures {
		if name, ok := heads[row.Name]; ok {
			row.Name = name
			p.Heads = append(p.Heads, row)
		}
	}
	t := template.Must(template.New("page").Parse(markup))
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return err
	}
	_, err := out.WriteTo(w)
	return err
}
