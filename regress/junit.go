package regress

import (
	"encoding/xml"
	"io"
)

type junitSuites struct {
	XMLName  xml.Name      `xml:"testsuites"`
	Tests    int           `xml:"tests,attr"`
	Failures int           `xml:"failures,attr"`
	Skipped  int           `xml:"skipped,attr"`
	Suites   []*junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
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
