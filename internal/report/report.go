package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/convsim/convsim/internal/textwrap"
)

//go:embed base.css page.html page.css page*.js
var sources embed.FS

// scripts are the parts of the page's script in the order in which they need each other.
var scripts = []string{
	"page_d3.js", "page_data.js", "page_dom.js", "page_axis.js", "page_expression.js", "page_filter.js", "page_scatter.js", "page_pointer.js",
	"page_parallel.js", "page_effects.js", "page_table.js", "page_detail.js", "page.js",
}

// page is what page.html fills in. Style and Script are this package's own sources, which is why they
// may bypass escaping; Data never does.
type page struct {
	Data       Data
	Style      template.CSS
	StyleHash  string
	Script     template.JS
	ScriptHash string
}

// Write writes the page of a sweep. It writes nothing when the data is inconsistent.
func Write(w io.Writer, data Data) error {
	if err := data.validate(); err != nil {
		return err
	}
	style, script := BaseStyle()+source("page.css"), joinedScript()
	var out bytes.Buffer
	err := pageTemplate().Execute(&out, page{
		Data:       data,
		Style:      template.CSS(style),
		StyleHash:  PolicyHash(style),
		Script:     template.JS(script),
		ScriptHash: PolicyHash(script),
	})
	if err != nil {
		return err
	}
	_, err = out.WriteTo(w)
	return err
}

func pageTemplate() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{"count": textwrap.Group[int]}).Parse(source("page.html")))
}

func joinedScript() string {
	var all strings.Builder
	all.WriteString("\"use strict\";\n")
	for _, name := range scripts {
		all.WriteString(source(name))
	}
	return all.String()
}

func source(name string) string {
	text, err := sources.ReadFile(name)
	if err != nil {
		panic("report: " + err.Error())
	}
	return string(text)
}

// BaseStyle is the style that all pages of convsim share: colours of both schemes, type, cards, controls.
func BaseStyle() string { return source("base.css") }

// PolicyHash names a text the way a content security policy allows it.
func PolicyHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Objectives are the metrics the sweep optimised, in the order of the metrics.
func (d Data) Objectives() []Column {
	var out []Column
	for _, c := range d.Metrics {
		if c.Goal.set() {
			out = append(out, c)
		}
	}
	return out
}

// FrontSize is how many of the page's points are on the front.
func (d Data) FrontSize() int {
	n := 0
	for _, p := range d.Points {
		if p.Front {
			n++
		}
	}
	return n
}

// Sampled tells whether the page holds fewer points than were evaluated.
func (d Data) Sampled() bool { return len(d.Points) < d.Counts.OK+d.Counts.Failed }
