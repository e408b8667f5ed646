package wavediff

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/convsim/convsim/internal/vcdread"
)

// Dump is what moves in a waveform.
type Dump struct {
	Path     string
	Hardware bool
	From, To int64           // cycles, To not included
	Ends     map[string]*End // by edge and end
}

// End is one end of an edge.
type End struct {
	Moves []Range
	valid bool
	ready bool
	since int64 // cycle from which on beats move, -1 for none do
}

// Range is consecutive cycles, To not included.
type Range struct{ From, To int64 }

// place is what a signal of a dump is: valid or ready of an end.
type place struct {
	end   string
	ready bool
}

// Read reads a dump. Beside one of hardware, in ../tb, lies the testbench, which says what the ends of edges are
// called.
func Read(path string) (*Dump, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d := &Dump{Path: path, From: -1, Ends: map[string]*End{}}
	bench, err := filepath.Glob(filepath.Join(filepath.Dir(path), "..", "tb", "*_tb.sv"))
	if err == nil && len(bench) == 1 {
		d.Hardware = true
		err = d.readHardware(f, bench[0])
	} else {
		err = d.readOwn(f)
	}
	if err == nil && len(d.Ends) == 0 {
		err = fmt.Errorf("there is no edge in it; allowed: a .vcd that convsim run --wave wrote, or build/wave.vcd of hardware that convsim rtl -o wrote")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

var (
	ownSignal   = regexp.MustCompile(`^convsim\.(.+)\.(in_|out_|)(valid|ready)$`)
	probedEdge  = regexp.MustCompile(`\) probe_\d+ \( // (\S+) (in|out|move)\n[^\n]*\n\s*\.moves\((\S+) && (\S+)\)`)
	notOfAName  = regexp.MustCompile(`[^0-9A-Za-z]+`)
	withoutEnds = map[string]string{"in_": " in", "out_": " out", "": " move"}
)

// flat is a name without what dumps write in different ways.
func flat(name string) string { return strings.Trim(notOfAName.ReplaceAllString(name, "_"), "_") }

// readOwn reads a dump of convsim's, in which a time is a cycle.
func (d *Dump) readOwn(r io.Reader) error {
	places := map[string]place{}
	err := vcdread.Scan(r, func(name string, _ int) bool {
		m := ownSignal.FindStringSubmatch(name)
		if m == nil {
			return false
		}
		p := place{flat(m[1]) + withoutEnds[m[2]], m[3] == "ready"}
		places[name] = p
		d.Ends[p.end] = &End{since: -1}
		return true
	}, func(at int64, name, value string) {
		if d.From < 0 {
			d.From = at
		}
		d.To = at
		if p, ok := places[name]; ok {
			d.Ends[p.end].set(p.ready, value, at)
		}
	})
	for _, e := range d.Ends {
		e.moves(false, d.To)
	}
	return err
}

// set gives valid or ready a value from a cycle on.
func (e *End) set(ready bool, value string, at int64) {
	if ready {
		e.ready = value == "1"
	} else {
		e.valid = value == "1"
	}
	e.moves(e.valid && e.ready, at)
}

// moves says whether beats move from a cycle on.
func (e *End) moves(now bool, at int64) {
	switch last := len(e.Moves) - 1; {
	case now && e.since < 0:
		e.since = at
	case !now && e.since >= 0:
		if last >= 0 && e.Moves[last].To == e.since {
			e.Moves[last].To = at
		} else if e.since < at {
			e.Moves = append(e.Moves, Range{e.since, at})
		}
		e.since = -1
	}
}

// readHardware reads a dump of a testbench. A cycle is what is so before a rising edge of the clock, once running is
// high.
func (d *Dump) readHardware(r io.Reader, bench string) error {
	text, err := os.ReadFile(bench)
	if err != nil {
		return err
	}
	top := strings.TrimSuffix(filepath.Base(bench), ".sv") + "."
	places := map[string]place{}
	for _, m := range probedEdge.FindAllStringSubmatch(string(text), -1) {
		end := flat(m[1]) + " " + m[2]
		places[top+m[3]], places[top+m[4]] = place{end, false}, place{end, true}
		d.Ends[end] = &End{since: -1}
	}
	h := &clocked{dump: d, places: places, clock: top + "aclk", running: top + "running", values: map[string]string{}}
	err = vcdread.Scan(r, h.wants, h.tell)
	h.settle()
	for _, e := range d.Ends {
		e.moves(false, d.To)
	}
	d.From = 0
	return cmp.Or(err, h.missing())
}

// clocked follows the signals of hardware.
type clocked struct {
	dump           *Dump
	places         map[string]place
	clock, running string
	values         map[string]string // of clock and running
	seen           int
	batch          [][2]string // changes of one time
}

func (h *clocked) wants(name string, _ int) bool {
	_, ok := h.places[name]
	if ok {
		h.seen++
	}
	return ok || name == h.clock || name == h.running
}

func (h *clocked) missing() error {
	if h.seen < len(h.places) {
		return fmt.Errorf("%d of the %d signals of its testbench are not in it", len(h.places)-h.seen, len(h.places))
	}
	return nil
}

func (h *clocked) tell(_ int64, name, value string) {
	if name == "" {
		h.settle()
		return
	}
	h.batch = append(h.batch, [2]string{name, value})
}

// settle ends a time: what was so before it is a cycle, if the clock rises in it.
func (h *clocked) settle() {
	d := h.dump
	for _, c := range h.batch {
		if c[0] == h.clock && c[1] == "1" && h.values[h.running] == "1" {
			for _, e := range d.Ends {
				e.moves(e.valid && e.ready, d.To)
			}
			d.To++
		}
	}
	for _, c := range h.batch {
		if p, ok := h.places[c[0]]; !ok {
			h.values[c[0]] = c[1]
		} else if e := d.Ends[p.end]; p.ready {
			e.ready = c[1] == "1"
		} else {
			e.valid = c[1] == "1"
		}
	}
	h.batch = h.batch[:0]
}
