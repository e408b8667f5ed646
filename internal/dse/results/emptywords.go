package results

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// String says in how many points the constraint fails.
func (b Breach) String() string {
	text := fmt.Sprintf("%s fails in %d of %d points", b.Constraint, b.Breaks, b.Breaks+b.Holds)
	if b.Unknown > 0 {
		text += fmt.Sprintf("; %d were not simulated", b.Unknown)
	}
	return text
}

// String says how many points it is of.
func (r Reason) String() string { return fmt.Sprintf("%d points: %s", r.Points, r.Reason) }

// Lines say what the design misses, and by how much.
func (n Near) Lines() []string {
	var lines []string
	for _, m := range n.Misses {
		lines = append(lines, m.String())
	}
	for _, text := range n.Unknown {
		lines = append(lines, text+" is not known: the point was not simulated")
	}
	return lines
}

// Words are the parameters of the design, in the order of their keys.
func (n Near) Words(keys []string) []string {
	words := make([]string, len(keys))
	for i, key := range keys {
		words[i] = fmt.Sprintf("%s=%v", key, n.Parameters[key])
	}
	return words
}

// String says by how much a comparison fails.
func (m Miss) String() string {
	if m.By == nil {
		return m.Text + " does not hold"
	}
	text := m.Text + " misses by " + sixDigits(*m.By)
	if *m.Limit != 0 {
		text += fmt.Sprintf(" (%.3g %%)", 100**m.By/math.Abs(*m.Limit))
	}
	var sides []string
	for _, side := range []struct {
		text  string
		value float64
	}{{m.Left, *m.Is}, {m.Right, *m.Limit}} {
		if _, err := strconv.ParseFloat(side.text, 64); err != nil {
			sides = append(sides, side.text+" is "+sixDigits(side.value))
		}
	}
	return text + ": " + strings.Join(sides, ", ")
}

// sixDigits is a number with six digits that matter, whole numbers whole.
func sixDigits(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}
