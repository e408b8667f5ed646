package blocktest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
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
	for seed := range Designs(t, 600) {
		shared(seed).agree(t)
	}
}

// TestFastForwardOfSharedPorts: skipping what repeats changes nothing.
func TestFastForwardOfSharedPorts(t *testing.T) {
	t.Parallel()
	n, skipped := Designs(t, 600), 0
	for seed := range n {
		m := shared(seed)
		m.frames *= 5
		if m.forward(t) {
			skipped++
		}
	}
	if skipped < int(n)/20 {
		t.Errorf("%d of %d skipped something", skipped, n)
	}
}

// TestFastForwardStaysWithinTheRun: padding is more than a period ahead of the window
// that drives, near the end of a run whose length is known beforehand.
func TestFastForwardStaysWithinTheRun(t *testing.T) {
	for _, overlap := range []bool{false, true} {
		skipped := false
		for frames := range int64(24) {
			m := machine{ahead(t, overlap), frames + 1, fmt.Sprint("ahead, overlap ", overlap)}
			skipped = m.forward(t) || skipped
		}
		if !skipped {
			t.Errorf("overlap %v: nothing is skipped", overlap)
		}
	}
}

// ahead is a pooling of images that padding repeats, and a port that makes the length of
// the run worth knowing.
func ahead(t *testing.T, overlap bool) *pipeline.Plan {
	t.Helper()
	l := conv.Conv2d{InChannels: 8, OutChannels: 8, Groups: 8, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 3, W: 3},
		Dilation: conv.Pair{H: 1, W: 2}, PaddingMode: conv.Replicate, Padding: conv.Padding{Sides: conv.Sides{Left: 2, Right: 2}}}
	shape, err := l.Resolve(1, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	f := sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 3}, sched.Parallel)
	blocks := Specimen{linebuffer.AddressedPad{Fold: f, Elem: tensor.Int8, Overlap: overlap},
		linebuffer.ShiftWindow{Fold: f, Elem: tensor.Int8, Overlap: overlap}, pe.Reduce{Fold: f, Elem: tensor.Int8}}
	p := &pipeline.Plan{}
	in, _ := blocks[0].Streams()
	at := p.Add("", wiring.Source{Stream: in[0], Pattern: clock.Every{N: 3, Phase: 2}})
	for i, b := range append(blocks, nil) {
		if b == nil {
			_, out := blocks[i-1].Streams()
			b = wiring.Sink{Stream: out[0], Pattern: clock.Always{}}
		}
		to := p.Add("", b)
		e := p.Join(pipeline.Port{Node: at}, pipeline.Port{Node: to})
		p.Edges[e].Depth = []int{0, 5, 0, 3}[i]
		at = to
	}
	s := sched.Stream{Elem: tensor.UInt8, Lanes: 2, Rows: 3, Pixels: 3, Beats: 1}
	from := p.Add("load", wiring.Source{Stream: s, Pattern: clock.Always{}})
	to := p.Add("load", wiring.Sink{Stream: s, Share: clock.Share{Name: "dram", Num: 5, Den: 3}})
	p.Edges[p.Join(pipeline.Port{Node: from}, pipeline.Port{Node: to})].Depth = 2
	return p
}
