package sizing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestFeedsOutlastDeepNetworks: where the first frame ends only when many more are under way,
// the sources go on for long enough to see that the state recurs; not so where all that is
// asked is how full FIFOs get.
func TestFeedsOutlastDeepNetworks(t *testing.T) {
	const layers, under = 32, 12
	text := strings.Builder{}
	text.WriteString("inputs: [{name: c0, dtype: int8, shape: [1, 2, 4, 4]}]\n")
	fmt.Fprintf(&text, "outputs: [c%d]\nlayers:\n", layers)
	for i := range layers {
		fmt.Fprintf(&text, "  - {name: c%d, op: conv2d, inputs: c%d, in_channels: 2, out_channels: 2, kernel_size: 3, padding: 1, "+
			"requantize: {rule: shift, shift: 6, dtype: int8}}\n", i+1, i)
	}
	net, err := configs.ParseNetwork("net.yaml", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	hw, err := configs.LoadHardware("edge-8x8")
	if err != nil {
		t.Fatal(err)
	}
	planned, err := mapping.MapNetwork(hw, net.Graph)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSearch(t.Context(), planned.Plan, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.unbounded(); err != nil {
		t.Fatal(err)
	}
	if o, err := s.fed(s.all(), false); err != nil || o.frames != s.frames() {
		t.Errorf("%d frames where no verdict is wanted, %v; want %d", o.frames, err, s.frames())
	}
	o, err := s.fed(s.all(), true)
	if err != nil {
		t.Fatal(err)
	}
	r, err := clock.Recur(fed(s.planned(), clock.Cycle(s.wanted())), clock.Options{Frames: 3})
	if err != nil {
		t.Fatal(err)
	}
	if first := float64(r.Ends[0]) / s.wanted(); first < under || !o.period {
		t.Errorf("the first frame ends after %.1f intervals, a period is found: %v; want %d or more, true", first, o.period, under)
	}
}

// TestVerdict: frames late by as much each time are too slow; what is not even tells nothing.
func TestVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		ends [][]clock.Cycle
		want float64 // 0: not clear
	}{
		"in time":                  {[][]clock.Cycle{{50, 150, 250, 350}}, 0},
		"too few":                  {[][]clock.Cycle{{50, 151, 252}}, 0},
		"late":                     {[][]clock.Cycle{{50, 151, 252, 353}}, 101},
		"late at last":             {[][]clock.Cycle{{50, 150, 251, 352, 453}}, 101},
		"late at one of two sinks": {[][]clock.Cycle{{50, 150, 250, 350}, {60, 162, 264, 366}}, 102},
		"late, and none yet":       {[][]clock.Cycle{{}, {50, 151, 252, 353}}, 101},
		"late, not evenly":         {[][]clock.Cycle{{50, 151, 252, 352}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			v := verdict{wanted: 100.5, late: 3}
			if got := v.clear(c.ends); got != (c.want > 0) || v.cycles != c.want {
				t.Errorf("clear: %t, %g cycles; want %g", got, v.cycles, c.want)
			}
		})
	}
}
