package fit_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/fit"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline/clock"
)

// reproduces checks that a design's file is a hardware whose run has the interval, and
// that fits.
func reproduces(t *testing.T, model string, o fit.Options, d *fit.Design) {
	t.Helper()
	hw, err := configs.ParseHardware("found.yaml", d.Text)
	if err != nil {
		t.Fatal(err)
	}
	net, err := mapping.MapNetwork(hw, models.Integers(t, model))
	if err != nil {
		t.Fatal(err)
	}
	r, err := clock.Solve(net.Plan, clock.Options{Frames: 64})
	if err != nil {
		t.Fatal(err)
	}
	if pace, _ := r.Pace(); pace.Mean != d.Interval {
		t.Errorf("the file runs a frame every %g cycles, found were %g", pace.Mean, d.Interval)
	}
	cost, _ := resources.Price(net.Plan, resources.Device{DSP: hw.DSPKind(), ClockMHz: hw.ClockMHz}).Partly()
	if over := fit.Exceeded(cost.Total, o.Limits); len(over) > 0 || cost.Total != d.Cost {
		t.Errorf("the file takes %+v, found was %+v; too much: %+v", cost.Total, d.Cost, over)
	}
}

// TestFilesRunAndFit: on several boards, every hardware found runs as said and fits.
// CONVSIM_DESIGNS adds larger models, which take minutes.
func TestFilesRunAndFit(t *testing.T) {
	networks := filepath.Join("..", "..", "..", "shared", "golden", "networks")
	all := []string{lenet()}
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		all = append(all, filepath.Join("..", "..", "testdata", "models", "resnet8.onnx"))
		for _, m := range []string{"mobilenet_v2_slim", "mobilenet_v1_slim", "vgg_slim", "lenet5"} {
			all = append(all, filepath.Join(networks, m+".qop_pow2.onnx"))
		}
	}
	for _, model := range all {
		for _, board := range []string{"pynq-z2", "kv260", "zcu104", "vck190"} {
			t.Run(filepath.Base(model)+" on "+board, func(t *testing.T) {
				t.Parallel()
				o := options(t, board, 1<<20)
				found, err := fit.Find(t.Context(), models.Integers(t, model), o)
				if err != nil {
					t.Fatal(err)
				}
				if found.Design == nil || !found.Design.Proven {
					t.Fatalf("found %+v", found.Design)
				}
				t.Logf("a frame every %g cycles, %+v", found.Design.Interval, found.Design.Cost)
				reproduces(t, model, o, found.Design)
			})
		}
	}
}

// TestEnoughIsCheaper: what is fast enough takes less than what is as fast as can be,
// and what cannot be is told.
func TestEnoughIsCheaper(t *testing.T) {
	o := options(t, "zcu104", 1<<20)
	fastest, err := fit.Find(t.Context(), models.Integers(t, lenet()), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Interval = 4 * fastest.Design.Interval
	enough, err := fit.Find(t.Context(), models.Integers(t, lenet()), o)
	if err != nil {
		t.Fatal(err)
	}
	if d := enough.Design; d.Interval > o.Interval || d.Cost.DSP >= fastest.Design.Cost.DSP || enough.Wanted != nil {
		t.Errorf("a frame every %g cycles takes %+v, every %g %+v", fastest.Design.Interval, fastest.Design.Cost, d.Interval, d.Cost)
	}
	reproduces(t, lenet(), o, enough.Design)

	o.Limits.DSP = enough.Design.Cost.DSP - 1
	over, err := fit.Find(t.Context(), models.Integers(t, lenet()), o)
	if err != nil {
		t.Fatal(err)
	}
	if over.Wanted != nil && len(fit.Exceeded(over.Wanted.Cost, o.Limits)) == 0 || over.Design == nil || over.Design.Cost.DSP > o.Limits.DSP {
		t.Errorf("with a slice less: %+v, %+v", over.Wanted, over.Design)
	}
}

// TestStopped: a search that is stopped leaves the best so far, or nothing.
func TestStopped(t *testing.T) {
	for _, after := range []int{1, 10, 30} {
		ctx, stop := context.WithCancel(t.Context())
		o := options(t, "zcu104", 1<<20)
		told := 0
		o.Progress = func(string) {
			if told++; told == after {
				stop()
			}
		}
		r, err := fit.Find(ctx, models.Integers(t, lenet()), o)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d: %v", after, err)
		}
		if r != nil && (r.Design == nil || len(fit.Exceeded(r.Design.Cost, o.Limits)) > 0) {
			t.Errorf("after %d: %+v", after, r.Design)
		}
	}
}
