package blocktest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// mixed draws network number seed of blocks in every style, with FIFOs in every memory, and
// several sources and sinks.
func mixed(seed uint64) machine {
	r := rand.New(rand.NewPCG(47, seed))
	d := &drawing{Choice: r}
	channels := between(r, 1, 5)
	at := d.source(stream(tensor.Int8, between(r, 2, 5), between(r, 2, 5), channels, divisor(r, channels)))
	for range between(r, 1, 4) {
		at = d.piece(d.aside(at), r.IntN(3))
	}
	if chance(r, 20) {
		at = d.rest(at)
	}
	d.end(wiring.Sink{Stream: at.Stream, Pattern: pattern(r)}, at)
	d.restyle()
	return machine{&d.plan, int64(between(r, 1, 3)), fmt.Sprint("mixed ", seed)}
}

// aside appends a piece that networks do not have, or an end.
func (d *drawing) aside(at open) open {
	switch d.IntN(10) {
	case 0:
		two := d.fork(at, 2)
		d.end(wiring.Sink{Stream: two[1].Stream, Pattern: pattern(d)}, two[1])
		return two[0]
	case 1:
		return d.bytes(d.add(joinOf(at.Stream, 2, nil), at, d.source(at.Stream))[0])
	case 2:
		return d.bytes(d.then(at, pe.ReduceFrame{In: at.Stream, How: pe.Reduction(d.IntN(2))}))
	case 3:
		lanes := divisor(d, at.channels())
		if lanes == at.Lanes {
			return at
		}
		to := stream(at.Elem, int(at.Rows), int(at.Pixels), at.channels(), lanes)
		return d.then(at, wiring.Width{In: at.Stream, Out: to, Style: wiring.Generic})
	case 4:
		if at.Beats < 2 {
			return at
		}
		first, rest := at.Stream, at.Stream
		first.Beats = int64(between(d, 1, int(at.Beats)-1))
		rest.Beats -= first.Beats
		return d.then(at, wiring.Split{Out: []sched.Stream{first, rest}, Drop: []bool{true, false}})
	}
	return at
}

// restyle gives blocks other styles, and FIFOs other memories.
func (d *drawing) restyle() {
	for i := range d.plan.Nodes {
		n := &d.plan.Nodes[i]
		switch b := n.Block.(type) {
		case wiring.Fork:
			if b.Style = wiring.ForkStyle(d.IntN(3)); b.Style == wiring.Tap && b.Branches != 2 {
				b.Style = wiring.Eager
			}
			n.Block = b
		case wiring.Join:
			b.Queued = len(b.In) == 2 && chance(d, 40)
			n.Block = b
		case pe.Requantize:
			b.Latency = []int{0, pe.ScaleLatency, pe.ThresholdLatency(between(d, 1, 20), chance(d, 50))}[d.IntN(3)]
			n.Block = b
		}
	}
	for i := range d.plan.Edges {
		e := &d.plan.Edges[i]
		fork, ok := d.plan.Nodes[e.From.Node].Block.(wiring.Fork)
		switch together := ok && fork.Style == wiring.AllOrNothing; {
		case chance(d, 15):
			e.Memory, e.Depth = pipeline.AutoRAM, between(d, 3, 9)
			if chance(d, 40) {
				e.Memory, e.Depth = pipeline.Memory(between(d, int(pipeline.AutoRAM), int(pipeline.UltraRAM))), between(d, 65, 84)
			}
		case together: // nothing but registers is between it and what its branches meet in
			e.Depth = max(e.Depth, 1)
		}
	}
}

// TestMixedNetworksMoveAsStepped: every block there is, in all its styles.
func TestMixedNetworksMoveAsStepped(t *testing.T) { moveAsStepped(t, Designs(t, 1200), mixed) }

// TestFastForwardOfMixedNetworks: skipping what repeats changes nothing of them.
func TestFastForwardOfMixedNetworks(t *testing.T) { unchanged(t, Designs(t, 300), 2, mixed) }

// TestMixedNetworksAreMixed: of every style there are enough, and a few networks deadlock, none of them
// with FIFOs that hold all there is.
func TestMixedNetworksAreMixed(t *testing.T) {
	t.Parallel()
	const networks = 400
	seen, deadlocks := map[string]int{}, 0
	for seed := range uint64(networks) {
		m := mixed(seed)
		for _, n := range m.Nodes {
			seen[styleOf(n.Block)]++
		}
		for _, e := range m.Edges {
			seen[fmt.Sprint("memory ", e.Memory)]++
		}
		if _, dead := m.solve(t, clock.Options{}); dead != nil {
			deadlocks++
		}
		for i := range m.Edges {
			e := &m.Edges[i]
			e.Memory, e.Depth = pipeline.ShiftRegisters, int(m.frames*e.Stream.Frame()+1)
		}
		if _, dead := m.solve(t, clock.Options{}); dead != nil {
			t.Fatalf("%s with ample FIFOs: %v", m.name, dead)
		}
	}
	t.Logf("%d of %d networks deadlock; %v", deadlocks, networks, seen)
	if deadlocks < networks/50 || deadlocks > networks/2 {
		t.Errorf("%d of %d networks deadlock, want a few", deadlocks, networks)
	}
	for _, want := range []string{"source", "sink", "fork eager", "fork aon", "fork tap", "join false", "join true", "concat", "split 0",
		"split 2", "width 0", "width 1", "requantize 0", "requantize 6", "map", "pool", "insert", "upsample", "pad", "window", "array 0",
		"array 1", "array 2", "memory 1", "memory 2", "memory 3", "memory 4"} {
		if seen[want] < 10 {
			t.Errorf("%d are a %s, want more", seen[want], want)
		}
	}
}

// styleOf is the kind of a block, and its style.
func styleOf(b pipeline.Block) string {
	switch b := b.(type) {
	case wiring.Fork:
		return fmt.Sprint("fork ", b.Style)
	case wiring.Join:
		return fmt.Sprint("join ", b.Queued)
	case wiring.Split:
		return fmt.Sprint("split ", len(b.Drop))
	case wiring.Width:
		return fmt.Sprint("width ", b.Style)
	case pe.Requantize:
		return fmt.Sprint("requantize ", b.Latency)
	case pe.Array:
		return fmt.Sprint("array ", int(b.Style))
	}
	return b.Kind()
}
