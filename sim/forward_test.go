package sim

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// TestFastForwardChangesNothing runs random designs with and without skipping
// what repeats; every number must be the same. Three in four are tall or wide
// enough for something to repeat.
func TestFastForwardChangesNothing(t *testing.T) {
	t.Parallel()
	skipped := 0
	n := int(blocktest.Designs(t, 3000))
	for i := range n {
		d := forwardDesign(i)
		want, got := runBoth(t, d)
		if got.Skipped > 0 {
			skipped++
			got.Skipped = 0
		}
		if diff := compare.Diff(want, got); diff != "" {
			t.Fatalf("design %d: %+v\nmismatch (-every beat +fast-forward):\n%s", i, d, diff)
		}
	}
	t.Logf("%d of %d designs skipped something", skipped, n)
	if skipped < n/2 {
		t.Errorf("only %d of %d designs skipped anything", skipped, n)
	}
}

// TestFastForwardWithinPixels: so many groups that the vectors of a pixel repeat, and so many
// pixels that what is in front of the window runs ahead of it.
func TestFastForwardWithinPixels(t *testing.T) {
	t.Parallel()
	skipped, n := 0, int(blocktest.Designs(t, 600))
	for i := range n {
		r := rand.New(rand.NewPCG(5, uint64(i)))
		b := bounds{height: 3 + i%2, width: 3 + i%3, channels: 1 + i%2, slow: 5, groups: 200 + i%700}
		if i%2 > 0 {
			b = bounds{height: 5 + i%8, width: 5 + i%10, channels: 1, slow: 5 + int64(i%5)*10, groups: 20 + i%70}
		}
		d := randomDesign(r, b)
		want, got := runBoth(t, d)
		if got.Skipped > 0 {
			skipped++
			got.Skipped = 0
		}
		if diff := compare.Diff(want, got); diff != "" {
			t.Fatalf("design %d: %+v\nmismatch (-every beat +fast-forward):\n%s", i, d, diff)
		}
	}
	t.Logf("%d of %d designs skipped something", skipped, n)
	if skipped < n/8 {
		t.Errorf("only %d of %d designs skipped anything", skipped, n)
	}
}

// forwardDesign is random design i of the fast-forward tests.
func forwardDesign(i int) design {
	r := rand.New(rand.NewPCG(2, uint64(i)))
	b := []bounds{
		{height: 120, width: 12, channels: 2, slow: 5},
		{height: 12, width: 200, channels: 3, slow: 5},
		{height: 8, width: 6, channels: 2, slow: 5},
		{height: 4 + i%40, width: 4 + i%40, channels: 5, slow: 12},
	}[i%4]
	d := randomDesign(r, b)
	if i%4 == 2 {
		d.Timing.Frames = 12 + r.Int64N(50)
	}
	return d
}

// TestFastForwardKept: designs that were not the same once. 23630: the room that a
// frame apart from the next frees after its last beat came in, which depends on the
// order in which stages move, was part of the state.
func TestFastForwardKept(t *testing.T) {
	for _, i := range []int{23630} {
		want, got := runBoth(t, forwardDesign(i))
		got.Skipped = 0
		if diff := compare.Diff(want, got); diff != "" {
			t.Errorf("design %d (-every beat +fast-forward):\n%s", i, diff)
		}
	}
}

func runBoth(t *testing.T, d design) (plain, forward *clock.Result) {
	t.Helper()
	run := func(fast bool) *clock.Result {
		r, err := clock.Solve(d.Timing.plan(d.Source.gate(), d.Sink.gate()), clock.Options{Frames: d.Timing.Frames, EveryBeat: !fast})
		if err != nil {
			t.Fatalf("design %+v (fast-forward %v): %v", d, fast, err)
		}
		return r
	}
	return run(false), run(true)
}

