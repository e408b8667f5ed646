package regress

import (
	"encoding/xml"
	"io"
	"strings"
)

type junitSuites struct {
	XMLName  xml.Name      `xml:"testsuites"`
	Tests    int           `xml:"tests,attr"`
	Failures int           `xml:"failures,attr"`
	Errors   int           `xml:"errors,attr,omitempty"`
	Skipped  int           `xml:"skipped,attr"`
	Suites   []*junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr,omitempty"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
	Error   *junitFailure `xml:"error"`
	Skipped *junitSkipped `xml:"skipped"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// WriteJUnit writes the report as the XML that CI servers read: a testsuite per
// file, without any time of running, so that equal results are equal bytes.
func (r *Report) WriteJUnit(w io.Writer) error {
	all := junitSuites{Tests: len(r.Cases), Failures: r.Failed, Skipped: r.Skipped}
	bySource := map[string]*junitSuite{}
	for _, one := range r.Cases {
		s := bySource[one.Source]
		if s == nil {
			s = &junitSuite{Name: one.Source}
			bySource[one.Source] = s
			all.Suites = append(all.Suites, s)
		}
		s.add(one)
	}
	return all.write(w)
}

// WriteMistakes writes what kept a plan from running as the XML that CI servers
// read: an error in a suite of its own for each.
func WriteMistakes(w io.Writer, err error) error {
	s := &junitSuite{Name: "convsim regress"}
	for _, one := range each(err) {
		first, _, _ := strings.Cut(one.Error(), "\n")
		s.Cases = append(s.Cases, junitCase{Class: "convsim.mistake", Name: first, Error: &junitFailure{Message: first, Text: one.Error()}})
	}
	s.Tests, s.Errors = len(s.Cases), len(s.Cases)
	return junitSuites{Tests: s.Tests, Errors: s.Errors, Suites: []*junitSuite{s}}.write(w)
}

// each takes joined errors apart.
func each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var list []error
	for _, one := range joined.Unwrap() {
		list = append(list, each(one)...)
	}
	return list
}

func (all junitSuites) write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(r Result) {
	c := junitCase{Class: "convsim." + string(r.Kind), Name: r.ID}
	s.Tests++
	switch r.Status {
	case Failed:
		s.Failures++
		c.Failure = &junitFailure{Message: r.String(), Text: allDiffs(r)}
	case Skipped:
		s.Skipped++
		c.Skipped = &junitSkipped{Message: r.Reason}
	}
	s.Cases = append(s.Cases, c)
}

// allDiffs lists every difference on a line of its own.
func allDiffs(r Result) string {
	text := ""
	for _, d := range r.Diffs {
		text += d.String() + "\n"
	}
	return text
}
