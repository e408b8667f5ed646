package sim

import (
	"context"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/tensor"
)

// TestDepthsFoundInARun: a network that is settled by its run, beside its values or before them,
// has the depths, the times and the outputs of one that was before; how far it is never
// goes back.
func TestDepthsFoundInARun(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 12))
	deeper := 0
	for i := range int(blocktest.Designs(t, 12)) {
		hw := stridedHardware(t, r)
		g, _ := strided(t, r, 16)
		inputs := map[string]*tensor.Tensor{"x": testTensor(r, tensor.Int8, g.Inputs[0].Type.Shape...)}
		settled, err := NewNetwork(hw, g)
		if err != nil {
			t.Fatal(err)
		}
		want, err := settled.Run(context.Background(), inputs, Options{Frames: 2})
		if err != nil {
			continue // a deadlock
		}
		for _, processors := range []int{1, 2} {
			n, err := UnsettledNetwork(hw, g)
			if err != nil {
				t.Fatal(err)
			}
			if compare.Diff(n.Plan.Edges, settled.Plan.Edges) != "" {
				deeper++
			}
			share := 0.0
			before := runtime.GOMAXPROCS(processors)
			got, err := n.Run(context.Background(), inputs, Options{Frames: 2, Timing: func(done, total int64) {
				if now := float64(done) / float64(total); now < share || now > 1 {
					t.Errorf("network %d: %d of %d, %g before", i, done, total, share)
				} else {
					share = now
				}
			}})
			runtime.GOMAXPROCS(before)
			if err != nil {
				t.Fatal(err)
			}
			if diff := compare.Diff(settled.Plan.Edges, n.Plan.Edges) + cmp.Diff(want.Time, got.Time); diff != "" {
				t.Fatalf("network %d on %d processors:\n%s", i, processors, diff)
			}
			for name, y := range want.Tensors {
				if d := differs(y, got.Tensors[name]); d != nil {
					t.Fatalf("network %d, tensor %s: %v", i, name, d)
				}
			}
		}
	}
	if t.Logf("%d plans were settled by their runs", deeper); deeper == 0 && !testing.Short() {
		t.Error("no plan was settled by its run")
	}
}
