package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/sched"
)

// TestFastForwardThroughPadding holds skipping to every-beat simulation where most
// of the raster is zeros, above, below, and between the pixels of the image.
func TestFastForwardThroughPadding(t *testing.T) {
	skipping := 0
	for i := range int(blocktest.Designs(t, 600)) {
		r := rand.New(rand.NewPCG(20, uint64(i)))
		d, ok := paddedDesign(r)
		if !ok {
			continue
		}
		want, got := runBoth(t, d)
		if got.Skipped > 0 {
			skipping++
		}
		got.Skipped = 0
		if diff := compare.Diff(want, got); diff != "" {
			t.Fatalf("design %d %+v (-every beat +fast-forward):\n%s", i, d, diff)
		}
	}
	if skipping == 0 {
		t.Error("nothing was skipped")
	}
}

// paddedDesign draws a small image with wide sides.
func paddedDesign(r *rand.Rand) (design, bool) {
	b := bounds{height: 5, width: 6, channels: 2, slow: 6}
	d := randomDesign(r, b)
	l := randomLayer(r, b)
	side := func() int { return r.IntN(2) * r.IntN(30) }
	l.PaddingMode, l.Padding.Sides = conv.Zeros, conv.Sides{Top: side(), Bottom: side(), Left: side(), Right: side()}
	shape, err := l.Resolve(1, 1+r.IntN(b.height), 1+r.IntN(b.width))
	if err != nil {
		return d, false
	}
	d.Timing.Conv = mapping.Conv{Fold: sched.NewFold(shape, d.Timing.Fold.Array, d.Timing.Fold.Style), Overlap: d.Timing.Overlap,
		ArrayLatency: d.Timing.ArrayLatency}
	return d, d.Timing.Fold.ComputeCycles()*d.Timing.Frames < 2*mostCycles
}

// TestWidePadding is as quick as a narrow one: 2^21 rows of as many zeros around
// 64 pixels: 4.4e12 cycles.
func TestWidePadding(t *testing.T) {
	hw, layer := parse(t, `{name: s, window: {style: parallel}}`,
		`{op: conv2d, in_channels: 1, out_channels: 1, kernel_size: 3, padding: 1048576, input: {height: 8, width: 8}}`)
	d, err := NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Time(1, TimeOptions{})
	const side = 2*1048576 + 8
	if err != nil || r.Skipped < 0.99*side*side || r.Total < side*side || r.Total > side*side+100 {
		t.Errorf("%v cycles, %v skipped, %v", r.Total, r.Skipped, err)
	}
}