// body is a 3x3 convolution with padding 1 and the given fields changed.
func body(t *testing.T, height, width, channels int, change func(*conv.Conv2d)) conv.Shape {
	t.Helper()
	l := conv.Conv2d{InChannels: channels, OutChannels: channels, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Groups: 1, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	if change != nil {
		change(&l)
	}
	shape, err := l.Resolve(1, height, width)
	if err != nil {
		t.Fatal(err)
	}
	return shape
}

// on puts a layer on so many lanes, with FIFOs of depth 2.
func on(s conv.Shape, pe, simd int, style sched.Style) Timing {
	return Timing{Conv: mapping.Conv{Fold: sched.NewFold(s, sched.Array{PE: pe, SIMD: simd, GroupParallel: 1}, style), ArrayLatency: 3}, Frames: 1,
		FIFODepth: 2, FIFOLatency: 1}
}

var always = pattern{Kind: "full"}

func every(n, phase int64) pattern { return pattern{Kind: "every", N: n, M: phase} }
func burst(on, off int64) pattern  { return pattern{Kind: "burst", N: on, M: off} }

// adversarial are designs made to catch fast-forward at calling two states the
// same that are not, or two rows alike that are not.
func adversarial(t *testing.T) map[string]design {
	list := map[string]design{}
	deep := on(body(t, 400, 20, 2, nil), 2, 2, sched.Parallel)
	deep.FIFODepth = 24
	list["nearly equal rates, deep FIFOs"] = design{deep, burst(4, 1), burst(3, 1)}
	list["nearly equal rates, source slower"] = design{deep, burst(5, 4), burst(6, 4)}
	list["coprime throttles at both ends"] = design{on(body(t, 160, 9, 2, nil), 2, 2, sched.Serial), every(7, 3), every(11, 5)}
	list["padding rows differ"] = design{on(body(t, 30, 20, 2, func(l *conv.Conv2d) {
		l.Padding.Sides = conv.Sides{Top: 4, Bottom: 5, Left: 3, Right: 1}
	}), 2, 1, sched.Serial), every(2, 0), always}
	list["stride leaves rows and columns over"] = design{on(body(t, 62, 23, 2, func(l *conv.Conv2d) {
		l.Stride = conv.Pair{H: 4, W: 5}
	}), 2, 1, sched.Serial), always, every(2, 1)}
	filling := on(body(t, 90, 20, 1, nil), 1, 1, sched.Serial)
	filling.EdgeDepths = map[string]int{"array.sink": 100}
	list["only a FIFO's fill changes from row to row"] = design{filling, always, every(10, 0)}
	long := pattern{Kind: "list", N: 997, Cycles: []int64{0, 3, 4, 5, 400, 401, 996}}
	for c := int64(500); c < 900; c += 2 {
		long.Cycles = append(long.Cycles[:len(long.Cycles)-1], c, 996)
	}
	list["list with a long period"] = design{on(body(t, 260, 9, 1, nil), 1, 1, sched.Parallel), long, always}
	list["a sink with a period longer than the run, which nobody can tell"] = design{on(body(t, 30, 12, 2, nil), 2, 1, sched.Serial), always, burst(1<<20, 1)}
	for _, n := range []int64{1, 2, 3, 5} {
		locked := on(body(t, 40, 30, 2, nil), 2, 2, sched.Parallel) // a result per beat
		locked.FIFODepth = 0
		list["lock, sink every "+every(n, 0).String()] = design{locked, burst(7, 2), every(n, n-1)}
		locked.FIFODepth = 1
		list["lock behind FIFOs, sink in bursts "+every(n, 0).String()] = design{locked, always, burst(n, 6)}
	}
	for _, overlap := range []bool{false, true} {
		for _, style := range []sched.Style{sched.Serial, sched.Parallel} {
			frames := on(body(t, 5, 4, 2, nil), 1, 1, style)
			frames.Frames, frames.Overlap = 400, overlap
			name := style.String() + map[bool]string{false: ", frames apart", true: ", frames overlap"}[overlap]
			list["hundreds of frames, "+name] = design{frames, every(3, 1), every(2, 0)}
			for _, mode := range []conv.PaddingMode{conv.Zeros, conv.Reflect, conv.Replicate, conv.Circular} {
				modes := on(body(t, 40, 14, 3, func(l *conv.Conv2d) { l.PaddingMode = mode }), 3, 1, style)
				modes.Overlap, modes.Frames = overlap, 2
				list["padding "+mode.String()+", "+name] = design{modes, burst(3, 1), always}
			}
		}
	}
	least := on(body(t, 60, 15, 3, func(l *conv.Conv2d) {
		l.Dilation, l.Stride, l.Groups = conv.Pair{H: 2, W: 3}, conv.Pair{H: 1, W: 2}, 3
	}), 1, 1, sched.Serial)
	least.BufferDepth = least.Fold.LeastWindowDepth()
	list["least buffer depth"] = design{least, always, every(2, 0)}
	least.EdgeDepths = map[string]int{"window.array": 2000}
	ahead := on(body(t, 12, 60, 1, func(l *conv.Conv2d) {
		l.Padding.Sides = conv.Sides{Top: 1}
	}), 1, 1, sched.Parallel)
	ahead.Frames, ahead.Overlap, ahead.EdgeDepths = 5, true, map[string]int{"pad.window": 40}
	list["padding far ahead of the window"] = design{ahead, always, every(7, 0)}
	for _, overlap := range []bool{false, true} {
		roomy := on(body(t, 24, 12, 2, nil), 1, 1, sched.Serial)
		roomy.Frames, roomy.Overlap, roomy.BufferDepth = 3, overlap, roomy.Fold.WindowDepth()+150
		list[fmt.Sprint("buffer deeper than needed, overlap ", overlap)] = design{roomy, always, always}
		bare := on(body(t, 9, 300, 2, func(l *conv.Conv2d) { l.Padding = conv.Padding{} }), 2, 1, sched.Parallel)
		bare.Frames, bare.Overlap = 4, overlap
		list[fmt.Sprint("parallel without padding, wide, overlap ", overlap)] = design{bare, every(2, 0), always}
		bare.Fold = sched.NewFold(body(t, 90, 9, 2, func(l *conv.Conv2d) { l.Padding = conv.Padding{} }), bare.Fold.Array, sched.Parallel)
		list[fmt.Sprint("parallel without padding, tall, overlap ", overlap)] = design{bare, every(2, 0), burst(7, 1)}
	}
	for _, style := range []sched.Style{sched.Serial, sched.Parallel} {
		rows := on(body(t, 20, 70, 8, func(l *conv.Conv2d) { l.Stride = conv.Pair{H: 2, W: 2} }), 4, 1, style)
		rows.Frames = 3
		list["rows fill in bursts, "+style.String()] = design{rows, burst(5, 3), always}
	}
	slow := on(body(t, 60, 30, 2, nil), 1, 1, sched.Serial)
	slow.EdgeDepths = map[string]int{"source.pad": 40}
	list["a source that never binds, and has a phase of its own"] = design{slow, burst(53, 8), always}
	slow.EdgeDepths = map[string]int{"source.pad": 3}
	list["a source that seldom binds, and has a phase of its own"] = design{slow, burst(53, 8), always}
	unseen := on(body(t, 710, 4, 1, func(l *conv.Conv2d) {
		l.OutChannels, l.Kernel, l.Stride = 81, conv.Pair{H: 3, W: 1}, conv.Pair{H: 71, W: 2}
		l.Padding.Sides = conv.Sides{Left: 1, Right: 2}
	}), 1, 1, sched.Serial)
	unseen.BufferDepth, unseen.FIFODepth, unseen.EdgeDepths = 22, 9, map[string]int{"source.pad": 41}
	list["most rows are in no window, and pass through less memory than a period fills"] = design{unseen, burst(16, 12), always}
	both := on(body(t, 630, 2, 1, func(l *conv.Conv2d) {
		l.OutChannels, l.Kernel, l.Stride = 104, conv.Pair{H: 2, W: 1}, conv.Pair{H: 63, W: 1}
		l.Padding.Sides = conv.Sides{Right: 2}
	}), 1, 1, sched.Serial)
	both.BufferDepth, both.EdgeDepths = 111, map[string]int{"source.pad": 45}
	list["a front repeats itself within the last period of a source that never binds"] = design{both, burst(3, 2), always}
	list["window far ahead of the array"] = design{least, every(3, 0), every(40, 0)}
	return list
}

// TestFastForwardAgainstAdversaries holds each to every-beat simulation, and to
// skipping something.
func TestFastForwardAgainstAdversaries(t *testing.T) {
	t.Parallel()
	for name, d := range adversarial(t) {
		t.Run(name, func(t *testing.T) {
			want, got := runBoth(t, d)
			if got.Skipped == 0 {
				t.Error("nothing was skipped")
			}
			got.Skipped = 0
			if diff := compare.Diff(want, got); diff != "" {
				t.Errorf("(-every beat +fast-forward):\n%s", diff)
			}
		})
	}
}

// TestFastForwardLeavesAlone designs in which nothing can recur.
func TestFastForwardLeavesAlone(t *testing.T) {
	layer := on(body(t, 30, 12, 2, nil), 2, 1, sched.Serial)
	wires := layer
	wires.FIFODepth = 0
	for name, d := range map[string]design{
		"a period longer than the run": {wires, always, burst(1<<20, 1)},
		"random handshakes":            {layer, pattern{Kind: "random", N: 7}, always},
		"two rows":                     {on(body(t, 2, 3, 2, nil), 2, 1, sched.Serial), always, always},
	} {
		t.Run(name, func(t *testing.T) {
			want, got := runBoth(t, d)
			if diff := compare.Diff(want, got); diff != "" { // Skipped, too
				t.Errorf("(-every beat +fast-forward):\n%s", diff)
			}
		})
	}
}

// TestFastForwardStopsAtWhatIsNeeded is a design found at random: the padding
// stage of its last frame may be skipped through rows that no window reads, and
// then moved beats after the end of the run.
func TestFastForwardStopsAtWhatIsNeeded(t *testing.T) {
	shape := body(t, 67, 4, 4, func(l *conv.Conv2d) {
		l.Groups, l.PaddingMode = 2, conv.Circular
		l.Kernel, l.Stride = conv.Pair{H: 3, W: 4}, conv.Pair{H: 6, W: 5}
		l.Padding.Sides = conv.Sides{Top: 1, Left: 1}
	})
	d := design{on(shape, 2, 2, sched.Serial), always, burst(1, 4)}
	d.Timing.Fold = sched.NewFold(shape, sched.Array{PE: 2, SIMD: 2, GroupParallel: 3}, sched.Serial)
	d.Timing.Frames, d.Timing.Overlap, d.Timing.Requantize, d.Timing.FIFOLatency = 3, true, true, 2
	d.Timing.EdgeDepths = map[string]int{"pad.window": 40}
	want, got := runBoth(t, d)
	got.Skipped = 0
	if diff := compare.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-every beat +fast-forward):\n%s", diff)
	}
}
