package results

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/kind"
	"github.com/convsim/convsim/internal/report"
	"github.com/convsim/convsim/internal/wholefile"
)

// frontYAML is how many members of the front the page shows the hardware file of.
const frontYAML = 2000

// writePage writes report.html: all points that were evaluated, or the front and an even sample of the others.
func (f *folder) writePage(s *Summary, links map[int64][]report.Link) error {
	data, err := f.pageData(s)
	data.Again = f.again()
	for i := range data.Points {
		data.Points[i].Pages = links[data.Points[i].ID]
	}
	if err != nil {
		return err
	}
	return wholefile.Write(filepath.Join(f.dir, PageFile), func(w io.Writer) error { return report.Write(w, data) })
}

func (f *folder) pageData(s *Summary) (report.Data, error) {
	b := newPageBuilder(f.sweep)
	front := map[int64]bool{}
	for _, p := range s.Front {
		front[p.Index] = true
	}
	// The page is about legal designs: those that break a constraint would lead its statistics and its front astray.
	legal := s.OK - s.Infeasible
	all := legal == 0
	if all {
		legal = s.OK
	}
	room := max(report.MaxPoints-len(front), 1)
	stride := max((int(legal+s.Failed+s.Illegal)+room-1)/room, 1)
	position := 0
	for i, index := range f.order {
		if f.fates[i] == pruned || f.fates[i] == infeasible && !all {
			continue
		}
		position++
		if !front[index] && (position%stride != 0 || len(b.data.Points) == report.MaxPoints) {
			continue
		}
		err := f.visit(index, func(row *journal.Row, v judge.Verdict) error { return b.add(row, v, front[index]) })
		if err != nil {
			return b.data, err
		}
	}
	b.data.Counts = report.Counts{Total: int(s.Points), OK: int(legal), Failed: int(s.Failed + s.Illegal), Pruned: int(s.Pruned),
		PrunedNote: prunedNote(s, all)}
	b.data.Subtitle, b.data.Empty = f.subtitle(s), s.pageEmpty()
	return b.data, nil
}

// pageEmpty says on the page why no design is feasible.
func (s *Summary) pageEmpty() *report.Empty {
	if s.Empty == nil {
		return nil
	}
	out := &report.Empty{Reasons: []string{}, Closest: []report.Near{}}
	for _, c := range s.Empty.Constraints {
		out.Reasons = append(out.Reasons, c.String())
	}
	for _, r := range s.Empty.Reasons {
		out.Reasons = append(out.Reasons, r.String())
	}
	for _, near := range s.Empty.Closest {
		out.Closest = append(out.Closest, report.Near{ID: near.Index, Parameters: strings.Join(near.Words(s.Parameters), ", "), Misses: near.Lines()})
	}
	return out
}

// prunedNote says which points the page leaves out.
func prunedNote(s *Summary, all bool) string {
	var parts []string
	if s.Pruned > 0 {
		parts = append(parts, fmt.Sprintf("%d points were not evaluated: they break a constraint that needs no simulation, or bounds show that they cannot enter the front.", s.Pruned))
	}
	switch {
	case s.Infeasible > 0 && all:
		parts = append(parts, "Every design here breaks a constraint.")
	case s.Infeasible > 0:
		parts = append(parts, fmt.Sprintf("%d were evaluated and break a constraint; they are in %s only.", s.Infeasible, TableFile))
	}
	return strings.Join(parts, " ")
}

func (f *folder) subtitle(s *Summary) string {
	d := &f.sweep.Definition
	parts := []string{d.Layers[0].Name}
	if n := len(d.Layers); n > 1 {
		parts[0] = fmt.Sprintf("%d layers on one array", n)
	}
	if d.Board != nil {
		parts = append(parts, d.Board.Name)
	}
	return strings.Join(append(parts, s.Strategy, fmt.Sprintf("%d points", s.Points)), ", ")
}

// pageBuilder fills the columns of a page.
type pageBuilder struct {
	sweep    *Sweep
	data     report.Data
	formulas []int // objectives that are no metric of their own
}

