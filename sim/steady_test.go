package sim

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestSteadyIntervalIsNoSample: bursts of 16 cycles let 9 beats a frame in at
// 38.4 cycles a frame, in a pattern of five frames, however many are run.
func TestSteadyIntervalIsNoSample(t *testing.T) {
	hw, layer := parse(t, `{name: b, source: {burst: {on: 16, off: 48}}}`,
		`{op: conv2d, in_channels: 1, out_channels: 1, kernel_size: 1, input: {height: 3, width: 3}}`)
	for _, frames := range []int{3, 4, 5, 7, 100, 1000} {
		for _, everyBeat := range []bool{false, true} {
			out, err := Run(context.Background(), hw, layer, Options{Frames: frames, NoValues: true, EveryBeat: everyBeat})
			if err != nil {
				t.Fatal(err)
			}
			r := out.Report
			if *r.SteadyInterval != 38.4 || r.Steady.PeriodFrames != 5 || math.Abs(r.FPS-hw.ClockMHz*1e6/38.4) > 1e-6 {
				t.Errorf("%d frames, every beat %v: a frame every %v cycles, again every %d frames, %v frames/s",
					frames, everyBeat, *r.SteadyInterval, r.Steady.PeriodFrames, r.FPS)
			}
		}
	}
}

// TestPeriodIsThePace holds the pace of a period to what a run of very many
// frames takes, which must come round to it exactly.
func TestPeriodIsThePace(t *testing.T) {
	found, several := 0, 0
	tried := int(blocktest.Designs(t, 400))
	for i := range tried {
		r := rand.New(rand.NewPCG(7, uint64(i)))
		d := randomDesign(r, bounds{height: 4, width: 5, channels: 3, slow: 9})
		plan := d.Timing.plan(d.Source.gate(), d.Sink.gate())
		short, err := clock.Solve(plan, clock.Options{Frames: 24})
		if err != nil {
			t.Fatal(err)
		}
		pace, ok := short.Pace()
		if !ok || pace.Period == 0 {
			continue
		}
		found++
		if pace.Period > 1 {
			several++
		}
		long, err := clock.Solve(plan, clock.Options{Frames: 24 + 40*pace.Period, EveryBeat: true})
		if err != nil {
			t.Fatal(err)
		}
		ends := long.Sinks[0]
		first, last := ends[short.Period.From], ends[short.Period.From+40*pace.Period]
		if got := float64(last.Last-first.Last) / float64(40*pace.Period); got != pace.Mean {
			t.Fatalf("design %d %+v: a frame every %v cycles by a period of %d, every %v by 40 of them", i, d, pace.Mean, pace.Period, got)
		}
	}
	t.Logf("%d designs have a period, %d of several frames", found, several)
	if found < tried/2 || several < tried/20 {
		t.Errorf("only %d designs have a period, %d of several frames", found, several)
	}
}

// TestSteadyIntervalOfNetworks: the interval of a network is that of a period of its
// state, however few frames are run; here one of three frames, which many frames, every
// beat simulated, come round to.
func TestSteadyIntervalOfNetworks(t *testing.T) {
	hw, err := configs.LoadHardware("bursty-8x8")
	if err != nil {
		t.Fatal(err)
	}
	n, err := NewNetwork(hw, models.Integers(t, "..", "testdata", "models", "digits_lenet.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	const many, period = 60, 3
	long, err := clock.Solve(n.Plan, clock.Options{Frames: many, EveryBeat: true})
	if err != nil {
		t.Fatal(err)
	}
	ends := long.Sinks[0]
	want := float64(ends[many-1].Last-ends[many-1-10*period].Last) / (10 * period)
	if last := ends[many-1].Last - ends[many-2].Last; float64(last) == want {
		t.Fatalf("frames leave every %d cycles, in no pattern of %d", last, period)
	}
	for _, frames := range []int{3, 4, 7, 40} {
		for _, everyBeat := range []bool{false, true} {
			o := Options{Frames: frames, NoValues: true, EveryBeat: everyBeat}
			out, err := n.Run(t.Context(), nil, o)
			if err != nil {
				t.Fatal(err)
			}
			r := n.Report(out, o)
			if *r.SteadyInterval != want || r.Steady.PeriodFrames != period || math.Abs(r.FPS-hw.ClockMHz*1e6/want) > 1e-6 {
				t.Errorf("%d frames, every beat %v: a frame every %v cycles, again every %d frames, %v frames/s; want every %v",
					frames, everyBeat, *r.SteadyInterval, r.Steady.PeriodFrames, r.FPS, want)
			}
		}
		if pace, err := n.Pace(int64(frames), nil); err != nil || pace.Interval != want {
			t.Errorf("%d frames of a sweep: %+v, %v; want a frame every %v cycles", frames, pace, err, want)
		}
	}
}

// TestLongerRunsAreBounded: the run for the steady pace has as many frames as its bounds
// allow, and none where even a few would take minutes.
func TestLongerRunsAreBounded(t *testing.T) {
	for _, c := range []struct {
		name    string
		repeats bool
		mean    float64
		edges   int64
		frames  int64
	}{
		{"short frames that repeat", true, 10, 6, LongestSteady},
		{"frames of a million cycles", true, 1 << 20, 6, 64},
		{"long frames that repeat", true, 1 << 25, 6, fewSteady},
		{"short frames that do not", false, 10, 6, fewSteady},
		{"frames of 2^30 cycles on eight edges", true, 1 << 30, 8, 0},
		{"a long network", true, 1 << 25, 42, 6},
		{"one of which few would be simulated", true, 1 << 25, 64, 0},
		{"a longer one", false, 1 << 26, 256, 0},
	} {
		if got := longer(c.repeats, c.mean, mostFew/c.edges); got != c.frames {
			t.Errorf("%s: %d frames, want %d", c.name, got, c.frames)
		}
	}
}
