package runs_test

import (
	"testing"

	"github.com/convsim/convsim/internal/webdriver"
)

// TestCoarsePageInBrowser: where histories gave up the order of cycles, the page does not
// claim to know what a FIFO holds, and never shows more than it did; where they did not, it is as exact as
// ever.
func TestCoarsePageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := webdriver.Start(t)
	for _, c := range []struct {
		histories int
		vague     bool
	}{{64, true}, {1 << 20, false}} {
		d := drawWithin(t, "bursty-8x8", "quantised_onnx", 9, c.histories)
		b.Open(d.path, 1280, 900)
		var got struct {
			Vague, Over, Columns int
		}
		b.Script(`const { run, timeline } = convsim, out = { Vague: 0, Over: 0, Columns: 0 }, step = Math.ceil(run.cycles / 400);
			for (const e of run.edges.filter((e) => e.depth)) {
				for (let t = 0; t + step <= run.cycles; t += step) {
					out.Columns++;
					if (timeline.vague(e, t, t + step)) out.Vague++;
					if (timeline.meanFill(e, t, t + step) > e.depth) out.Over++;
				}
			}
			return out`, &got)
		if got.Over > 0 || got.Columns == 0 || got.Vague > 0 != c.vague {
			t.Errorf("histories of %d runs: %+v", c.histories, got)
		}
		b.Quiet()
	}
}
