package regress

import (
	"fmt"
	"strconv"
	"strings"
)

// Status is how a case ended.
type Status string

// The ways a case ends.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// Kind is what a case is held to.
type Kind string

// The kinds of cases.
const (
	Expectation Kind = "expectation"
	Golden      Kind = "golden"
	RTL         Kind = "rtl"
	Hardware    Kind = "hardware" // emitted, in a simulator
)

// Result is what became of one case. Its JSON is the contract of `convsim
// regress --json`.
type Result struct {
	ID     string `json:"id"`
	Kind   Kind   `json:"kind"`
	Status Status `json:"status"`
	Reason string `json:"reason"` // of failing or skipping, in words; empty if the differences say it all
	Diffs  []Diff `json:"diffs"`  // what differs; of a case recorded anew, what was changed

	Source string `json:"-"` // the file the case is from
}

// Diff is one value that is not what it should be.
type Diff struct {
	Key  string `json:"key"`
	Want string `json:"want"`
	Got  string `json:"got"`
}

// String says from what to what, and by how much where both are numbers.
func (d Diff) String() string {
	return fmt.Sprintf("%s %s -> %s%s", d.Key, shown(d.Want), shown(d.Got), change(d.Want, d.Got))
}

// mostRunes is how much of a value is shown: whole traces are values too.
const mostRunes = 80

func shown(v string) string {
	if v == "" {
		return "none"
	}
	if r := []rune(v); len(r) > mostRunes {
		return string(r[:mostRunes]) + "..."
	}
	return v
}

// hashDigits is the length from which digits are a hash and no number.
const hashDigits = 16

func change(want, got string) string {
	if len(want) >= hashDigits || len(got) >= hashDigits {
		return ""
	}
	w, errW := strconv.ParseInt(want, 10, 64)
	g, errG := strconv.ParseInt(got, 10, 64)
	switch {
	case errW != nil || errG != nil:
		return ""
	case w == 0:
		return fmt.Sprintf(" (%+d)", g)
	}
	return fmt.Sprintf(" (%+d, %+.2f %%)", g-w, 100*float64(g-w)/float64(w))
}

// mostDiffs is how many differences a line of text lists.
const mostDiffs = 8

// String says in one line why the case failed, was skipped or was recorded.
func (r Result) String() string {
	var parts []string
	if r.Reason != "" {
		parts = append(parts, strings.Join(strings.Fields(r.Reason), " "))
	}
	for i, d := range r.Diffs {
		if i == mostDiffs {
			parts = append(parts, fmt.Sprintf("and %d more", len(r.Diffs)-mostDiffs))
			break
		}
		parts = append(parts, d.String())
	}
	return strings.Join(parts, "; ")
}

// Report is the results of all cases, in the order of the plan.
type Report struct {
	Passed  int      `json:"passed"`
	Failed  int      `json:"failed"`
	Skipped int      `json:"skipped"`
	Cases   []Result `json:"cases"`
}

// add counts a result.
func (r *Report) add(one Result) {
	if one.Diffs == nil {
		one.Diffs = []Diff{}
	}
	r.Cases = append(r.Cases, one)
	switch one.Status {
	case Passed:
		r.Passed++
	case Failed:
		r.Failed++
	case Skipped:
		r.Skipped++
	}
}

// String is the last line of `convsim regress`.
func (r *Report) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", r.Passed, r.Failed, r.Skipped)
}
