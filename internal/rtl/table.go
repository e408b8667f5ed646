package rtl

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Kind is what the rows of a table are.
type Kind struct {
	Name    string
	mark    string   // a column only this kind has
	results []string // columns that are compared
	key     []string // columns that name a row in messages
	run     func(r *row) (map[string]string, error)
}

var kinds = []Kind{
	{Name: "swg_cycles", mark: "f0_first_window_done", run: runWindow,
		key: []string{"config", "mode"},
		results: []string{"oh", "ow", "buffer_depth", "n_in", "n_out", "f0_first_in", "f0_first_out",
			"f0_first_window_done", "f0_last_in", "f0_last_out", "f1_first_in", "f1_first_out", "f1_last_out",
			"f2_last_out", "steady_interval", "trace_hash"}},
	{Name: "swg_traces", mark: "frame_range", run: runTrace, key: []string{"config", "mode", "direction"},
		results: []string{"cycles"}},
	{Name: "mvu48_cycles", mark: "core", run: runArray,
		key:     []string{"rtl", "core", "unit", "w_bits", "a_bits", "mw", "mh", "pe", "simd", "mode"},
		results: arrayResults},
	{Name: "mvu_cycles", mark: "steady_vector_interval", run: runArray,
		key:     []string{"unit", "mw", "mh", "pe", "simd", "mode"},
		results: arrayResults},
	{Name: "chain_cycles", mark: "n_link", run: runChain,
		key: []string{"h1", "w1", "c1", "k1", "cout1", "pe1", "simd1", "k2", "d2", "cout2", "pe2", "fifo_depth", "mode"},
		results: []string{"n_in", "n_link", "n_out", "link_first", "f0_first_out", "f0_last_out", "f1_last_out",
			"f2_last_out", "steady_interval", "fifo_max_occupancy", "trace_hash"}},
	{Name: "layer_cycles", mark: "swg_first_out", run: runLayer,
		key: []string{"h", "w", "c", "k", "s", "d", "p", "cout", "pe", "simd", "depthwise", "parallel_window", "mode"},
		results: []string{"n_in", "n_out", "pad_first_out", "swg_first_out", "f0_first_out", "f0_last_in",
			"f0_last_out", "f1_last_out", "steady_interval", "trace_hash"}},
	{Name: "dwc_cycles", mark: "frame_elems", run: runConverter,
		key: []string{"style", "in_elems", "out_elems", "frame_elems", "frames", "mode"}, results: blockResults},
	{Name: "threshold_cycles", mark: "deep_pipeline", run: runThreshold,
		key: []string{"n_thresholds", "channels", "pe", "deep_pipeline", "pixels_per_frame", "mode"}, results: blockResults},
	{Name: "requant_cycles", mark: "pixels_per_frame", run: runScale,
		key: []string{"channels", "pe", "pixels_per_frame", "mode"}, results: blockResults},
	{Name: "threshold_values", mark: "thresholds", run: runThresholdValues,
		key: []string{"n_thresholds", "thr_bits", "in_bits", "signed", "bias"}, results: []string{"y"}},
	{Name: "requant_values", mark: "scale_f32", run: runScaleValues,
		key: []string{"in_bits", "out_bits", "scale_f32", "bias_f32"}, results: []string{"y"}},
	{Name: "fifo_cycles", mark: "ram_style", run: runFIFO, key: []string{"kind", "depth", "ram_style", "mode"},
		results: []string{"n_out", "first_in", "first_out", "last_in", "last_out", "trace_hash"}},
	{Name: "network_chain_cycles", mark: "link1_first", run: runNetworkChain,
		key: []string{"net", "fifo_depth", "mode"},
		results: []string{"n_in", "n_out", "link1_first", "link2_first", "f0_first_in", "f0_first_out", "f0_last_in",
			"f0_last_out", "f1_last_out", "f2_last_out", "f3_last_out", "steady_interval", "fifo1_max_occupancy",
			"fifo2_max_occupancy", "trace_hash"}},
	{Name: "residual_cycles", mark: "branch_first", run: runResidual,
		key: []string{"net", "fork", "join", "fifo_depth", "inner_fifo_depth", "mode"},
		results: []string{"n_in", "n_out", "branch_first", "f0_first_in", "f0_first_out", "f0_last_in", "f0_last_out",
			"f1_last_out", "f2_last_out", "f3_last_out", "steady_interval", "fifo_max_occupancy", "trace_hash"}},
}

var blockResults = []string{"n_in", "n_out", "f0_first_in", "f0_first_out", "f0_last_in", "f0_last_out", "f1_last_out",
	"f2_last_out", "steady_interval", "trace_hash"}

var arrayResults = []string{"n_in", "n_out", "f0_first_in", "first_out", "last_in", "last_out",
	"steady_vector_interval", "trace_hash"}

// Table is a table of measured handshakes.
type Table struct {
	Path   string
	Kind   *Kind
	header []string
	rows   [][]string
	traces map[string]string // measured traces beside the table, by config, mode and direction
}

// ErrNotATable says that a file is none of the tables this package knows.
var ErrNotATable = errors.New("not a table of RTL handshakes")

