package results

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/pareto"
	"github.com/convsim/convsim/internal/wholefile"
)

// Summary is what a folder of results holds.
type Summary struct {
	Name       string   `json:"name"`
	Folder     string   `json:"folder"`
	Strategy   string   `json:"strategy"`
	Space      int64    `json:"space"`  // points of the space
	Points     int64    `json:"points"` // with a result
	Infeasible int64    `json:"infeasible"`
	Shard      string   `json:"shard,omitempty"`
	Parameters []string `json:"parameters"` // the axes, in order
	Objectives []string `json:"objectives"`
	Counts
	Front []FrontPoint `json:"front"`           // by index; of points with equal objectives the first
	Empty *Empty       `json:"empty,omitempty"` // why no design is feasible
}

// FrontPoint is a member of the front.
type FrontPoint struct {
	Index      int64              `json:"index"`
	Parameters map[string]any     `json:"parameters"`
	Objectives []float64          `json:"objectives"` // as the sweep file states them
	Metrics    map[string]float64 `json:"metrics"`
	Fits       *bool              `json:"fits,omitempty"` // the board, if the sweep has one
	// MayOverflow says that the accumulators do not hold every sum: a run tells whether its outputs are Conv2d's.
	MayOverflow *bool `json:"may_overflow,omitempty"`
	Equal       int64 `json:"equal"` // points with these objectives, this one included
}

// folder is a folder of results, opened to be read.
type folder struct {
	dir     string
	journal *journal.Journal
	sweep   *Sweep
	base    string                // hash of what all points share
	order   []int64               // points, rising
	fates   []fate                // by position in order, once the table has been written
	rows    map[int64]journal.Row // some of those read: table, front, and page ask for the same ones
}

// mostRows is how many rows are kept once they are read.
const mostRows = 1 << 12

// fate is what the page needs to know of a point to pick its sample.
type fate uint8

const (
	shown fate = iota
	pruned
	infeasible
	broken // illegal, or failed
)

// simulated reports whether a point has a run.
func (f fate) simulated() bool { return f == shown || f == infeasible }

func fateOf(row *journal.Row, v judge.Verdict) fate {
	switch {
	case row.Status == journal.Pruned:
		return pruned
	case row.Status == journal.OK && !v.Feasible():
		return infeasible
	case row.Status != journal.OK:
		return broken
	}
	return shown
}

// open opens a folder of results.
func open(dir string) (*folder, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is a file; allowed: a folder of results", dir)
	}
	path := filepath.Join(dir, ResultsFile)
	j, err := journal.Read(path, false, known)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: there is no %s; allowed: a folder that a sweep has written", dir, ResultsFile)
	}
	if err != nil {
		return nil, err
	}
	if j.Last == nil {
		return nil, errors.Join(fmt.Errorf("%s holds no results yet", path), j.Close())
	}
	var s *Sweep
	d, err := defined(j.Last)
	if err == nil {
		s, err = Compile(d, j.Last.Text)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), j.Close())
	}
	f := &folder{dir: dir, journal: j, sweep: s, base: s.Definition.Base(), order: make([]int64, 0, len(j.Rows))}
	for index := range j.Rows {
		if index < 0 || index >= s.Axes.Size() {
			return nil, errors.Join(fmt.Errorf("%s: point %d of a space of %d", path, index, s.Axes.Size()), j.Close())
		}
		f.order = append(f.order, index)
	}
	slices.Sort(f.order)
	return f, nil
}

// missing is how many points the sweep, or the shard, has not got to.
func (f *folder) missing() int64 {
	if f.sweep.Definition.Strategy.Learns() {
		return 0 // how many it asks for is known when it has ended
	}
	return f.journal.Last.Shard.Share(f.sweep.Points()) - int64(len(f.order))
}

func (f *folder) close() error { return f.journal.Close() }

