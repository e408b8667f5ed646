package wiring

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
)

// Kernel hands elements on as they are: widths are a matter of time.
func (w Width) Kernel(flow.Constants) (flow.Kernel, error) { return passed{w}, nil }

// passed hands rows on, as rows of the stream that leaves.
type passed struct{ width Width }

// Run hands on all frames.
func (k passed) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	return flow.Regroup(ctx, k.width.In, k.width.Out, in[0], out[0], frames)
}
