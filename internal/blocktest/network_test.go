package blocktest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/tensor"
)

// network draws network number seed.
func network(seed uint64) machine {
	r := rand.New(rand.NewPCG(11, seed))
	return machine{Network(r), int64(between(r, 1, 3)), fmt.Sprint("network ", seed)}
}

// TestNetworksMoveAsStepped holds random graphs to the simulator that steps every
// cycle: handshakes, names of cycles, fills of FIFOs, deadlocks.
func TestNetworksMoveAsStepped(t *testing.T) { moveAsStepped(t, Designs(t, 400), network) }

func moveAsStepped(t *testing.T, n uint64, draw func(seed uint64) machine) {
	t.Parallel()
	deadlocks := 0
	for seed := range n {
		m := draw(seed)
		if err := m.Check(); err != nil {
			t.Fatalf("%s: %v", m.name, err)
		}
		if m.agree(t) {
			deadlocks++
		}
	}
	t.Logf("%d of %d networks deadlock", deadlocks, n)
}

// TestFastForwardOfNetworks: skipping what repeats changes nothing.
func TestFastForwardOfNetworks(t *testing.T) { unchanged(t, Designs(t, 400), 4, network) }

// unchanged runs so many times the frames that a network is drawn with.
func unchanged(t *testing.T, n uint64, times int64, draw func(seed uint64) machine) {
	t.Parallel()
	skipped := 0
	for seed := range n {
		m := draw(seed)
		m.frames *= times
		if m.forward(t) {
			skipped++
		}
	}
	t.Logf("%d of %d networks skipped something", skipped, n)
}

// weighty draws network number seed whose weights come by one port, and ends of it may, too.
func weighty(seed uint64) machine {
	r := rand.New(rand.NewPCG(17, seed))
	p := Loading(r)
	if chance(r, 30) {
		p = Shared(r, p)
	}
	return machine{p, int64(between(r, 1, 3)), fmt.Sprint("loading ", seed)}
}

// TestLoadingNetworksMoveAsStepped: the same of networks whose layers wait for one port.
func TestLoadingNetworksMoveAsStepped(t *testing.T) { moveAsStepped(t, Designs(t, 300), weighty) }

// TestFastForwardOfLoadingNetworks: neither skipping nor rows of weights change anything.
func TestFastForwardOfLoadingNetworks(t *testing.T) { unchanged(t, Designs(t, 300), 3, weighty) }

// starving draws layers of many channels that one narrow port brings weights one by one.
func starving(seed uint64) machine {
	r := rand.New(rand.NewPCG(41, seed))
	return machine{atAPort(r, between(r, 2, 4), 12), int64(between(r, 1, 2)), fmt.Sprint("starving ", seed)}
}

// atAPort draws so many layers of up to so many channels, at the end of which not all may be needed.
func atAPort(r *rand.Rand, layers, channels int) *pipeline.Plan {
	d := &drawing{Choice: r, port: bandwidth(r), loads: 90, dense: true}
	at := d.source(stream(tensor.Int8, between(r, 1, 3), between(r, 1, 3), between(r, 6, channels), 1))
	one := conv.Pair{H: 1, W: 1}
	for range layers {
		at = d.convolve(at, conv.Conv2d{OutChannels: between(r, 6, channels), Kernel: one, Stride: one, Dilation: one})
	}
	if chance(r, 40) {
		at = d.rest(at)
	}
	d.end(wiring.Sink{Stream: at.Stream, Pattern: pattern(r)}, at)
	return &d.plan
}

// TestRowsAtAPort: weights that go on in rows move as they do one by one.
func TestRowsAtAPort(t *testing.T) { unchanged(t, Designs(t, 150), 4, starving) }

// TestRowsEndWithTheRun: a weight that comes in the last cycle of a run is not multiplied in it. Of
// 2,000 designs one showed that.
func TestRowsEndWithTheRun(t *testing.T) {
	m := starving(1919)
	m.frames *= 4
	m.forward(t)
}

// crowded draws more layers at a port than may have rows there.
func crowded(seed uint64) machine {
	r := rand.New(rand.NewPCG(43, seed))
	return machine{atAPort(r, between(r, 80, 90), 8), 1, fmt.Sprint("crowded ", seed)}
}

// TestManyRowsAtAPort: the same of so many that some of them go one by one.
func TestManyRowsAtAPort(t *testing.T) { unchanged(t, Designs(t, 2), 2, crowded) }

// rest appends two quick layers, of which the first needs no last row and the second
// padding alone: they end a run while what is before them may be in the rest of a frame.
func (d *drawing) rest(at open) open {
	one := conv.Pair{H: 1, W: 1}
	at = d.convolve(at, conv.Conv2d{OutChannels: 1, Kernel: one, Stride: conv.Pair{H: 2, W: 1}, Dilation: one})
	last := conv.Conv2d{OutChannels: 1, Kernel: one, Stride: conv.Pair{H: int(at.Rows) + 2, W: 1}, Dilation: one}
	last.Padding.Sides.Top = 1
	return d.convolve(at, last)
}