// each visits all rows with their verdicts, by index.
func (f *folder) each(visit func(*journal.Row, judge.Verdict) error) error {
	for _, index := range f.order {
		if err := f.visit(index, visit); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) visit(index int64, visit func(*journal.Row, judge.Verdict) error) error {
	row, err := f.row(index)
	if err != nil {
		return err
	}
	var v judge.Verdict
	if row.Status == journal.OK {
		v = f.sweep.Judge.Judge(row.Values, &row.Metrics)
	}
	return visit(&row, v)
}

func (f *folder) row(index int64) (journal.Row, error) {
	if row, read := f.rows[index]; read {
		return row, nil
	}
	row, err := f.journal.Row(f.journal.Rows[index])
	if err != nil {
		return row, err
	}
	row.Values = f.sweep.Axes.Point(index)
	if key := f.sweep.Key(f.base, row.Values); row.Key != key {
		return row, fmt.Errorf("%s: the row of point %d is that of another design (key %s, want %s): changed by hand?",
			f.journal.Path, index, row.Key, key)
	}
	if f.rows == nil {
		f.rows = map[int64]journal.Row{}
	}
	if len(f.rows) < mostRows {
		f.rows[index] = row
	}
	return row, nil
}

// Finish writes tables and page of a folder from its results, and pages of designs.
func Finish(dir string, reused int64, pages Pages) (*Summary, error) {
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	s, err := f.finish(pages)
	if s != nil {
		s.Reused = reused
	}
	return s, errors.Join(err, f.close())
}

func (f *folder) finish(pages Pages) (*Summary, error) {
	s := f.newSummary()
	archive := pareto.New(len(f.sweep.Judge.Objectives), pareto.FirstTie)
	t := newTable(f.sweep)
	err := wholefile.Write(filepath.Join(f.dir, TableFile), func(w io.Writer) error {
		out := t.writer(w)
		return errors.Join(f.each(func(row *journal.Row, v judge.Verdict) error {
			s.Add(row.Status)
			f.fates = append(f.fates, fateOf(row, v))
			switch {
			case v.Feasible():
				archive.Insert(row.Index, v.Objectives)
			case row.Status == journal.OK:
				s.Infeasible++
			}
			return out.write(row, v)
		}), out.flush())
	})
	if err != nil {
		return nil, err
	}
	members := archive.Front()
	slices.SortFunc(members, func(a, b pareto.Point) int { return cmp.Compare(a.ID, b.ID) })
	if err := f.writeFront(t, members, s); err != nil {
		return nil, err
	}
	if len(s.Front) == 0 && s.Points > 0 {
		if s.Empty, err = f.whyEmpty(nil); err != nil {
			return nil, err
		}
	}
	if err := wholefile.WriteBytes(filepath.Join(f.dir, SweepFile), f.sweep.Text); err != nil {
		return s, err
	}
	links, err := f.draw(s, pages)
	var stopped *Undrawn
	if err != nil && !errors.As(err, &stopped) {
		return s, err
	}
	return s, errors.Join(err, f.writePage(s, links))
}

func (f *folder) newSummary() *Summary {
	d := &f.sweep.Definition
	s := &Summary{Name: d.Name, Folder: f.dir, Strategy: d.Strategy.String(), Space: f.sweep.Axes.Size(),
		Points: int64(len(f.order)), Parameters: f.sweep.Axes.Names(), Front: []FrontPoint{}}
	if shard := f.journal.Last.Shard; shard.Count > 0 {
		s.Shard = shard.String()
	}
	for _, o := range d.Objectives {
		s.Objectives = append(s.Objectives, o.String())
	}
	return s
}

// writeFront writes pareto.csv and notes the front in the summary.
func (f *folder) writeFront(t *table, members []pareto.Point, s *Summary) error {
	return wholefile.Write(filepath.Join(f.dir, FrontFile), func(w io.Writer) error {
		out := t.writer(w)
		for _, member := range members {
			row, err := f.row(member.ID)
			if err != nil {
				return err
			}
			v := f.sweep.Judge.Judge(row.Values, &row.Metrics)
			if err := out.write(&row, v); err != nil {
				return err
			}
			s.Front = append(s.Front, f.frontPoint(&row, v, member.Equal))
		}
		return out.flush()
	})
}

func (f *folder) frontPoint(row *journal.Row, v judge.Verdict, equal int64) FrontPoint {
	p := FrontPoint{Index: row.Index, Parameters: f.sweep.parameters(row), Metrics: map[string]float64{}, Equal: equal}
	for i, x := range row.Metrics {
		switch {
		case math.IsNaN(x) || f.sweep.Judge.Names.Metrics[i] < 0:
		case i == metric.Fits:
			fits := x != 0
			p.Fits = &fits
		case i == metric.MayOverflow:
			may := x != 0
			p.MayOverflow = &may
		default:
			p.Metrics[metric.Table[i].Name] = x
		}
	}
	for i, o := range f.sweep.Judge.Objectives {
		p.Objectives = append(p.Objectives, o.Minimized(v.Objectives[i]))
	}
	return p
}
