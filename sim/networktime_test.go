package sim

import (
	"runtime"
	"slices"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestRunsBegunEarly: a run that began with the depths of a first frame is taken if they are
// those of the next frame, too, and given up if a single one is not; both ways times are those
// of a run that knew the depths.
func TestRunsBegunEarly(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	hw, err := configs.LoadHardware("large-32x32")
	if err != nil {
		t.Fatal(err)
	}
	g := shippedNetwork(t, "resnet8_32")
	settled, err := NewNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	want := solve(t, settled.Plan, clock.Options{Frames: 1})
	n, err := UnsettledNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	var guessed *pipeline.Plan
	if err := n.Settle(clock.Options{}, func(p *pipeline.Plan) { guessed = p }); err != nil || guessed == nil {
		t.Fatalf("no depths after the first frame, %v", err)
	}
	wrong := *guessed
	wrong.Edges = slices.Clone(wrong.Edges)
	wrong.Edges[len(wrong.Edges)/2].Depth++
	for _, c := range []struct {
		name  string
		begun *pipeline.Plan
		taken bool
	}{{"the same", guessed, true}, {"another", &wrong, false}} {
		begun := beginTiming(t.Context(), c.begun, clock.Options{Frames: 1})
		got := begun.orOf(settled.Plan, clock.Options{Frames: 1})
		if taken := got == begun; taken != c.taken || got.err != nil {
			t.Errorf("%s: taken %v, want %v; %v", c.name, taken, c.taken, got.err)
		}
		if diff := compare.Diff(want, got.time); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}