// unneeded draws a slow layer before the rest.
func unneeded(seed uint64) machine {
	r := rand.New(rand.NewPCG(19, seed))
	d := &drawing{Choice: r, port: bandwidth(r), loads: 30}
	at := d.source(stream(tensor.Int8, between(r, 2, 4), between(r, 2, 4), between(r, 1, 3), 1))
	kernel := conv.Pair{H: between(r, 1, 2), W: between(r, 1, 2)}
	at = d.rest(d.convolve(at, conv.Conv2d{OutChannels: between(r, 1, 24), Kernel: kernel, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}}))
	d.end(wiring.Sink{Stream: at.Stream, Pattern: pattern(r)}, at)
	return machine{&d.plan, int64(between(r, 2, 3)), fmt.Sprint("unneeded ", seed)}
}

// TestFramesOfWhichNothingIsNeeded: outputs of padding alone need nothing of the last frame,
// and so not the end of the one before, which is not held back until it ends.
func TestFramesOfWhichNothingIsNeeded(t *testing.T) { moveAsStepped(t, Designs(t, 1100), unneeded) }

// rested draws any network before the rest.
func rested(seed uint64) machine {
	r := rand.New(rand.NewPCG(23, seed))
	d := &drawing{Choice: r, port: bandwidth(r), loads: 20}
	at := d.rest(d.begin(4))
	d.end(wiring.Sink{Stream: at.Stream, Pattern: pattern(r)}, at)
	return machine{&d.plan, int64(between(r, 1, 3)), fmt.Sprint("rested ", seed)}
}

// TestEndsOfWhichNothingIsNeeded: the same behind any network.
func TestEndsOfWhichNothingIsNeeded(t *testing.T) { moveAsStepped(t, Designs(t, 300), rested) }

// parted draws a stream that goes to a sink, and to a pooling that needs no last column.
func parted(seed uint64) machine {
	r := rand.New(rand.NewPCG(29, seed))
	d := &drawing{Choice: r}
	two := d.fork(d.source(stream(tensor.Int8, between(r, 1, 3), 1+2*between(r, 1, 2), between(r, 1, 5), 1)), 2)
	pooled := d.pooled(two[0], conv.Pair{H: 1, W: 2}, conv.Pair{H: 1, W: 2}, conv.Sides{})
	d.end(wiring.Sink{Stream: pooled.Stream, Pattern: pattern(r)}, pooled)
	d.end(wiring.Sink{Stream: two[1].Stream, Pattern: pattern(r)}, two[1])
	return machine{&d.plan, int64(between(r, 1, 3)), fmt.Sprint("parted ", seed)}
}

// TestBranchesOfWhichLessIsNeeded: what a branch takes for no output counts only before the last one.
func TestBranchesOfWhichLessIsNeeded(t *testing.T) { moveAsStepped(t, Designs(t, 400), parted) }

// tapped draws pieces with sinks between them, whose ends may share a port.
func tapped(seed uint64) machine {
	r := rand.New(rand.NewPCG(31, seed))
	d := &drawing{Choice: r, port: bandwidth(r), loads: 20, dense: chance(r, 50)}
	channels := between(r, 1, 4)
	at := d.source(stream(tensor.Int8, between(r, 1, 7), between(r, 1, 7), channels, divisor(r, channels)))
	for range between(r, 1, 4) {
		if chance(r, 50) {
			two := d.fork(at, 2)
			d.end(wiring.Sink{Stream: two[1].Stream, Pattern: pattern(r)}, two[1])
			at = two[0]
		}
		at = d.piece(at, r.IntN(2))
	}
	if chance(r, 40) {
		at = d.rest(at)
	}
	d.end(wiring.Sink{Stream: at.Stream, Pattern: pattern(r)}, at)
	p := &d.plan
	if chance(r, 20) {
		p = Shared(r, p)
	}
	return machine{p, int64(between(r, 1, 3)), fmt.Sprint("tapped ", seed)}
}

// TestOutputsOnTheWay: the same of networks of several outputs. Those that deadlock are left
// out: where sinks open in turn, stepping never comes to rest.
func TestOutputsOnTheWay(t *testing.T) {
	t.Parallel()
	for seed := range Designs(t, 200) {
		m := tapped(seed)
		if _, dead := m.solve(t, clock.Options{}); dead == nil {
			m.agree(t)
			m.forward(t)
		}
	}
}

// TestStuckBehindTheLastOutput: that what is not needed of the last frame can go no further
// is no fault of a run, as it is none of the hardware.
func TestStuckBehindTheLastOutput(t *testing.T) {
	t.Parallel()
	if rested(1594).agree(t) {
		t.Error("this run has all its outputs")
	}
}

// TestFastForwardOfEndsNotNeeded: skipping what repeats changes nothing of them.
func TestFastForwardOfEndsNotNeeded(t *testing.T) { unchanged(t, Designs(t, 300), 3, rested) }