func newPageBuilder(s *Sweep) *pageBuilder {
	b := &pageBuilder{sweep: s, data: report.Data{Title: s.Definition.Name, Version: "model " + s.Definition.Model, Sweep: string(s.Text)}}
	for a := range s.Axes.Axes() {
		axis := s.Axes.Axis(a)
		for column, name := range axis.Names() {
			c := report.Column{Name: name, Kind: axisKind(axis, column)}
			if len(axis.Names()) > 1 {
				c.Together = a + 1
			}
			b.data.Parameters = append(b.data.Parameters, c)
		}
	}
	for i, slot := range s.Judge.Names.Metrics {
		if slot >= 0 {
			b.data.Metrics = append(b.data.Metrics, report.Column{Name: metric.Table[i].Name, Kind: metric.Table[i].Kind,
				Unit: metric.Table[i].Unit, Goal: b.goal(metric.Table[i].Name)})
		}
	}
	for i, d := range s.Definition.Derived {
		b.data.Metrics = append(b.data.Metrics, report.Column{Name: d.Name, Kind: s.Judge.Derived[i].Type(), Goal: b.goal(d.Name)})
	}
	for i, o := range s.Judge.Objectives {
		named := slices.ContainsFunc(b.data.Metrics, func(c report.Column) bool { return c.Name == o.Program.String() })
		if !named && !slices.ContainsFunc(b.data.Parameters, func(c report.Column) bool { return c.Name == o.Program.String() }) {
			b.formulas = append(b.formulas, i)
			b.data.Metrics = append(b.data.Metrics, report.Column{Name: o.Program.String(), Kind: report.Number, Goal: goalOf(o)})
		}
	}
	return b
}

// goal is that of the objective which is the name alone.
func (b *pageBuilder) goal(name string) report.Goal {
	for _, o := range b.sweep.Judge.Objectives {
		if o.Program.String() == name {
			return goalOf(o)
		}
	}
	return report.NoGoal
}

func goalOf(o judge.Objective) report.Goal {
	if o.Maximize {
		return report.Maximize
	}
	return report.Minimize
}

// axisKind is the kind of a parameter on the page.
func axisKind(axis space.Axis, column int) report.Kind {
	common, _ := axis.Kind(column)
	if common == kind.Integer {
		for i := range axis.Len() {
			const exact = 1 << 53 // of the numbers that a browser has
			if v := axis.Value(i, column).Int(); v > exact || v < -exact {
				return report.Integer
			}
		}
	}
	return common.Computed()
}

// add adds a point to all columns.
func (b *pageBuilder) add(row *journal.Row, v judge.Verdict, front bool) error {
	p := report.Point{ID: row.Index, Front: front, Failure: row.Reason}
	if front && len(b.data.Points) < frontYAML {
		text, err := b.sweep.HardwareText(row.Index)
		if err != nil {
			return err
		}
		p.YAML = string(text)
	}
	b.data.Points = append(b.data.Points, p)
	for i := range b.data.Parameters {
		if c := &b.data.Parameters[i]; c.Kind == report.Integer {
			c.Strings = append(c.Strings, row.Values[i].String())
		} else {
			appendCell(c, judge.Value(row.Values[i]))
		}
	}
	at := 0
	put := func(value expr.Value) {
		appendCell(&b.data.Metrics[at], value)
		at++
	}
	for i, slot := range b.sweep.Judge.Names.Metrics {
		if slot >= 0 {
			put(row.Metrics.Value(i))
		}
	}
	for i := range b.sweep.Definition.Derived {
		var value expr.Value // of a row without derived values: not known
		if i < len(v.Derived) {
			value = v.Derived[i]
		}
		put(value)
	}
	for _, i := range b.formulas {
		if v.Objectives != nil {
			put(expr.NumberValue(b.sweep.Judge.Objectives[i].Minimized(v.Objectives[i])))
		} else {
			put(expr.Value{})
		}
	}
	return nil
}

func appendCell(c *report.Column, v expr.Value) {
	known := v.Type() != 0
	switch c.Kind {
	case report.String:
		text := ""
		if known {
			text = v.Text()
		}
		c.Strings = append(c.Strings, text)
	case report.Bool:
		c.Bools = append(c.Bools, known && v.Bool())
	default:
		x := math.NaN()
		if known {
			x = v.Number()
		}
		c.Numbers = append(c.Numbers, x)
	}
}
