package report

import (
	"errors"
	"fmt"
	"math/big"
)

// validate returns one error for everything that would make the page lie or fail to draw.
func (d Data) validate() error {
	var errs []error
	complain := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("report: "+format, args...))
	}
	if len(d.Points) > MaxPoints {
		complain("points: %d given, a page holds at most %d: sample them and tell the whole in Counts", len(d.Points), MaxPoints)
	}
	if c := d.Counts; min(c.Total, c.OK, c.Failed, c.Pruned) < 0 {
		complain("counts: negative in %+v", c)
	}
	for i, p := range d.Points {
		if p.Front && p.Failure != "" {
			complain("points[%d] (id %d): failed (%q) and on the front at once", i, p.ID, p.Failure)
		}
	}
	seen := map[string]bool{}
	check := func(role string, columns []Column) {
		for i, c := range columns {
			where := fmt.Sprintf("%s[%d] %q", role, i, c.Name)
			if c.Name == "" || seen[c.Name] {
				complain("%s: names must be unique and not empty", where)
			}
			seen[c.Name] = true
			for _, problem := range c.problems(len(d.Points)) {
				complain("%s: %s", where, problem)
			}
			if role == "parameters" && c.Goal.set() {
				complain("%s: goal %q on a parameter; only metrics have goals", where, c.Goal)
			}
		}
	}
	check("parameters", d.Parameters)
	check("metrics", d.Metrics)
	return errors.Join(errs...)
}

// problems says what is wrong with the column on a page of that many points.
func (c Column) problems(points int) []string {
	var out []string
	held := map[Kind]int{Number: len(c.Numbers), String: len(c.Strings), Bool: len(c.Bools)}
	stored := c.Kind
	if c.Kind == Integer {
		stored = String
		out = append(out, c.noIntegers()...)
	}
	if _, known := held[stored]; !known {
		return []string{fmt.Sprintf("kind %d; allowed: number, string, bool, integer", c.Kind)}
	}
	for _, k := range []Kind{Number, String, Bool} {
		switch {
		case k == stored && held[k] != points:
			out = append(out, fmt.Sprintf("%d values for %d points", held[k], points))
		case k != stored && held[k] != 0:
			out = append(out, fmt.Sprintf("%d %s values in a %s column", held[k], k, c.Kind))
		}
	}
	switch {
	case c.Goal != "" && c.Goal != NoGoal && !c.Goal.set():
		out = append(out, fmt.Sprintf("goal %q; allowed: min, max, none", c.Goal))
	case c.Goal.set() && c.Kind != Number:
		out = append(out, fmt.Sprintf("goal %q on a %s column; only numbers can be optimised", c.Goal, c.Kind))
	}
	return out
}

// noIntegers are the texts of a column of integers that are none; an empty one is a missing value.
func (c Column) noIntegers() []string {
	var out []string
	for i, text := range c.Strings {
		if _, whole := new(big.Int).SetString(text, 10); !whole && text != "" {
			out = append(out, fmt.Sprintf("value %d is %q; allowed: a whole number", i, text))
		}
	}
	return out
}

func (g Goal) set() bool { return g == Minimize || g == Maximize }
