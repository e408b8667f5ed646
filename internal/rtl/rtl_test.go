package rtl

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/finn/*.csv")
	if err != nil || len(paths) != 14 {
		t.Fatalf("tables: %v, %v; want 14", paths, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			table, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := range table.Len() {
				if o := table.Run(i); o.Failed() {
					t.Errorf("%s:%d: %s: %v %v %s", path, o.Line, o.ID, o.Diffs, o.Err, o.First)
				}
			}
		})
	}
}

// TestFastForwardSkipsInTables makes sure that comparing rows with and without
// fast-forward compares something.
func TestFastForwardSkipsInTables(t *testing.T) {
	table, err := Open("../../testdata/finn/swg_cycles.csv")
	if err != nil {
		t.Fatal(err)
	}
	skipping := 0
	for i := range table.Len() {
		b, _, err := simulateWindow(table.row(i))
		if err != nil {
			t.Fatal(err)
		}
		if b.skipped > 0 {
			skipping++
		}
	}
	if skipping < table.Len()/2 {
		t.Errorf("fast-forward skips something in %d of %d rows", skipping, table.Len())
	}
}

// TestRowsWithoutPadding have no padding stage; the first handshake into the
// window is then the source's first, which a pattern of every third cycle holds
// back no more than an open one.
func TestRowsWithoutPadding(t *testing.T) {
	table, err := Open("../../testdata/finn/layer_cycles.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []string{"full", "src3", "snk3", "stall"} {
		row := slices.Clone(table.rows[0])
		row[slices.Index(table.header, "p")], row[slices.Index(table.header, "mode")] = "0", mode
		altered := *table
		altered.rows = [][]string{row}
		got, err := table.Kind.run(altered.row(0))
		if err != nil || got["pad_first_out"] != "0" || got["n_in"] != "128" || got["n_out"] != "144" {
			t.Errorf("%s: %v, %v; want the first handshake into the window in cycle 0", mode, got, err)
		}
	}
}

// TestTablesBite alters one result of a row at a time and expects the row to
// fail with that column.
func TestTablesBite(t *testing.T) {
	for _, name := range []string{"swg_cycles", "swg_traces", "mvu_cycles", "mvu48_cycles", "layer_cycles", "chain_cycles",
		"dwc_cycles", "threshold_cycles", "requant_cycles", "fifo_cycles", "network_chain_cycles", "residual_cycles",
		"threshold_values", "requant_values"} {
		table, err := Open("../../testdata/finn/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range table.Kind.results {
			at := slices.Index(table.header, column)
			if at < 0 {
				t.Fatalf("%s has no column %s", name, column)
			}
			row := slices.Clone(table.rows[0])
			row[at] += "1"
			altered := *table
			altered.rows = [][]string{row}
			if o := altered.Run(0); !o.Failed() || o.Err == nil && o.Diffs[0].Column != column {
				t.Errorf("%s with %s altered: %v %v, want a difference in that column", name, column, o.Diffs, o.Err)
			}
		}
	}
}

// TestRefusesBadTables checks the messages for what is no table, or a damaged one.
func TestRefusesBadTables(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":        {"", "not a table of RTL handshakes"},
		"other header": {"a,b\n1,2\n", "the header has none of the columns"},
		"short row":    {"config,frame_range\nx\n", "wrong number of fields"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x.csv", strings.NewReader(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error that says %q", err, c.want)
			}
		})
	}
	for _, name := range []string{"swg_cycles", "mvu_cycles", "mvu48_cycles", "layer_cycles", "chain_cycles",
		"dwc_cycles", "threshold_cycles", "requant_cycles", "fifo_cycles", "network_chain_cycles", "residual_cycles",
		"threshold_values", "requant_values"} {
		table, err := Open("../../testdata/finn/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range table.rows[0] {
			if _, err := strconv.Atoi(cell); err != nil {
				continue
			}
			for _, v := range []string{"0", "-1", "99999999", "x"} {
				row := slices.Clone(table.rows[0])
				row[i] = v
				altered := *table
				altered.rows = [][]string{row}
				altered.Run(0) // must not panic
			}
		}
	}
	const header = "unit,rtl,core,w_bits,a_bits,mw,mh,pe,simd,sf,nf,mode,steady_vector_interval,status\n"
	for _, core := range []string{"dev,lut_reg1", "main,lut_reg1", "old,lut", "new,dsp48e1"} {
		table, err := Parse("x.csv", strings.NewReader(header+"mvu,"+core+",8,8,1,1,1,1,1,1,full,1,ok\n"))
		if err != nil {
			t.Fatal(err)
		}
		if o := table.Run(0); o.Err == nil || !strings.Contains(o.Err.Error(), "columns rtl, core: ") {
			t.Errorf("%s: %v, want an error that names the columns", core, o.Err)
		}
	}
	bad, err := Parse("x.csv", strings.NewReader("config,mode,direction,frame_range,cycles\nk3,full,in,0-2,1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if o := bad.Run(0); o.Err == nil || o.Line != 2 {
		t.Errorf("a row with a bad configuration: %+v, want an error in line 2", o)
	}
}
