package sim_test

import (
	"slices"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// watchedPad is padding of which every state that is taken, or moved, is counted.
type watchedPad struct {
	linebuffer.Pad
	states *int64
}

func (p watchedPad) Process(at clock.Ports) clock.Process {
	return watchedProcess{p.Pad.Process(at), p.states}
}

type watchedProcess struct {
	clock.Process
	states *int64
}

func (p watchedProcess) Registers(v *clock.Registers) {
	*p.states++
	p.Process.Registers(v)
}

// TestDeepStates: states are as large as what a FIFO holds; however often something recurs, all
// that were taken are small against the beats of the run.
func TestDeepStates(t *testing.T) {
	const depth = 1 << 16
	hw, err := configs.LoadHardware("large-32x32")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"mobilenet_v2_depthwise_s2", "resnet50_stem"} {
		layer, err := configs.LoadLayer(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := sim.NewDesign(hw, layer)
		if err != nil {
			t.Fatal(err)
		}
		for _, edge := range []string{"source.pad", "pad.window"} {
			p, states := d.Plan.WithDepth(edge, depth), int64(0)
			p.Nodes = slices.Clone(p.Nodes)
			for i, n := range p.Nodes {
				if pad, ok := n.Block.(linebuffer.Pad); ok {
					p.Nodes[i].Block = watchedPad{pad, &states}
				}
			}
			r, err := clock.Solve(p, clock.Options{Frames: 1})
			if err != nil {
				t.Fatal(err)
			}
			beats := int64(0)
			for _, e := range r.Edges {
				beats += e.Beats
			}
			t.Logf("%s with a deep %s: %d states in a run of %d beats", name, edge, states, beats)
			if states == 0 || states*depth > 16*beats {
				t.Errorf("%s with a deep %s: %d states of up to %d beats in a run of %d", name, edge, states, depth, beats)
			}
		}
	}
}
