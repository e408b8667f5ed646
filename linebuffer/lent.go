package linebuffer

import (
	"sync/atomic"

	"github.com/convsim/convsim/pipeline/flow"
)

// lentRow is a row that several windows show: it goes back to who made it when the last of
// them is done with it.
type lentRow struct {
	slab  flow.Slab
	users atomic.Int32
}

// back ends a use of the row.
func (r *lentRow) back() {
	if r.users.Add(-1) == 0 {
		r.slab.Release()
	}
}

// lentRows are the rows of a frame, by number; nil where no window has shown one.
type lentRows struct{ of []*lentRow }

// again lends a row once more.
func (l *lentRows) again(row int, slab flow.Slab) *lentRow {
	if l.of[row] == nil {
		l.of[row] = &lentRow{slab: slab}
		l.of[row].users.Add(1) // by the windows that come
	}
	l.of[row].users.Add(1)
	return l.of[row]
}

// back says that no window will show a row.
func (l *lentRows) back(row int) {
	if l.of[row] != nil {
		l.of[row].back()
		l.of[row] = nil
	}
}
