package wiring

import (
	"context"
	"fmt"

	"github.com/convsim/convsim/pipeline/flow"
)

// Kernel hands elements on as they are. Streams must say which lanes of a frame's last
// beats are idle.
func (a Adapter) Kernel(flow.Constants) (flow.Kernel, error) {
	if a.In.Elements() != a.Elements || a.Out.Elements() != a.Elements {
		return nil, fmt.Errorf("wiring: an adapter of frames of %d elements, where %d come and %d leave", a.Elements, a.In.Elements(), a.Out.Elements())
	}
	return adapted{a}, nil
}

type adapted struct{ adapter Adapter }

// Run hands on all frames.
func (k adapted) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	return flow.Regroup(ctx, k.adapter.In, k.adapter.Out, in[0], out[0], frames)
}
