package fit_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/fit"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// fewest are the multipliers that a layer needs at least to compute a frame in fewer
// cycles than given, of all folds that divide.
func fewest(f sched.Fold, cycles int64) int64 {
	least := int64(math.MaxInt32)
	for p := 1; p <= f.Shape.GroupOutChannels(); p++ {
		for s := 1; s <= f.Shape.GroupInChannels(); s++ {
			if f.Shape.GroupOutChannels()%p > 0 || f.Shape.GroupInChannels()%s > 0 {
				continue
			}
			for _, style := range []sched.Style{sched.Serial, sched.Parallel} {
				g := sched.NewFold(f.Shape, sched.Array{PE: p, SIMD: s, GroupParallel: 1}, style)
				if max(g.ComputeCycles(), g.PaddedBeats(), g.InputBeats()) < cycles {
					least = min(least, g.MultipliersBuilt())
				}
			}
		}
	}
	return least
}

// TestQuick: a number of multipliers in all is kept, the file runs as said, and what limits
// the design cannot be quicker with so many.
func TestQuick(t *testing.T) {
	for _, most := range []int{8, 40, 200, 1024} {
		g, o := models.Integers(t, lenet()), options(t, "alveo-u250", 1<<20)
		o.Multipliers, o.BoardRef = most, ""
		found, err := fit.Quick(t.Context(), g, o)
		if err != nil {
			t.Fatal(err)
		}
		d := found.Design
		if d == nil || d.Multipliers > most || !d.Proven {
			t.Fatalf("%d multipliers: %+v", most, d)
		}
		reproduces(t, g, o, d)
		slowest, arrays := 0.0, int64(0)
		for _, s := range d.Stages {
			slowest = max(slowest, s.Interval)
		}
		for _, n := range d.Plan.Nodes {
			if a, ok := n.Block.(pe.Array); ok {
				arrays += fewest(a.Fold, int64(slowest))
			}
		}
		if t.Logf("%d of %d multipliers: stages of %g cycles, a frame every %g", d.Multipliers, most, slowest, d.Interval); arrays <= int64(most) {
			t.Errorf("%d multipliers: fewer than %g cycles take %d", most, slowest, arrays)
		}
	}
}

// TestQuickHasRoomAtConcats: where a branch waits for a whole frame of another, as one of
// DeepLabV3 does for the mean of an image, streams are so wide that a FIFO holds two.
func TestQuickHasRoomAtConcats(t *testing.T) {
	g := models.Integers(t, "..", "..", "..", "shared", "golden", "topologies", "deeplabv3_resnet50_513.onnx")
	ctx, stop := context.WithCancel(t.Context())
	o := options(t, "alveo-u250", 1<<20)
	o.Multipliers, o.Limits.BRAM18, o.Limits.LUT = 1024, 1<<30, 1<<30
	o.Progress = func(doing string) {
		if doing == "a run of three frames" { // which takes long
			stop()
		}
	}
	found, err := fit.Quick(ctx, g, o)
	if !errors.Is(err, context.Canceled) || found == nil || found.Design.Multipliers > 1024 {
		t.Fatal(found, err)
	}
	p := found.Design.Plan
	for _, e := range p.Edges {
		if p.Nodes[e.To.Node].Block.Kind() == "concat" && 2*e.Stream.Frame() > clock.Unbounded {
			t.Errorf("%s: frames of %d beats", e.Name, e.Stream.Frame())
		}
	}
}

// TestMultipliersOfFind: the search by simulations keeps a number of multipliers, too, and
// says so where it cannot.
func TestMultipliersOfFind(t *testing.T) {
	g, o := models.Integers(t, lenet()), options(t, "alveo-u250", 1<<20)
	o.Multipliers = 40
	found, err := fit.Find(t.Context(), g, o)
	if err != nil {
		t.Fatal(err)
	}
	if d := found.Design; d == nil || d.Multipliers > 40 || !d.Proven {
		t.Errorf("found %+v", d)
	}
	o.Multipliers = 1
	found, err = fit.Quick(t.Context(), g, o)
	if err != nil {
		t.Fatal(err)
	}
	if over := o.Exceeded(found.OnChip); found.Design != nil || len(over) != 1 || over[0].Resource != "multipliers" {
		t.Errorf("one multiplier for all: %+v, %+v", found.Design, over)
	}
}

// TestQuickKeepsItsFormulas: with the FIFOs that it gives layers, a run takes hardly longer
// than their arrays do, also where windows have strides and lie on padding.
func TestQuickKeepsItsFormulas(t *testing.T) {
	g := models.Integers(t, "..", "..", "testdata", "models", "resnet8.onnx")
	for most, longer := range map[int]float64{64: 1.01, 1024: 1.1} {
		o := options(t, "alveo-u250", 1<<20)
		o.Multipliers = most
		found, err := fit.Quick(t.Context(), g, o)
		if err != nil {
			t.Fatal(err)
		}
		formula := 0.0
		for _, s := range found.Design.Stages {
			formula = max(formula, s.Interval)
		}
		if got := found.Design.Interval / formula; got > longer {
			t.Errorf("%d multipliers: a frame takes %.3f times what its slowest stage does, above %.3f", most, got, longer)
		}
	}
}

// TestQuickWithStridesAcross: where windows lie further apart than the row has pixels left, FIFOs
// keep the pace, too.
func TestQuickWithStridesAcross(t *testing.T) {
	for stride, width := range map[int]int{2: 7, 8: 9, 32: 33} {
		n, err := configs.ParseNetwork("n.yaml", fmt.Appendf(nil, "inputs: [{name: x, dtype: int8, shape: [1, 8, 6, %d]}]\noutputs: y\n"+
			"layers: [{name: y, op: conv2d, inputs: x, in_channels: 8, out_channels: 8, kernel_size: 1, stride: [1, %d], bias: false}]\n", width, stride))
		if err != nil {
			t.Fatal(err)
		}
		o := options(t, "alveo-u250", 1<<20)
		o.Multipliers = 64
		found, err := fit.Quick(t.Context(), n.Graph, o)
		if err != nil {
			t.Fatalf("stride %d: %v", stride, err)
		}
		if d := found.Design; d.Interval > float64(6*width) {
			t.Errorf("stride %d: a frame every %g cycles, where %d come\n%s", stride, d.Interval, 6*width, d.Text)
		}
	}
}
