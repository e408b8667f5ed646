package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestRowsOfBeatsChangeNothing holds beats that move in rows to beats that move one
// by one: every handshake, every cycle's name, every FIFO's fill, every history.
func TestRowsOfBeatsChangeNothing(t *testing.T) {
	t.Parallel()
	list := []design{}
	for _, d := range adversarial(t) {
		list = append(list, d)
	}
	for i := range int(blocktest.Designs(t, 1500)) {
		r := rand.New(rand.NewPCG(9, uint64(i)))
		list = append(list, randomDesign(r, bounds{height: 3 + i%12, width: 3 + i%17, channels: 2 + i%12, slow: 12, random: true}))
	}
	for i, d := range list {
		run := func(o clock.Options) *clock.Result {
			o.Frames = d.Timing.Frames
			r, err := clock.Solve(d.Timing.plan(d.Source.gate(), d.Sink.gate()), o)
			if err != nil {
				t.Fatalf("design %d %+v: %v", i, d, err)
			}
			return r
		}
		for _, o := range []clock.Options{{EveryBeat: true}, {Record: true}, {EveryBeat: true, Histories: 1 << 20}} {
			if i%8 > 0 && o.Histories > 0 {
				continue
			}
			single := o
			single.Single = true
			if diff := compare.Diff(run(single), run(o), cmp.AllowUnexported(clock.History{})); diff != "" {
				t.Fatalf("design %d: %+v, %+v\nmismatch (-one by one +in rows):\n%s", i, d, o, diff)
			}
		}
	}
}
