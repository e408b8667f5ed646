package wiring

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
)

// Kernel copies rows.
func (f Fork) Kernel(flow.Constants) (flow.Kernel, error) { return copied{f}, nil }

// copied hands every row to all branches; nobody alters a row he has not made.
type copied struct{ fork Fork }

// Run copies all frames.
func (k copied) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	for range int64(frames) * k.fork.Stream.Rows {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		for range out[1:] { // before anybody gives it back
			slab.Again()
		}
		for _, s := range out {
			if err := s.Send(ctx, slab); err != nil {
				return err
			}
		}
	}
	return nil
}
