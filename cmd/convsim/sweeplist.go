package main

import (
	"bufio"
	"context"
	"fmt"

	"github.com/convsim/convsim/dse"
)

// list tells the size of the space and what would become of each point.
func (f *sweepFlags) list(ctx context.Context, s streams, sweep *dse.Sweep) error {
	out := bufio.NewWriter(s.out)
	names := sweep.Space().Names()
	if !f.json {
		fmt.Fprintf(out, "sweep %s: a space of %d points, %s, %d of them\n",
			sweep.Definition.Name, sweep.Space().Size(), sweep.Definition.Strategy, sweep.Points())
	}
	preview, err := sweep.DryRun(ctx, f.options, func(row *dse.Row) {
		if f.json {
			return
		}
		fmt.Fprintf(out, "%d ", row.Index)
		for i, name := range names {
			fmt.Fprintf(out, " %s=%s", name, row.Values[i])
		}
		if row.Status != dse.OK {
			fmt.Fprintf(out, "  %s: %s", row.Status, row.Reason)
		}
		fmt.Fprintln(out)
	})
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(s.out, preview)
	}
	fmt.Fprintf(out, "%d points to evaluate, %d illegal, %d break a constraint before they run\n", preview.Runs, preview.Illegal, preview.Pruned)
	if preview.Learns {
		fmt.Fprintf(out, "The search learns from results; listed is its first generation.\n")
	}
	return out.Flush()
}
