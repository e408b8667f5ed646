package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
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
	for i := range int(blocktest.Designs(t, 300)) {
		list = append(list, flowing(t, rand.New(rand.NewPCG(10, uint64(i)))))
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
			single.Single, o.Done = true, t.Context().Done() // as commands run it: somebody may stop it
			if diff := compare.Diff(run(single), run(o), cmp.AllowUnexported(clock.History{})); diff != "" {
				t.Fatalf("design %d: %+v, %+v\nmismatch (-one by one +in rows):\n%s", i, d, o, diff)
			}
		}
	}
}

// TestRowsThroughTwoLayers holds rows that go from a layer into the next one, which is held up now
// and then, to beats that move one by one, and to fast-forward.
func TestRowsThroughTwoLayers(t *testing.T) {
	t.Parallel()
	for i := range int(blocktest.Designs(t, 200)) {
		r := rand.New(rand.NewPCG(11, uint64(i)))
		p, frames := twoLayers(t, r), 1+r.Int64N(3)
		run := func(o clock.Options) *clock.Result {
			o.Frames = frames
			res, err := clock.Solve(p, o)
			if err != nil {
				t.Fatalf("design %d: %v", i, err)
			}
			res.Skipped, res.Period = 0, clock.Period{}
			return res
		}
		single := run(clock.Options{EveryBeat: true, Single: true})
		for _, o := range []clock.Options{{EveryBeat: true}, {EveryBeat: true, Done: t.Context().Done()}, {}} {
			if diff := compare.Diff(single, run(o)); diff != "" {
				t.Fatalf("design %d: %+v, %+v\nmismatch (-one by one +in rows):\n%s", i, p, o, diff)
			}
		}
	}
}

// twoLayers is the plan of a layer with a result each cycle, and of another one on its outputs.
func twoLayers(t *testing.T, r *rand.Rand) *pipeline.Plan {
	side := func() int { return r.IntN(2) }
	height, width := 6+r.IntN(6), 10+r.IntN(30)
	p := &pipeline.Plan{}
	at := mapping.Nowhere
	for i, style := range []sched.Style{sched.Parallel, sched.Style(r.IntN(2))} {
		k := 1 + r.IntN(3)
		l := conv.Conv2d{InChannels: 2, OutChannels: 2, Groups: 1, Kernel: conv.Pair{H: k, W: k}, Stride: conv.Pair{H: 1, W: 1 + i*r.IntN(2)},
			Dilation: conv.Pair{H: 1, W: 1}, Padding: conv.Padding{Sides: conv.Sides{Top: side(), Bottom: side(), Left: side(), Right: side()}}}
		shape, err := l.Resolve(1, height, width)
		if err != nil {
			t.Fatal(err)
		}
		c := mapping.Conv{Fold: sched.NewFold(shape, sched.Array{PE: 2 - i*r.IntN(2), SIMD: 2, GroupParallel: 1}, style),
			Elem: tensor.Int32, Weight: tensor.Int8, Sum: tensor.Int32, ArrayLatency: randomLatency(r)}
		list := c.Blocks()
		if i == 0 {
			in, _ := list[0].Streams()
			at = mapping.Chain(p, "", at, wiring.Source{Stream: in[0], Pattern: clock.Always{}})
		}
		at = mapping.Chain(p, []string{"a", "b"}[i], at, list...)
		height, width = shape.OutHeight, shape.OutWidth
	}
	_, out := p.Nodes[len(p.Nodes)-1].Block.Streams()
	mapping.Chain(p, "", at, wiring.Sink{Stream: out[0], Pattern: clock.Always{}})
	depth, latency := 2+r.IntN(3), 1+r.IntN(2)
	for i := range p.Edges {
		p.Edges[i].Depth, p.Edges[i].Latency = depth, latency
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

// flowing is a design in which beats move one a cycle from end to end, most of the time: a window
// and a result each cycle, between ends that are open.
func flowing(t *testing.T, r *rand.Rand) design {
	l := randomLayer(r, bounds{height: 3, width: 3, channels: 2})
	l.Stride, l.PaddingMode = conv.Pair{H: 1 + r.IntN(2), W: 1 + r.IntN(5)/4}, conv.Zeros
	shape, err := l.Resolve(1, 10+r.IntN(4), 10+r.IntN(40))
	if err != nil {
		t.Fatal(err)
	}
	array := sched.Array{PE: 2, SIMD: 1 + r.IntN(2), GroupParallel: 1 + 3*r.IntN(2)}
	c := mapping.Conv{Fold: sched.NewFold(shape, array, sched.Parallel), Overlap: r.IntN(2) == 0, ArrayLatency: randomLatency(r)}
	d := design{Timing{Conv: c, Frames: 1 + r.Int64N(3), FIFODepth: 2 + r.IntN(3), FIFOLatency: 1 + r.IntN(2)}, always, always}
	if r.IntN(4) == 0 {
		d.Sink = burst(40, 1)
	}
	return d
}
