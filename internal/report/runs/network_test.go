package runs_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/report/runs"
	"github.com/convsim/convsim/internal/webdriver"
	"github.com/convsim/convsim/sim"
)

// lenet is the page of a small network.
func lenet(t *testing.T) runpage.Run {
	t.Helper()
	hw, err := configs.LoadHardware("edge-8x8")
	if err != nil {
		t.Fatal(err)
	}
	n, err := sim.NewNetwork(hw, models.Integers(t, "..", "..", "..", "testdata", "models", "digits_lenet.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	o := sim.Options{Frames: 6, NoValues: true, Histories: runs.Histories(n.Plan)}
	out, err := n.Run(t.Context(), nil, o)
	if err != nil {
		t.Fatal(err)
	}
	page, err := runs.OfNetwork(t.Context(), n, n.Report(out, o), out.Time)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestFirstFrame: what delays the first output adds up to it.
func TestFirstFrame(t *testing.T) {
	for _, page := range []runpage.Run{lenet(t), draw(t, "edge-8x8", "digits_conv2", 2).page, draw(t, "finn-like-8x8", "resnet50_stem", 1).page} {
		sum := int64(0)
		for _, s := range page.First {
			if s.Adds < 0 || s.First > s.Last || s.In > s.First {
				t.Errorf("%s: %+v", page.Title, s)
			}
			sum += s.Adds
		}
		if first := page.Frames[0].FirstOut; sum != first {
			t.Errorf("%s: delays add up to %d, the first output is in cycle %d", page.Title, sum, first)
		}
		if last := page.First[len(page.First)-1]; last.Last != page.Frames[0].LastOut {
			t.Errorf("%s: the last result of the first frame is in cycle %d, not %d", page.Title, last.Last, page.Frames[0].LastOut)
		}
	}
}

// TestCosts: what stages or layers take adds up to what the board is asked for.
func TestCosts(t *testing.T) {
	for _, page := range []runpage.Run{lenet(t), draw(t, "edge-8x8", "digits_conv2", 2).page} {
		if page.NoCost != "" {
			t.Logf("%s: %s", page.Title, page.NoCost)
			continue
		}
		lut := 0
		for _, c := range page.Costs {
			lut += c.LUT
		}
		for _, u := range page.Board.Uses {
			if u.Resource == "LUT" && int(u.Used) != lut {
				t.Errorf("%s: %d LUTs by stage, %v in all", page.Title, lut, u.Used)
			}
		}
	}
}

// TestDepths: curves fall, and their knees are where deeper gains nothing.
func TestDepths(t *testing.T) {
	for _, page := range []runpage.Run{lenet(t), draw(t, "edge-8x8", "digits_conv2", 2).page} {
		if len(page.Depths) == 0 {
			t.Errorf("%s has no curves", page.Title)
		}
		for _, c := range page.Depths {
			best, knee := 0.0, 0.0
			for _, p := range c.Points {
				if !p.Dead && (best == 0 || p.Interval < best) {
					best = p.Interval
				}
				if p.Depth == c.Knee {
					knee = p.Interval
				}
			}
			if knee == 0 || knee > 1.01*best {
				t.Errorf("%s, %s: a frame every %v cycles at the knee, %d, and %v at best", page.Title, c.Edge, knee, c.Knee, best)
			}
		}
	}
}

func checkNetwork(t *testing.T, b *webdriver.Browser, pictures string) {
	path := save(t, lenet(t))
	b.Open(path, 1280, 900)
	b.Eventually("#layers", "what limits it")
	b.Eventually("#graph-layers", "Layers")
	var boxes [2]int
	b.Script(`const n = () => document.querySelectorAll(".unit").length, a = n();
		document.querySelector("#graph-layers").click();
		return [a, n()]`, &boxes)
	if boxes[0] != 11 || boxes[1] <= boxes[0] {
		t.Errorf("%d boxes by layer, %d by block", boxes[0], boxes[1])
	}
	var rows [2]int
	b.Script(`const n = () => convsim.timeline.list.length, a = n();
		document.querySelector(".label[aria-expanded]").click();
		return [a, n()]`, &rows)
	if rows[1] < rows[0]+4 {
		t.Errorf("unfolding a layer goes from %d rows to %d", rows[0], rows[1])
	}
	b.Screenshot(filepath.Join(pictures, "network.png"))
}

// checkLongNames: names of layers as long as exporters make them leave the page as wide as the window.
func checkLongNames(t *testing.T, b *webdriver.Browser) {
	page := lenet(t)
	for i := range page.Layers {
		short, long := page.Layers[i].Name, fmt.Sprintf("_model_backbone_%s_%d.QLinearConv", strings.Repeat("conv_layer_", 6), i)
		page.Limits = strings.ReplaceAll(page.Limits, short, long)
		page.Layers[i].Name = long
		for j := range page.Nodes {
			if page.Nodes[j].Layer == short {
				page.Nodes[j].Layer = long
			}
		}
		for j := range page.First {
			page.First[j].Name = strings.ReplaceAll(page.First[j].Name, short, long)
		}
	}
	path := save(t, page)
	for _, width := range []int{400, 320} {
		b.Open(path, width, 800)
		b.Eventually("#layers", "what limits it")
		var wide int
		b.Script(`return document.documentElement.scrollWidth`, &wide)
		if wide > width {
			t.Errorf("the page is %d wide in a window of %d", wide, width)
		}
	}
}
