package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/textwrap"
)

// list tells the size of the space and what would become of its points, of too many
// those of a sample; it lists the first thousand.
func (f *sweepFlags) list(ctx context.Context, s streams, sweep *dse.Sweep) error {
	out := bufio.NewWriter(s.out)
	names := sweep.Space().Names()
	var rows strings.Builder
	preview, err := sweep.DryRun(ctx, f.options, func(row *journal.Row) { listRow(&rows, names, row) })
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(s.out, preview)
	}
	fmt.Fprintf(out, "sweep %s: a space of %d points, %s, %d of them\n",
		sweep.Definition.Name, sweep.Space().Size(), sweep.Definition.Strategy, sweep.Points())
	fmt.Fprint(out, rows.String())
	if more := preview.Points - preview.Listed; more > 0 && !preview.Learns {
		fmt.Fprintf(out, "... and %d more points\n", more)
	}
	fmt.Fprint(out, previewWords(preview))
	return out.Flush()
}

func listRow(w io.Writer, names []string, row *journal.Row) {
	fmt.Fprintf(w, "%d ", row.Index)
	for i, name := range names {
		fmt.Fprintf(w, " %s=%s", name, row.Values[i])
	}
	if row.Status != journal.OK {
		fmt.Fprintf(w, "  %s: %s", row.Status, row.Reason)
	}
	fmt.Fprintln(w)
}

// previewWords count what would become of the points.
func previewWords(p *dse.Preview) string {
	var b strings.Builder
	if e := p.Excluded; e != nil && p.Sampled {
		b.WriteString(textwrap.Lines(fmt.Sprintf("%d of the %d points of the space break a constraint on parameters alone (%s): %d do not",
			e.Points, p.Space, strings.Join(e.Constraints, "; "), p.Space-e.Points), "", "  "))
	}
	switch {
	case p.Sampled:
		b.WriteString(textwrap.Lines(fmt.Sprintf("of a sample of %d points, %d are to be evaluated, %d are illegal, "+
			"%d break a constraint before they run", p.Checked, p.Runs, p.Illegal, p.Pruned), "", "  "))
	default:
		fmt.Fprintf(&b, "%d points to evaluate, %d illegal, %d break a constraint before they run\n", p.Runs, p.Illegal, p.Pruned)
	}
	if p.Learns {
		b.WriteString("The search learns from results; listed is its first generation.\n")
	}
	return b.String()
}
