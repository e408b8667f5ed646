package proof

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/internal/tool"
)

// Result is what a simulation showed.
type Result struct {
	Simulator Simulator      `json:"simulator"`
	Cycles    int64          `json:"cycles"`
	Equal     bool           `json:"equal"`
	Edges     []EndResult    `json:"edges"`
	Outputs   []OutputResult `json:"outputs"`
}

// EndResult is what was seen at one end of an edge.
type EndResult struct {
	Edge       string      `json:"edge"`
	End        string      `json:"end"`
	Handshakes int64       `json:"handshakes"` // equal ones, the first on
	Equal      bool        `json:"equal"`
	First      *Difference `json:"first_difference,omitempty"`
}

// Difference is the first handshake in another cycle.
type Difference struct {
	Beat  int64  `json:"beat"` // of the run
	Frame int64  `json:"frame"`
	Want  int64  `json:"want_cycle"`
	Got   *int64 `json:"got_cycle"` // nil: none came
}

// OutputResult is what left at a port.
type OutputResult struct {
	Port  string     `json:"port"`
	Beats int64      `json:"beats"`
	Equal bool       `json:"equal"`
	First *WrongBeat `json:"first_difference,omitempty"`
}

// WrongBeat is the first beat that is not what it should be, in hexadecimal, lanes
// without work 0.
type WrongBeat struct {
	Beat  int64  `json:"beat"`
	Frame int64  `json:"frame"`
	Want  string `json:"want,omitempty"`
	Got   string `json:"got,omitempty"`
	Why   string `json:"why"`
}

// Check simulates the project and compares.
func (p *Project) Check(ctx context.Context, s Simulator) (*Result, error) {
	return p.CheckAloud(ctx, s, func(string) {})
}

// CheckAloud is Check that tells what it is about to do.
func (p *Project) CheckAloud(ctx context.Context, s Simulator, tell func(string)) (*Result, error) {
	s, err := s.Choose(p.work())
	if err != nil {
		return nil, err
	}
	text, err := p.simulate(ctx, s, tell)
	if err != nil {
		return nil, err
	}
	r := &Result{Simulator: s, Cycles: p.Cycles, Equal: true, Edges: make([]EndResult, len(p.Ends)), Outputs: make([]OutputResult, len(p.Outputs))}
	seen := 0
	for line := range strings.Lines(text) {
		known, err := p.read(r, strings.Fields(line))
		if err != nil {
			return nil, fmt.Errorf("%s printed %q: %w", s, line, err)
		}
		if known {
			seen++
		}
	}
	if seen != len(p.Ends)+len(p.Outputs) {
		return nil, fmt.Errorf("%s reported %d ends and outputs of %d:\n%s", s, seen, len(p.Ends)+len(p.Outputs), tool.Tail(text))
	}
	for _, e := range r.Edges {
		r.Equal = r.Equal && e.Equal
	}
	for _, o := range r.Outputs {
		r.Equal = r.Equal && o.Equal
	}
	return r, nil
}

// read reads a line of the testbench, and reports whether it is one.
func (p *Project) read(r *Result, words []string) (bool, error) {
	if len(words) < 4 || words[0] != "end" && words[0] != "output" {
		return false, nil
	}
	var number, n int64
	if _, err := fmt.Sscan(words[1], &number); err != nil {
		return false, err
	}
	if _, err := fmt.Sscan(words[3], &n); err != nil {
		return false, err
	}
	switch {
	case words[0] == "end" && number < int64(len(p.Ends)):
		return true, p.readEnd(&r.Edges[number], p.Ends[number], words, n)
	case words[0] == "output" && number < int64(len(p.Outputs)):
		p.readOutput(&r.Outputs[number], p.Outputs[number], words, n)
		return true, nil
	}
	return false, fmt.Errorf("there is no %s %d", words[0], number)
}

func (p *Project) readEnd(to *EndResult, e End, words []string, n int64) error {
	*to = EndResult{Edge: e.Edge, End: e.End, Handshakes: n, Equal: words[2] == "equal" && n == e.Beats}
	if to.Equal {
		return nil
	}
	d := &Difference{Beat: n, Frame: n / e.Frame}
	to.First = d
	if len(words) < 6 {
		return fmt.Errorf("no cycle")
	}
	if _, err := fmt.Sscan(words[5], &d.Want); err != nil {
		return err
	}
	if len(words) > 7 {
		d.Got = new(int64)
		_, err := fmt.Sscan(words[7], d.Got)
		return err
	}
	return nil
}

func (p *Project) readOutput(to *OutputResult, o Output, words []string, n int64) {
	*to = OutputResult{Port: o.Port, Beats: n, Equal: words[2] == "equal" && n == o.Beats}
	if to.Equal {
		return
	}
	to.First = &WrongBeat{Beat: n, Frame: n / o.Frame, Why: map[string]string{"differs": "another value", "last": "tlast",
		"lacks": "it did not come"}[words[2]]}
	if len(words) > 7 {
		to.First.Want, to.First.Got = words[5], words[7]
	}
}

// shown is an edge's name, shortened where it would fill more than a line.
func shown(edge string) string { return textwrap.Clip(edge, 48) }

// WriteText writes a line an end of an edge, and one an output.
func (r *Result) WriteText(w io.Writer) error {
	name, moves, counted := 0, int64(0), 0
	for _, e := range r.Edges {
		name, moves = max(name, textwrap.Len(shown(e.Edge))), moves+e.Handshakes
		counted = max(counted, len(textwrap.Group(e.Handshakes)))
	}
	for _, e := range r.Edges {
		line := fmt.Sprintf("%-*s  %-4s  %*s handshakes equal", name, shown(e.Edge), e.End, counted, textwrap.Group(e.Handshakes))
		if d := e.First; d != nil {
			got := "none"
			if d.Got != nil {
				got = fmt.Sprintf("cycle %d", *d.Got)
			}
			line += fmt.Sprintf("; DIFFERENT: beat %d (frame %d) in cycle %d, got %s", d.Beat, d.Frame, d.Want, got)
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	for _, o := range r.Outputs {
		line := fmt.Sprintf("%-*s  data  %*s beats equal", name, o.Port, counted, textwrap.Group(o.Beats))
		if d := o.First; d != nil {
			line += fmt.Sprintf("; DIFFERENT: beat %d (frame %d), %s", d.Beat, d.Frame, d.Why)
			if d.Want != "" {
				line += fmt.Sprintf(": %s, got %s", d.Want, d.Got)
			}
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	verdict := "equal in every cycle and value"
	if !r.Equal {
		verdict = "NOT equal"
	}
	_, err := fmt.Fprintf(w, "%s: %s handshakes in %s cycles, simulated by %s\n", verdict, textwrap.Group(moves), textwrap.Group(r.Cycles), r.Simulator)
	return err
}
