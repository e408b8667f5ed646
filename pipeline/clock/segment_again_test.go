package clock_test

import (
	"testing"

	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// pooled is the hardware of a pooling over so many rows of an image of one channel, with rows above
// it, of zeros or of its other end.
func pooled(t *testing.T, height, width, kernel, stride, top int, mode conv.PaddingMode, elem tensor.DType) []pipeline.Block {
	t.Helper()
	l := conv.Conv2d{InChannels: 1, OutChannels: 1, Groups: 1, Kernel: conv.Pair{H: kernel, W: 1}, Stride: conv.Pair{H: stride, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, PaddingMode: mode, Padding: conv.Padding{Sides: conv.Sides{Top: top}}}
	shape, err := l.Resolve(1, height, width)
	if err != nil {
		t.Fatal(err)
	}
	fold := sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Parallel)
	m := mapping.Conv{Fold: fold, Elem: elem}
	list := []pipeline.Block{m.Window(), pe.Reduce{Fold: fold, Elem: elem, How: pe.Max}}
	switch {
	case top == 0:
		return list
	case mode == conv.Circular:
		return append([]pipeline.Block{linebuffer.AddressedPad{Fold: fold, Elem: elem}}, list...)
	}
	return append([]pipeline.Block{linebuffer.Pad{Fold: fold, Elem: elem}}, list...)
}

// segmentsChangeNothing holds a plan that is cut at every FIFO to every beat.
func segmentsChangeNothing(t *testing.T, p *pipeline.Plan, o clock.Options) {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if !clock.Cut(p) {
		t.Error("there are no segments")
	}
	got, err := clock.Solve(p, o)
	if err != nil {
		t.Fatal(err)
	}
	o.EveryBeat, got.Skipped = true, 0
	want, err := clock.Solve(p, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := compare.Diff(want, got); diff != "" {
		t.Errorf("(-every beat +fast-forward):\n%s", diff)
	}
}

// TestSegmentsEndWithTheRun: the one row that the second pooling shows is padding, so nothing of the
// image is needed, and beats move up to a horizon. A beat enters a FIFO later than what made it is
// busy, and none is copied from the horizon on.
func TestSegmentsEndWithTheRun(t *testing.T) {
	const width = 4
	blocks := append(pooled(t, 1, width, 1, 1, 0, conv.Zeros, tensor.Int8), pooled(t, 1, width, 1, 2, 1, conv.Zeros, tensor.Int8)...)
	row := sched.Stream{Elem: tensor.Int8, Lanes: 1, Rows: 1, Pixels: width, Beats: 1}
	p := &pipeline.Plan{}
	at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: row, Pattern: clock.Always{}})
	mapping.Chain(p, "", mapping.Chain(p, "", at, blocks...), wiring.Sink{Stream: row, Pattern: clock.Always{}})
	fifos(p, 1, 2, nil)
	segmentsChangeNothing(t, p, clock.Options{Frames: 1, Drain: true})
}

// TestSegmentsSeeFramesPart: the first beat of a frame waits until the padding has shown the frame
// before, the next ones, of which it shows none before the last row is there, do not.
func TestSegmentsSeeFramesPart(t *testing.T) {
	const height, width = 2, 4
	image := sched.Stream{Elem: tensor.Int8, Lanes: 1, Rows: height, Pixels: width, Beats: 1}
	p := &pipeline.Plan{}
	at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: image, Pattern: clock.Always{}})
	blocks := append(pooled(t, height, width, 2, 1, 1, conv.Circular, tensor.Int8), pooled(t, height, width, 1, 1, 0, conv.Zeros, tensor.Int8)...)
	mapping.Chain(p, "", mapping.Chain(p, "", at, blocks...), wiring.Sink{Stream: image, Pattern: clock.Always{}})
	fifos(p, 1, 1, nil)
	segmentsChangeNothing(t, p, clock.Options{Frames: 2})
}
