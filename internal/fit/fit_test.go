package fit_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/fit"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sim"
)

// reportOf is what a run of a design's file says.
func reportOf(t *testing.T, g *network.Graph, d *fit.Design) *sim.NetworkReport {
	t.Helper()
	hw, err := configs.ParseHardware("found.yaml", d.Text)
	if err != nil {
		t.Fatal(err)
	}
	n, err := sim.NewNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	run := sim.Options{NoValues: true, Frames: 4}
	out, err := n.Run(t.Context(), nil, run)
	if err != nil {
		t.Fatal(err)
	}
	return n.Report(out, run)
}

// reproduces checks that a design's file is a hardware whose run has the interval, and
// that fits.
func reproduces(t *testing.T, g *network.Graph, o fit.Options, d *fit.Design) {
	t.Helper()
	r := reportOf(t, g, d)
	if *r.SteadyInterval != d.Interval {
		t.Errorf("the file runs a frame every %g cycles, found were %g", *r.SteadyInterval, d.Interval)
	}
	if over := fit.Exceeded(r.Cost, o.Limits); len(over) > 0 || r.Cost != d.Cost {
		t.Errorf("the file takes %+v, found was %+v; too much: %+v", r.Cost, d.Cost, over)
	}
}

// shipped is a network that comes with the program.
func shipped(t *testing.T, name string) *network.Graph {
	t.Helper()
	file, err := configs.Find("--model", name, configs.NetworkFiles)
	if err != nil {
		t.Fatal(err)
	}
	n, err := configs.LoadNetwork(file)
	if err != nil {
		t.Fatal(err)
	}
	g, err := network.Lower(n.Graph)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestFilesRunAndFit: on several boards, every hardware found runs as said and fits; where
// none does, it is said what is exceeded. CONVSIM_DESIGNS adds networks that take minutes.
func TestFilesRunAndFit(t *testing.T) {
	beside := filepath.Join("..", "..", "..", "shared", "golden", "networks")
	all := map[string]func(*testing.T) *network.Graph{
		"digits_lenet": func(t *testing.T) *network.Graph { return models.Integers(t, lenet()) },
	}
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		for _, name := range []string{"resnet8_32", "mobilenet_v2_224", "resnet50_224"} {
			all[name] = func(t *testing.T) *network.Graph { return shipped(t, name) }
		}
		for _, name := range []string{"mobilenet_v2_slim", "unet_slim"} {
			all[name] = func(t *testing.T) *network.Graph { return models.Integers(t, beside, name+".qop_pow2.onnx") }
		}
	}
	for _, model := range slices.Sorted(maps.Keys(all)) {
		for _, board := range []string{"pynq-z2", "ultra96-v2", "zcu104", "alveo-u250"} {
			t.Run(model+" on "+board, func(t *testing.T) {
				g, o := all[model](t), options(t, board, 1<<20)
				found, err := fit.Find(t.Context(), g, o)
				if err != nil {
					t.Fatal(err)
				}
				if found.Design == nil {
					on, least := fit.Exceeded(found.OnChip.Cost, o.Limits), fit.Exceeded(found.Smallest.Cost, o.Limits)
					if len(on) == 0 || len(least) == 0 {
						t.Errorf("nothing found, exceeded are %+v and %+v", on, least)
					}
					t.Logf("nothing fits: weights on the chip %+v; by the DRAM %+v", on, least)
					return
				}
				t.Logf("a frame every %g cycles, %+v; weights of %d layers from DRAM", found.Design.Interval, found.Design.Cost, len(found.Design.Loaded))
				if !found.Design.Proven {
					t.Error("no run has proven it")
				}
				reproduces(t, g, o, found.Design)
			})
		}
	}
}

// manyWeights is a network of few pixels and many weights.
const manyWeights = `inputs: [{name: x, shape: [1, 32, 6, 6]}]
outputs: last
layers:
- {name: first, op: conv2d, inputs: x, in_channels: 32, out_channels: 64, kernel_size: 3, padding: 1, requantize: {rule: shift, shift: 9, dtype: int8}}
- {name: last, op: conv2d, inputs: first, in_channels: 64, out_channels: 128, kernel_size: 3, padding: 1, stride: 2}
`

