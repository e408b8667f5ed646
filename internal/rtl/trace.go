package rtl

import (
	"fmt"
	"strings"

	"github.com/convsim/convsim/pipeline/clock"
)

// hash is the tables' 64-bit FNV-style hash over all handshakes up to total, in
// the order of time, output before input within a cycle.
func hash(in, out []clock.Span, total clock.Cycle) uint64 {
	const prime, start = 1099511628211, 1469598103934665603
	h := uint64(start)
	i, o := cursor{spans: in}, cursor{spans: out}
	i.next()
	o.next()
	for o.at < total || i.at < total {
		if o.at <= i.at {
			h = (h ^ uint64(2*o.at+1)) * prime
			o.next()
		} else {
			h = (h ^ uint64(2*i.at)) * prime
			i.next()
		}
	}
	return h
}

// cursor walks the cycles of spans.
type cursor struct {
	spans []clock.Span
	at    clock.Cycle
	begun bool
}

func (c *cursor) next() {
	if c.begun && c.at < c.spans[0].Last {
		c.at++
		return
	}
	if c.begun {
		c.spans = c.spans[1:]
	}
	if len(c.spans) == 0 {
		c.at, c.begun = clock.Never, false
		return
	}
	c.at, c.begun = c.spans[0].First, true
}

// format writes the handshakes before total as the tables do: ranges joined by
// semicolons, single cycles alone.
func format(spans []clock.Span, total clock.Cycle) string {
	var parts []string
	for _, s := range spans {
		if s.First >= total {
			break
		}
		last := min(s.Last, total-1)
		if s.First == last {
			parts = append(parts, fmt.Sprint(s.First))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", s.First, last))
		}
	}
	return strings.Join(parts, ";")
}

// diverges names the first handshake that differs from a measured trace, empty
// when no trace of the row is known.
func (t *Table) diverges(r *row, got map[string]string) string {
	if t.Kind.Name == "swg_traces" {
		return firstDifference(r.text("direction"), r.text("cycles"), got["cycles"])
	}
	if t.Kind.Name != "swg_cycles" || t.traces == nil {
		return ""
	}
	b, _, err := simulateWindow(r)
	if err != nil {
		return ""
	}
	for _, end := range []string{"out", "in"} {
		record := b.in()
		if end == "out" {
			record = b.out()
		}
		want, ok := t.traces[r.text("config")+"|"+r.text("mode")+"|"+end]
		if !ok {
			continue
		}
		if d := firstDifference(end, want, format(record.Out.Spans, b.result.Total)); d != "" {
			return d
		}
	}
	return ""
}

// firstDifference compares two traces range by range.
func firstDifference(end, want, got string) string {
	w, g := strings.Split(want, ";"), strings.Split(got, ";")
	for i := range max(len(w), len(g)) {
		a, b := "none", "none"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("first diverging %sput handshakes: measured cycles %s, simulated %s", end, a, b)
		}
	}
	return ""
}
