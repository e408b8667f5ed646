package regress

import (
	"context"
	"fmt"

	"github.com/convsim/convsim/internal/rtl"
)

// addTable adds a case per row of an RTL table.
func (p *Plan) addTable(t *rtl.Table) {
	for i := range t.Len() {
		p.cases = append(p.cases, &job{
			source: t.Path, id: t.Path, kind: RTL,
			run: func(context.Context) outcome { return row(t.Run(i)) },
		})
	}
}

// row judges one row: those with a defect of the RTL have been run to the end,
// which is all that is asked of them.
func row(o rtl.Outcome) (result outcome) {
	switch {
	case o.Err != nil:
		result = fail(fmt.Errorf("cannot be run: %w", o.Err))
	case !o.Compared():
		result = skip(fmt.Sprintf("finished but not compared (%s)", o.Status))
	default:
		result = differs(columns(o.Diffs))
		result.reason = o.First
	}
	result.detail = fmt.Sprintf(":%d %s", o.Line, o.ID)
	return result
}

func columns(from []rtl.Diff) []Diff {
	var diffs []Diff
	for _, d := range from {
		diffs = append(diffs, Diff{d.Column, d.Want, d.Got})
	}
	return diffs
}
