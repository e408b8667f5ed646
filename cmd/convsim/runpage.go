package main

import (
	"context"
	"fmt"
	"io"

	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/report/runs"
	"github.com/convsim/convsim/pipeline"
)

// histories is how many runs the histories of a plan may hold, 0 when no page wants
// them.
func (f *runFlags) histories(p *pipeline.Plan) int {
	if f.html.path == "" {
		return 0
	}
	return runs.Histories(p)
}

// writePage draws and writes the page of a run, if it is wanted.
func (f *runFlags) writePage(ctx context.Context, s streams, draw func() (runpage.Run, error)) error {
	if f.html.path == "" {
		return nil
	}
	run, err := slowly(ctx, s, "run", "drawing the page", draw)
	if err != nil {
		return fmt.Errorf("--html %s: %w", f.html.path, err)
	}
	run.Version = version()
	return f.html.write(ctx, s, func(w io.Writer) error { return runpage.Write(w, run) })
}
