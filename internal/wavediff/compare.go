package wavediff

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// Difference is what two dumps have in common, and what not.
type Difference struct {
	From       int64    `json:"from"` // cycles compared
	To         int64    `json:"to"`   // not included
	Ends       int      `json:"ends"`
	Handshakes int64    `json:"handshakes"`          // that are the same
	Later      int64    `json:"later,omitempty"`     // of hardware, behind the last one that an output needs
	OnlyA      []string `json:"only_in_a,omitempty"` // edges and ends
	OnlyB      []string `json:"only_in_b,omitempty"`
	Wrong      []Wrong  `json:"differ,omitempty"`
}

// Wrong is the first handshake of an end that is not the same; -1 where there is none.
type Wrong struct {
	End    string `json:"end"`
	Number int64  `json:"handshake"`
	A      int64  `json:"cycle_in_a"`
	B      int64  `json:"cycle_in_b"`
}

// Same reports whether nothing differs.
func (d *Difference) Same() bool { return len(d.Wrong) == 0 && d.Ends > 0 }

// Compare compares two dumps in those cycles that both show.
func Compare(a, b *Dump) *Difference {
	d := &Difference{From: max(a.From, b.From), To: min(a.To, b.To)}
	for _, name := range slices.Sorted(maps.Keys(a.Ends)) {
		other := b.Ends[name]
		if other == nil {
			d.OnlyA = append(d.OnlyA, name)
			continue
		}
		d.Ends++
		d.compare(name, cut(a.Ends[name].Moves, d.From, d.To), cut(other.Moves, d.From, d.To), a.Hardware, b.Hardware)
	}
	for _, name := range slices.Sorted(maps.Keys(b.Ends)) {
		if a.Ends[name] == nil {
			d.OnlyB = append(d.OnlyB, name)
		}
	}
	return d
}

// cut is the part of ranges that lies in some cycles.
func cut(moves []Range, from, to int64) (list []Range) {
	for _, r := range moves {
		if r = (Range{max(r.From, from), min(r.To, to)}); r.From < r.To {
			list = append(list, r)
		}
	}
	return list
}

// compare compares an end. Hardware goes on behind the last beat that an output needs.
func (d *Difference) compare(name string, a, b []Range, hardA, hardB bool) {
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	w := Wrong{End: name, Number: count(a[:same])}
	x, y := next(a, same), next(b, same)
	if x.From == y.From && x.From >= 0 { // one goes on for longer
		both := min(x.To, y.To) - x.From
		w.Number += both
		x, y = rest(a, same, x.From+both), rest(b, same, y.From+both)
	}
	w.A, w.B = x.From, y.From
	d.Handshakes += w.Number
	switch {
	case w.A < 0 && w.B < 0:
	case w.A < 0 && hardB && !hardA, w.B < 0 && hardA && !hardB:
		d.Later += count(a) + count(b) - 2*w.Number
	default:
		d.Wrong = append(d.Wrong, w)
	}
}

func next(list []Range, i int) Range {
	if i < len(list) {
		return list[i]
	}
	return Range{-1, -1}
}

// rest is what of a list from a range on comes at a cycle or later.
func rest(list []Range, i int, from int64) Range {
	if list[i].To > from {
		return Range{from, list[i].To}
	}
	return next(list, i+1)
}

func count(list []Range) (n int64) {
	for _, r := range list {
		n += r.To - r.From
	}
	return n
}

// mostShown is how many names or differences are shown.
const mostShown = 10

// WriteText writes it for people.
func (d *Difference) WriteText(w io.Writer) error {
	d.only(w, "first", d.OnlyA)
	d.only(w, "second", d.OnlyB)
	for _, x := range d.Wrong[:min(len(d.Wrong), mostShown)] {
		fmt.Fprintf(w, "  %s: handshake %d is %s in the first, %s in the second\n", x.End, x.Number, cycle(x.A), cycle(x.B))
	}
	if more := len(d.Wrong) - mostShown; more > 0 {
		fmt.Fprintf(w, "  and %d ends more\n", more)
	}
	verdict := "all equal"
	if !d.Same() {
		verdict = fmt.Sprintf("%d ends of edges differ", len(d.Wrong))
	}
	if d.Later > 0 {
		verdict += fmt.Sprintf("; hardware moves %d beats more, which no output needs", d.Later)
	}
	_, err := fmt.Fprintf(w, "cycles %d to %d: %d handshakes at %d ends of edges are the same: %s\n", d.From, max(d.From, d.To-1), d.Handshakes, d.Ends, verdict)
	return err
}

func (d *Difference) only(w io.Writer, which string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "  only in the %s:", which)
	for _, name := range list[:min(len(list), mostShown)] {
		fmt.Fprintf(w, " %s;", name)
	}
	if more := len(list) - mostShown; more > 0 {
		fmt.Fprintf(w, " and %d more", more)
	}
	fmt.Fprintln(w)
}

func cycle(at int64) string {
	if at < 0 {
		return "not there"
	}
	return fmt.Sprintf("in cycle %d", at)
}
