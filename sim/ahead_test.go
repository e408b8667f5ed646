package sim

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/flow"
)

// TestSumsSeenOrNot: who watches the sums, so that arrays and requantisation work one after
// the other, sees the same output, and as much moves on every edge.
func TestSumsSeenOrNot(t *testing.T) {
	hw, layer := parse(t, smallHardware,
		`{op: conv2d, in_channels: 6, out_channels: 7, kernel_size: 3, padding: 1, requantize: {rule: shift, shift: 7}, input: {batch: 2, height: 9, width: 5}}`)
	d, data := mustLoad(t, hw, layer, 2)
	sums := slices.IndexFunc(d.Plan.Edges, func(e pipeline.Edge) bool { return d.Plan.Nodes[e.To.Node].Block.Kind() == "requantize" })
	seen := 0
	run := func(watch map[int]func(flow.Slab)) (*flow.Outcome, []int8) {
		o, err := flow.Run(context.Background(), d.Plan, d.Constants(data), flow.Options{Frames: 3, Watch: watch})
		if err != nil {
			t.Fatal(err)
		}
		return o, o.Kernels[len(o.Kernels)-1].(wiring.Collector).Sink().Tensor().Data.([]int8)
	}
	alone, output := run(nil)
	watched, same := run(map[int]func(flow.Slab){sums: func(s flow.Slab) { seen += s.Len() + int(s.Idle) }})
	if diff := cmp.Diff(output, same); diff != "" {
		t.Errorf("output (-not seen +seen):\n%s", diff)
	}
	if diff := cmp.Diff(alone.Elements, watched.Elements); diff != "" || int64(seen) != alone.Elements[sums] || seen == 0 {
		t.Errorf("%d elements seen; moved (-not seen +seen):\n%s", seen, diff)
	}
}
