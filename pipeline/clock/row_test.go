package clock_test

import (
	"testing"

	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// TestRowsStopWithTheRun: a row of weights that only the port knows of goes on as far as beats one by
// one do, whether nothing needs the rest of it or the run is cut off in the middle, in any cycle.
func TestRowsStopWithTheRun(t *testing.T) {
	t.Parallel()
	share, err := clock.NewShare("dram", 2)
	if err != nil {
		t.Fatal(err)
	}
	pixels := func(channels, outputs, height, width, stride int) machine {
		l := conv.Conv2d{InChannels: channels, OutChannels: outputs, Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: stride, W: 1}, Dilation: conv.Pair{H: 1, W: 1}, Groups: 1}
		shape, err := l.Resolve(1, height, width)
		if err != nil {
			t.Fatal(err)
		}
		return machine{Conv: mapping.Conv{Fold: sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial)}}
	}
	p := &pipeline.Plan{}
	chain := func(name string, m machine, port clock.Share) {
		list := m.blocks()
		in, _ := list[0].Streams()
		_, out := list[len(list)-1].Streams()
		at := mapping.Chain(p, name, mapping.Nowhere, wiring.Source{Stream: in[0], Pattern: clock.Always{}, Share: port})
		mapping.Chain(p, name, mapping.Chain(p, name, at, list...), wiring.Sink{Stream: out[0], Pattern: clock.Always{}})
	}
	loads := pixels(200, 3, 1, 1, 1) // three passes of 200 weights, the second of which is a row
	loads.Load, loads.Tile = share, 1
	chain("loads", loads, clock.Share{})
	chain("strides", pixels(1, 1, 4, 300, 4), share) // whose needed row has come in the middle of that
	fifos(p, 2, 1, nil)
	whole, err := clock.Solve(p, clock.Options{Frames: 1, EveryBeat: true})
	if err != nil {
		t.Fatal(err)
	}
	want, err := clock.Solve(p, clock.Options{Frames: 1, EveryBeat: true, Single: true})
	if diff := compare.Diff(want, whole); err != nil || diff != "" {
		t.Errorf("%v (-one by one +in rows):\n%s", err, diff)
	}
	for horizon := clock.Cycle(1); horizon < whole.Total; horizon += 7 {
		want := clock.UpTo(p, clock.Options{Frames: 1, EveryBeat: true, Single: true}, horizon)
		got := clock.UpTo(p, clock.Options{Frames: 1, EveryBeat: true}, horizon)
		if diff := compare.Diff(want, got); diff != "" {
			t.Fatalf("up to cycle %d (-one by one +in rows):\n%s", horizon, diff)
		}
	}
}