// Open reads a table; when a file swg_traces.csv lies beside it, differences are
// explained by the first handshake that diverges.
func Open(path string) (*Table, error) {
	t, err := read(path)
	if err != nil {
		return nil, err
	}
	beside, err := read(t.Beside())
	if err == nil && beside.Kind.Name == "swg_traces" {
		t.traces = map[string]string{}
		for i := range beside.rows {
			r := beside.row(i)
			t.traces[r.text("config")+"|"+r.text("mode")+"|"+r.text("direction")] = r.text("cycles")
		}
	}
	return t, nil
}

func read(path string) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := io.LimitedReader{R: f, N: maxTable + 1}
	t, err := Parse(path, &text)
	if text.N == 0 && !errors.Is(err, ErrNotATable) {
		return nil, fmt.Errorf("%s is larger than %d bytes; allowed: a table up to that size", path, maxTable)
	}
	return t, err
}

// maxTable is the size of the largest table, in bytes.
const maxTable = 64 << 20

// byteOrderMark is what spreadsheets put in front of a table in UTF-8.
const byteOrderMark = "\ufeff"

// Parse reads a table from r; path is used in messages.
func Parse(path string, r io.Reader) (*Table, error) {
	text := bufio.NewReader(r)
	if start, err := text.Peek(len(byteOrderMark)); err == nil && string(start) == byteOrderMark {
		_, _ = text.Discard(len(byteOrderMark)) // it has just been seen
	}
	c := csv.NewReader(text)
	header, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrNotATable, err)
	}
	t := &Table{Path: path, header: header}
	for i := range kinds {
		if slices.Contains(header, kinds[i].mark) {
			t.Kind = &kinds[i]
			break
		}
	}
	if t.Kind == nil {
		return nil, fmt.Errorf("%s:1: %w: the header has none of the columns %s", path, ErrNotATable, marks())
	}
	if t.rows, err = c.ReadAll(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

func marks() string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.mark)
	}
	return strings.Join(names, ", ")
}

// Beside is where the traces that explain differences may be.
func (t *Table) Beside() string { return filepath.Join(filepath.Dir(t.Path), "swg_traces.csv") }

// Len is the number of rows.
func (t *Table) Len() int { return len(t.rows) }

// Outcome is what became of one row.
type Outcome struct {
	Line   int    // in the file
	ID     string // the row's configuration
	Status string // of the measurement, "ok" or a defect of the RTL
	Diffs  []Diff // columns that differ
	First  string // the first handshake that diverges, where a trace is known
	Err    error  // the row could not be run
}

// Diff is one column that differs.
type Diff struct{ Column, Want, Got string }

// Compared reports whether the row's results were compared: a core that made a
// wrong value in time is right in its cycles.
// A network that stopped must stop here, too.
func (o Outcome) Compared() bool {
	return o.Status == "ok" || o.Status == "rtl_wrong_data" || o.Status == stopped
}

// Failed reports whether the row is wrong.
func (o Outcome) Failed() bool { return o.Err != nil || len(o.Diffs) > 0 }

// Run runs row i and compares its result columns.
func (t *Table) Run(i int) Outcome {
	r := t.row(i)
	o := Outcome{Line: i + 2, ID: t.id(r), Status: "ok"}
	if s, ok := r.lookup("status"); ok {
		o.Status = s
	}
	got, err := t.Kind.run(r)
	if err == nil {
		err = r.err
	}
	if err != nil {
		o.Err = err
		return o
	}
	if !o.Compared() {
		return o
	}
	for _, col := range t.Kind.results {
		want, ok := r.lookup(col)
		if ok && want != got[col] && !(want == "" && got[col] == "") {
			o.Diffs = append(o.Diffs, Diff{col, want, got[col]})
		}
	}
	if len(o.Diffs) > 0 {
		o.First = t.diverges(r, got)
	}
	return o
}

func (t *Table) id(r *row) string {
	var parts []string
	for _, k := range t.Kind.key {
		v := r.text(k)
		if _, err := strconv.Atoi(v); err == nil {
			v = k + "=" + v
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, " ")
}

func (t *Table) row(i int) *row { return &row{header: t.header, cells: t.rows[i]} }

// row is one row while it is read; the first cell that is missing or no number
// is kept in err.
type row struct {
	header, cells []string
	err           error
	simulated     *simulated
}

// simulated is the plan that a row came to, and how long it ran.
type simulated struct {
	*pipeline.Plan
	clock.Options
}

func (r *row) lookup(col string) (string, bool) {
	i := slices.Index(r.header, col)
	if i < 0 {
		return "", false
	}
	return r.cells[i], true
}

func (r *row) text(col string) string {
	v, ok := r.lookup(col)
	if !ok {
		r.fail(fmt.Errorf("column %s is missing", col))
	}
	return v
}

// fail keeps the first error.
func (r *row) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *row) int(col string) int { return r.within(col, 0) }

// size reads a number that must be at least 1; it returns 1 when it is not.
func (r *row) size(col string) int { return max(1, r.within(col, 1)) }

func (r *row) within(col string, least int) int {
	v := r.text(col)
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > 1<<20 {
		r.fail(fmt.Errorf("column %s: %q is not a whole number from %d to %d", col, v, least, 1<<20))
	}
	return n
}
