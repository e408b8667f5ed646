package results

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/metric"
)

// table writes rows as CSV: index, parameters, status, reason, metrics, derived values, feasible, breaks.
type table struct {
	sweep *Sweep
	head  []string
}

func newTable(s *Sweep) *table {
	t := &table{sweep: s, head: append([]string{"index"}, s.Axes.Names()...)}
	t.head = append(t.head, "status", "reason")
	for i, slot := range s.Judge.Names.Metrics {
		if slot >= 0 {
			t.head = append(t.head, metric.Table[i].Name)
		}
	}
	for _, d := range s.Definition.Derived {
		t.head = append(t.head, d.Name)
	}
	t.head = append(t.head, "feasible", "breaks")
	return t
}

// tableWriter writes one file.
type tableWriter struct {
	*table
	csv   *csv.Writer
	cells []string
}

func (t *table) writer(w io.Writer) *tableWriter {
	out := &tableWriter{table: t, csv: csv.NewWriter(w)}
	// An error of the writer stays with it, for flush to return.
	_ = out.csv.Write(t.head)
	return out
}

func (w *tableWriter) flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

func (w *tableWriter) write(row *journal.Row, v judge.Verdict) error {
	w.cells = append(w.cells[:0], strconv.FormatInt(row.Index, 10))
	for _, value := range row.Values {
		w.cells = append(w.cells, value.String())
	}
	w.cells = append(w.cells, string(row.Status), row.Reason)
	for i, slot := range w.sweep.Judge.Names.Metrics {
		if slot >= 0 {
			w.cells = append(w.cells, metricCell(i, row))
		}
	}
	for i := range w.sweep.Definition.Derived {
		w.cells = append(w.cells, derivedCell(v, i))
	}
	w.cells = append(w.cells, w.verdictCells(row, v)...)
	return w.csv.Write(w.cells)
}

func (w *tableWriter) verdictCells(row *journal.Row, v judge.Verdict) []string {
	if row.Status != journal.OK {
		return []string{"", ""}
	}
	breaks := w.sweep.ReasonBroken(v.Broken)
	if v.Reason != "" {
		breaks = strings.TrimPrefix(breaks+"; "+v.Reason, "; ")
	}
	return []string{strconv.FormatBool(v.Feasible()), breaks}
}

func metricCell(i int, row *journal.Row) string {
	x := row.Metrics[i]
	switch {
	case math.IsNaN(x) || row.Status != journal.OK:
		return ""
	case metric.Table[i].Kind == expr.Bool:
		return strconv.FormatBool(x != 0)
	}
	return string(metric.AppendNumber(nil, x))
}

func derivedCell(v judge.Verdict, i int) string {
	if i >= len(v.Derived) {
		return ""
	}
	switch value := v.Derived[i]; value.Type() {
	case expr.Number:
		return string(metric.AppendNumber(nil, value.Number()))
	case expr.Bool:
		return strconv.FormatBool(value.Bool())
	case expr.String:
		return value.Text()
	}
	return ""
}
