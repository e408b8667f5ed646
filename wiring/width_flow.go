package wiring

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
)

// Kernel hands rows on as they are: widths are a matter of time.
func (w Width) Kernel(flow.Constants) (flow.Kernel, error) {
	return passed{w.In.Rows, w.Out.Idle}, nil
}

// passed hands rows on, with the idle lanes of the stream they join.
type passed struct{ rows, idle int64 }

// Run hands on all frames.
func (k passed) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	for range int64(frames) * k.rows {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		if err := out[0].Send(ctx, slab.WithIdle(k.idle)); err != nil {
			return err
		}
	}
	return nil
}