// TestWeightsFromDRAM: where a board does not hold the weights, those of some layers come
// by its DRAM, and it is said by how much they are too many.
func TestWeightsFromDRAM(t *testing.T) {
	n, err := configs.ParseNetwork("net.yaml", []byte(manyWeights))
	if err != nil {
		t.Fatal(err)
	}
	o := options(t, "zcu104", 40)
	o.Limits.BRAM18, o.Limits.URAM = 20, 0
	found, err := fit.Find(t.Context(), n.Graph, o)
	if err != nil {
		t.Fatal(err)
	}
	d := found.Design
	if d == nil || len(d.Loaded) == 0 || !d.Proven {
		t.Fatalf("found %+v", found)
	}
	if over := fit.Exceeded(found.OnChip.Cost, o.Limits); len(over) == 0 {
		t.Errorf("all weights on the chip take %+v, which fits", found.OnChip.Cost)
	}
	reproduces(t, n.Graph, o, d)
	o.Limits.BRAM18 = 1000
	if found, err = fit.Find(t.Context(), n.Graph, o); err != nil || len(found.Design.Loaded) > 0 || found.OnChip != nil {
		t.Errorf("where they fit: %v, %+v", err, found)
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
	reproduces(t, models.Integers(t, lenet()), o, enough.Design)

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

// TestWeightsInUltraRAM: where block RAM does not hold the weights and UltraRAM does, they
// lie there, as the file says, and those that need not stay where they are.
func TestWeightsInUltraRAM(t *testing.T) {
	n, err := configs.ParseNetwork("net.yaml", []byte(manyWeights))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name          string
		blocks, ultra int // there are
		lie, loaded   bool
	}{
		{"room in block RAM", 1000, 96, false, false},
		{"room in UltraRAM", 20, 96, true, false},
		{"too little UltraRAM", 20, 1, true, true},
		{"no UltraRAM", 20, 0, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := options(t, "zcu104", 40)
			o.Limits.BRAM18, o.Limits.URAM = tc.blocks, tc.ultra
			found, err := fit.Find(t.Context(), n.Graph, o)
			if err != nil {
				t.Fatal(err)
			}
			d := found.Design
			if d == nil || !d.Proven || (len(d.Loaded) > 0) != tc.loaded {
				t.Fatalf("found %+v", d)
			}
			if lie := strings.Contains(string(d.Text), "memory: uram"); lie != (d.Cost.URAM > 0) || !tc.lie && lie || tc.lie && !tc.loaded && !lie {
				t.Errorf("%d UltraRAM of %d\n%s", d.Cost.URAM, tc.ultra, d.Text)
			}
			reproduces(t, n.Graph, o, d)
		})
	}
}

// TestStoppedBeforeFIFOs: a search that is stopped while it sizes the first FIFOs leaves a
// design that fits and runs, and says that nothing has proven it.
func TestStoppedBeforeFIFOs(t *testing.T) {
	for _, interval := range []float64{0, 2000} {
		ctx, stop := context.WithCancel(t.Context())
		g, o := models.Integers(t, lenet()), options(t, "zcu104", 100)
		o.Interval = interval
		o.Progress = func(doing string) {
			if strings.HasPrefix(doing, "FIFOs") {
				stop()
			}
		}
		r, err := fit.Find(ctx, g, o)
		if !errors.Is(err, context.Canceled) || r == nil || r.Design == nil {
			t.Fatalf("%g: %v, %+v", interval, err, r)
		}
		d := r.Design
		if over := o.Exceeded(d); d.Proven || len(over) > 0 || !strings.HasPrefix(string(d.Text), "# The search was interrupted") {
			t.Errorf("%g: proven %v, exceeded %+v\n%s", interval, d.Proven, over, d.Text)
		}
		report := reportOf(t, g, d)
		if t.Logf("stages of %g cycles, a frame every %g", d.Interval, *report.SteadyInterval); report.Cost != d.Cost {
			t.Errorf("the file takes %+v, found was %+v", report.Cost, d.Cost)
		}
	}
}

// TestLeastIsEnough: a board without DRAM that has of one resource just what the slowest design
// takes, its FIFOs included, has a design, whatever FIFOs of faster ones take.
func TestLeastIsEnough(t *testing.T) {
	g := models.Integers(t, "..", "..", "testdata", "models", "resnet8.onnx")
	board := filepath.Join(t.TempDir(), "board.yaml")
	const text = "name: lonely\npart: any\ndsp_kind: dsp48e2\nclock_mhz: 300\ndram_gbytes_per_s: 0\n" +
		"resources: {lut: 230400, ff: 460800, dsp: 1728, bram18: 624, uram: 96}\n"
	if err := os.WriteFile(board, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	o := options(t, board, 1<<20)
	all := o.Limits
	o.Interval = 1e12
	least, err := fit.Find(t.Context(), g, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Interval = 0
	for name, limits := range map[string]resources.Amount{
		"LUT": {DSP: all.DSP, LUT: least.Design.Cost.LUT, FF: all.FF, BRAM18: all.BRAM18, URAM: all.URAM},
		"FF":  {DSP: all.DSP, LUT: all.LUT, FF: least.Design.Cost.FF, BRAM18: all.BRAM18, URAM: all.URAM},
	} {
		t.Run(name, func(t *testing.T) {
			o := o
			o.Limits = limits
			found, err := fit.Find(t.Context(), g, o)
			if err != nil {
				t.Fatal(err)
			}
			if d := found.Design; d == nil || d.Interval > least.Design.Interval || found.OnChip != nil {
				t.Fatalf("nothing fits %+v, which a frame every %g cycles takes", limits, least.Design.Interval)
			}
			reproduces(t, g, o, found.Design)
		})
	}
}

// TestNoneOfAResource: where there is none of what is needed, it is said how much that is.
func TestNoneOfAResource(t *testing.T) {
	found, err := fit.Find(t.Context(), models.Integers(t, lenet()), options(t, "pynq-z2", 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*fit.Design{found.OnChip, found.Smallest} {
		if d == nil || d.Cost.DSP == 0 || found.Design != nil {
			t.Errorf("without DSP slices: found %+v, the smallest is %+v", found.Design, d)
		}
	}
}
