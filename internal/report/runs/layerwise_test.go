package runs_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/report/runs"
	"github.com/convsim/convsim/internal/webdriver"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// layerByLayer runs a network on one array, and draws it.
func layerByLayer(t *testing.T, overlap bool) (*sim.LayerwiseReport, *sim.LayerwiseOutcome, runpage.Run) {
	t.Helper()
	hw, err := configs.ParseHardware("one.yaml", fmt.Appendf(nil, "name: one\nmode: layerwise\narray: {pe: 8, simd: 8}\ndram: {bytes_per_cycle: 4, overlap: %v}\n", overlap))
	if err != nil {
		t.Fatal(err)
	}
	l, err := sim.NewLayerwise(hw, models.Integers(t, "..", "..", "..", "testdata", "models", "resnet8.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	o := sim.Options{Frames: 2, NoValues: true, Histories: runs.LayerwiseHistories(l)}
	out, err := l.Run(t.Context(), nil, o)
	if err != nil {
		t.Fatal(err)
	}
	r := l.Report(out, o)
	page, err := runs.OfLayerwise(t.Context(), l, r, out)
	if err != nil {
		t.Fatal(err)
	}
	return r, out, page
}

// TestLayerwisePage: every cycle of the run is accounted for, a layer works in its turn
// alone, beats pass when they do, and the latency adds up.
func TestLayerwisePage(t *testing.T) {
	for _, overlap := range []bool{true, false} {
		t.Run(fmt.Sprint("overlap ", overlap), func(t *testing.T) {
			r, _, page := layerByLayer(t, overlap)
			spent := func(history int) (s clock.Shares, from, to clock.Cycle) {
				at := clock.Cycle(0)
				from = clock.Never
				for _, one := range page.Histories[history].Runs {
					part := one.Shares()
					for i, n := range part {
						s[i] += n
					}
					if part[clock.Finished] < int64(one.All()) {
						from, to = min(from, at), at+one.All()
					}
					at += one.All()
				}
				return s, from, to
			}
			turns := map[string]sim.LayerwiseUse{}
			for _, l := range r.Layers {
				turns[l.Name] = l
			}
			for i, s := range page.Stages {
				shares, from, to := spent(i)
				total := int64(0)
				for _, n := range shares {
					total += n
				}
				turn := turns[page.Nodes[s.Node].Layer]
				if diff := cmp.Diff(s.Shares, shares); diff != "" || total != r.Cycles {
					t.Errorf("%s: %d cycles of %d (-account +history):\n%s", s.Name, total, r.Cycles, diff)
				}
				if int64(from) < turn.Start+turn.Load || int64(to) > turn.Start+turn.Cycles {
					t.Errorf("%s works in %d..%d; its layer's turn is %d..%d", s.Name, from, to, turn.Start, turn.Start+turn.Cycles)
				}
			}
			for _, e := range page.Edges {
				for _, h := range []int{e.In, e.Out} {
					if shares, _, _ := spent(h); shares[clock.Busy] != e.Beats {
						t.Errorf("%s: %d beats of %d", e.Name, shares[clock.Busy], e.Beats)
					}
				}
			}
			added := int64(0)
			for _, s := range page.First {
				added += s.Adds
			}
			if added != r.FirstOutputCycle {
				t.Errorf("the latency adds up to %d; the first output is in cycle %d", added, r.FirstOutputCycle)
			}
		})
	}
}

// TestLayerwiseRoofline: no layer is above a roof, and those called memory-bound are
// under the slope.
func TestLayerwiseRoofline(t *testing.T) {
	r, _, page := layerByLayer(t, true)
	for _, p := range page.Roofline.Points {
		if p.Rate > float64(r.Multipliers)*1.0001 || p.Rate > p.Intensity*r.DRAM.BytesPerCycle*1.0001 && !p.Within {
			t.Errorf("%s: %g MACs a cycle at %g a byte", p.Name, p.Rate, p.Intensity)
		}
	}
	if len(page.Roofline.Points) < 5 || len(page.Layers) != len(r.Layers) {
		t.Errorf("%d points, %d layers", len(page.Roofline.Points), len(page.Layers))
	}
}

// TestLayerwisePageInBrowser: it opens, and a browser has nothing to complain of.
func TestLayerwisePageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	_, _, page := layerByLayer(t, true)
	b := webdriver.Start(t)
	b.Open(save(t, page), 1280, 900)
	b.Eventually("#layers", "waits for the DRAM port")
	var links int
	b.Script(`return document.querySelectorAll("#graph .link").length`, &links)
	if links != len(page.Passes) || links == 0 {
		t.Errorf("%d links between layers, %d tensors pass", links, len(page.Passes))
	}
	b.Quiet()
}
