package dse

import (
	"fmt"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/sim"
)

// TestDepthsShareSolves holds every point of a grid of FIFO depths to a simulation of its own, and counts those that
// were needed. Points of which one is held up by a FIFO may share nothing with the others.
func TestDepthsShareSolves(t *testing.T) {
	layer, err := configs.ParseLayer("layer", []byte(
		`{op: conv2d, in_channels: 4, out_channels: 8, kernel_size: 3, stride: 2, padding: 1, input: {height: 9, width: 11}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ports        string
		least, fewer int // simulations
	}{
		"open":   {"", 2, 60},
		"bursts": {", source: {burst: {open: 24, closed: 40}}, sink: {every: 3}", 2, 90},
	} {
		t.Run(name, func(t *testing.T) {
			p, points, other := newPaces(), 0, map[sim.Pace]bool{}
			for _, in := range []int{0, 1, 4, 64, 500} {
				for _, between := range []int{0, 2, 40, 100, 4000} {
					for _, rest := range []int{0, 1, 3, 9, 300} {
						hw, err := configs.ParseHardware("hw", fmt.Appendf(nil, `{name: h, array: {pe: 4, simd: 2}%s,
  fifo: {depth: %d, edges: {source.pad: %d, window.array: %d}}}`, c.ports, rest, in, between))
						if err != nil {
							t.Fatal(err)
						}
						d, err := sim.NewDesign(hw, layer)
						if err != nil {
							t.Fatal(err)
						}
						got, err := p.of(d, 3)
						want, wrong := d.Pace(3, nil)
						if err != nil || wrong != nil || got != want {
							t.Errorf("depths %d, %d, %d: %+v, %v shared, %+v, %v simulated", in, between, rest, got, err, want, wrong)
						}
						points++
						other[got] = true
					}
				}
			}
			t.Logf("%d points with %d paces by %d simulations", points, len(other), p.solved)
			if len(other) < c.least || p.solved < len(other) || p.solved > c.fewer {
				t.Errorf("%d simulations of %d points with %d paces; want %d at most", p.solved, points, len(other), c.fewer)
			}
		})
	}
}
