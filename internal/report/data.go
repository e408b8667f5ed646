package report

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/convsim/convsim/internal/kind"
)

// MaxPoints is how many points a page holds; more would make it slow to open and to redraw.
const MaxPoints = 20_000

// Kind says what the values of a column are.
type Kind = kind.Kind

// The kinds of columns. Text and truth values are drawn as categories. Integer is that of whole numbers of
// which some are beyond 2^53, where a browser's numbers are not exact: they are written out in Strings, and
// drawn as categories in the order of the numbers.
const (
	Number  = kind.Number
	String  = kind.String
	Bool    = kind.Bool
	Integer = kind.Integer
)

// Goal says whether the sweep optimised a metric, and in which direction.
type Goal string

// The goals of a metric. The zero value means NoGoal.
const (
	NoGoal   Goal = "none"
	Minimize Goal = "min"
	Maximize Goal = "max"
)

// Column is one parameter or metric with its value at every point. Kind names the field that holds the
// values; the other two stay empty.
type Column struct {
	Name    string   `json:"name"`           // unique over parameters and metrics
	Kind    Kind     `json:"kind"`           //
	Unit    string   `json:"unit,omitempty"` // as written on axes, e.g. "cycles" or "MHz"; empty for pure numbers
	Goal    Goal     `json:"goal,omitempty"` // metrics only
	Numbers Numbers  `json:"numbers,omitempty"`
	Strings []string `json:"strings,omitempty"` // the empty string is a missing value
	Bools   []bool   `json:"bools,omitempty"`
	// Together is the same number, not 0, for parameters that move together: no two designs differ in one of them alone.
	Together int `json:"together,omitempty"`
}

// Point is what a point of the sweep is besides its values.
type Point struct {
	ID      int64  `json:"id,string"`         // number of the point in the sweep
	Failure string `json:"failure,omitempty"` // why the point has no metrics; empty for a point that ran
	Front   bool   `json:"front,omitempty"`   // on the Pareto front of the whole sweep
	YAML    string `json:"yaml,omitempty"`    // the hardware file; may be left out off the front
	Pages   []Link `json:"pages,omitempty"`   // of a run of the design
}

// Link leads to another page.
type Link struct {
	Name string `json:"name"` // of the layer
	Path string `json:"path"` // relative to the page
}

// Counts says what became of the whole sweep, of which the page may hold a sample.
type Counts struct {
	Total      int    `json:"total"`  // points the sweep asked for
	OK         int    `json:"ok"`     // evaluated, with metrics
	Failed     int    `json:"failed"` // evaluated, with a reason instead
	Pruned     int    `json:"pruned"` // not evaluated: a bound showed they cannot enter the front
	PrunedNote string `json:"pruned_note,omitempty"`
}

// Data is everything the page shows.
type Data struct {
	Title      string   `json:"title"`
	Subtitle   string   `json:"subtitle,omitempty"` // workload, board, strategy: one line
	Version    string   `json:"version"`            // of the program that made the sweep
	Sweep      string   `json:"sweep"`              // text of the sweep file as run
	Parameters []Column `json:"parameters"`
	Metrics    []Column `json:"metrics"`
	Points     []Point  `json:"points"`
	Counts     Counts   `json:"counts"`
	Empty      *Empty   `json:"empty,omitempty"` // of a sweep without a feasible design
	Again      []string `json:"again,omitempty"` // the command that draws pages of designs, but for their folder
}

// Empty says why no design is feasible, in lines of text.
type Empty struct {
	Reasons []string `json:"reasons"` // what fails, in how many points
	Closest []Near   `json:"closest"` // the designs that miss least
}

// Near is a design that misses something.
type Near struct {
	ID         int64    `json:"id,string"`
	Parameters string   `json:"parameters"`
	Misses     []string `json:"misses"`
}

// Numbers are values of which some may be missing: NaN here (infinities too, when encoding), null in JSON.
type Numbers []float64

// MarshalJSON writes whole numbers without exponent and everything else in the shortest exact form.
func (n Numbers) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, 8*len(n)+2)
	out = append(out, '[')
	for i, v := range n {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendNumber(out, v)
	}
	return append(out, ']'), nil
}

func appendNumber(out []byte, v float64) []byte {
	const exactIntegers = 1 << 53
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return append(out, "null"...)
	case v == math.Trunc(v) && math.Abs(v) < exactIntegers:
		return strconv.AppendInt(out, int64(v), 10)
	default:
		return strconv.AppendFloat(out, v, 'g', -1, 64)
	}
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (n *Numbers) UnmarshalJSON(text []byte) error {
	var cells []*float64
	if err := json.Unmarshal(text, &cells); err != nil {
		return err
	}
	*n = make(Numbers, len(cells))
	for i, cell := range cells {
		if (*n)[i] = math.NaN(); cell != nil {
			(*n)[i] = *cell
		}
	}
	return nil
}
