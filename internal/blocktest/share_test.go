package blocktest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/wiring"
)

// shared draws a machine whose ends share a port: a block, or a network, often
// with what loads a memory beside it.
func shared(seed uint64) machine {
	r := rand.New(rand.NewPCG(13, seed))
	k := Kinds[r.IntN(len(Kinds))]
	for k.Unstepped {
		k = Kinds[r.IntN(len(Kinds))]
	}
	p := Network(r)
	if chance(r, 60) {
		p = Alone(r, k.Draw(r))
	}
	if chance(r, 50) {
		beside(r, p)
	}
	return machine{Shared(r, p), int64(between(r, 1, 4)), fmt.Sprint("shared ", seed)}
}

// beside adds a load of some memory: a stream of its own.
func beside(c Choice, p *pipeline.Plan) {
	s := drawStream(c)
	from := p.Add("weights", wiring.Source{Stream: s, Pattern: clock.Always{}})
	to := p.Add("weights", wiring.Sink{Stream: s, Pattern: pattern(c)})
	e := p.Join(pipeline.Port{Node: from}, pipeline.Port{Node: to})
	p.Edges[e].Depth, p.Edges[e].Latency = depth(c), between(c, 1, 3)
}

// TestSharedPortsMoveAsStepped: ends that share a port take turns as in the
// simulator that steps every cycle.
func TestSharedPortsMoveAsStepped(t *testing.T) {
	t.Parallel()
	for seed := range designs(t, 600) {
		shared(seed).agree(t)
	}
}

// TestFastForwardOfSharedPorts: skipping what repeats changes nothing.
func TestFastForwardOfSharedPorts(t *testing.T) {
	t.Parallel()
	n, skipped := designs(t, 600), 0
	for seed := range n {
		m := shared(seed)
		m.frames *= 5
		if m.forward(t) {
			skipped++
		}
	}
	// A stage more than a period ahead of the driving one, near the end of the run.
	ahead := shared(4229)
	ahead.frames = 4
	ahead.forward(t)
	if skipped < int(n)/20 {
		t.Errorf("%d of %d skipped something", skipped, n)
	}
}
