package conv

import "strings"

// Problem is one mistake in a layer: the key it concerns as written in the
// layer's file ("groups", "input.height"), the value found there and what is
// allowed instead.
type Problem struct{ Key, Value, Allowed string }

// String says the problem in one line.
func (p Problem) String() string {
	return p.Key + " is " + p.Value + "; allowed: " + p.Allowed
}

// Problems are all mistakes found in a layer, an error if there is any.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// add notes a problem.
func (ps *Problems) add(key, value, allowed string) {
	*ps = append(*ps, Problem{key, value, allowed})
}
