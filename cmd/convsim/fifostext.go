package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/sim"
)

// fifosReport is what `convsim fifos` found.
type fifosReport struct {
	Hardware          string        `json:"hardware"`
	Model             string        `json:"model"`
	Slower            float64       `json:"slower_percent"`
	UnboundedInterval float64       `json:"unbounded_interval"`
	IntervalBefore    *float64      `json:"interval_before"` // null: it deadlocks
	Interval          *float64      `json:"interval"`        // null: not known yet
	Proven            bool          `json:"proven"`
	Simulations       int           `json:"simulations"`
	Before            sizing.Totals `json:"before"`
	After             sizing.Totals `json:"after"`
	Rules             []sizing.Rule `json:"rules,omitempty"`
	FIFOs             []sizing.FIFO `json:"fifos"`
}

func newFifosReport(n *sim.Network, found *sizing.Result, rules []sizing.Rule, slower float64) *fifosReport {
	return &fifosReport{Hardware: n.Hardware.Name, Model: n.Graph.Name, Slower: slower, UnboundedInterval: found.Unbounded,
		IntervalBefore: found.Before, Interval: found.Interval, Proven: found.Proven, Simulations: found.Runs,
		Before: sizing.TotalsOf(n.Plan), After: sizing.TotalsOf(found.Plan), Rules: rules, FIFOs: found.FIFOs}
}

// writeText writes the report for people: FIFOs that changed or are deeper than
// most, those of most bits first.
func (r *fifosReport) writeText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s: %d FIFOs\n\n", textwrap.Clip(r.Model, 30), textwrap.Clip(r.Hardware, 30), len(r.FIFOs))
	r.table(&b)
	fmt.Fprintf(&b, "\n  %-10s %12s %14s %8s %16s\n", "", "entries", "bits", "BRAM18", "frame every")
	r.total(&b, "before", r.Before, r.IntervalBefore, "deadlock")
	r.total(&b, "after", r.After, r.Interval, "not known")
	fmt.Fprintf(&b, "  %-10s %12s %14s %8s %16s\n", "unbounded", "", "", "", cycles(&r.UnboundedInterval, ""))
	for _, rule := range r.Rules {
		fmt.Fprintf(&b, "  rule %q: %s bits\n", rule.Name, textwrap.Group(rule.Bits))
	}
	if r.Proven {
		fmt.Fprintf(&b, "  proven by a run of the whole network, after %d simulations\n", r.Simulations)
	}
	for _, f := range r.FIFOs {
		writeCurve(&b, f)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *fifosReport) total(b *strings.Builder, name string, t sizing.Totals, interval *float64, none string) {
	fmt.Fprintf(b, "  %-10s %12s %14s %8d %16s\n", name, textwrap.Group(t.Entries), textwrap.Group(t.Bits), t.BRAM18, cycles(interval, none))
}

// table lists FIFOs that changed, or that are not of the least depth.
func (r *fifosReport) table(b *strings.Builder) {
	least := 1 << 30
	for _, f := range r.FIFOs {
		least = min(least, f.Depth)
	}
	shown := slices.DeleteFunc(slices.Clone(r.FIFOs), func(f sizing.FIFO) bool { return f.Depth == least && f.Before == least })
	slices.SortStableFunc(shown, func(a, b sizing.FIFO) int { return b.Depth*b.WidthBits - a.Depth*a.WidthBits })
	if len(shown) == 0 {
		fmt.Fprintf(b, "  all %d FIFOs: %d entries, as before\n", len(r.FIFOs), least)
		return
	}
	fmt.Fprintf(b, "  %-48s %6s %9s %9s\n", "FIFO", "bits", "before", "after")
	for _, f := range shown {
		fmt.Fprintf(b, "  %-48s %6d %9s %9s\n", textwrap.Clip(f.Edge, 48), f.WidthBits, textwrap.Group(int64(f.Before)), textwrap.Group(int64(f.Depth)))
	}
	if rest := len(r.FIFOs) - len(shown); rest > 0 {
		fmt.Fprintf(b, "  %d others: %d entries, as before\n", rest, least)
	}
}

// writeCurve lists what the interval is at each depth tried.
func writeCurve(b *strings.Builder, f sizing.FIFO) {
	if len(f.Curve) == 0 {
		return
	}
	fmt.Fprintf(b, "\n  %s\n  %9s %16s\n", textwrap.Clip(f.Edge, 76), "depth", "frame every")
	for _, p := range f.Curve {
		fmt.Fprintf(b, "  %9s %16s\n", textwrap.Group(int64(p.Depth)), cycles(p.Interval, "deadlock"))
	}
}

// cycles is an interval, or a word where there is none.
func cycles(interval *float64, none string) string {
	if interval == nil {
		return none
	}
	if *interval == float64(int64(*interval)) {
		return textwrap.Group(int64(*interval))
	}
	return fmt.Sprintf("%.2f", *interval)
}
