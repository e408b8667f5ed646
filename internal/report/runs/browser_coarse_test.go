package runs_test

import (
	"math"
	"testing"

	"github.com/convsim/convsim/internal/webdriver"
)

// TestCoarsePageInBrowser: where histories gave up the order of cycles, the page knows what a FIFO holds in the mean of
// columns of cycles, as those do that gave up nothing, and does not claim to know it more finely.
func TestCoarsePageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := webdriver.Start(t)
	var coarse, exact [][]float64
	var vague int
	for _, c := range []struct {
		histories int
		means     *[][]float64
	}{{64, &coarse}, {1 << 20, &exact}} {
		d := drawWithin(t, "bursty-8x8", "quantised_onnx", 9, c.histories)
		b.Open(d.path, 1280, 900)
		b.Script(`const { run, timeline } = convsim, n = arguments[0], at = (i) => Math.floor((i * run.cycles) / n);
			return run.edges.filter((e) => e.depth).map((e) => Array.from({ length: n }, (_, i) => timeline.fills.mean(e, at(i), at(i + 1)) / e.most))`, c.means, mostLevels)
		var not int
		b.Script(`const { run, timeline } = convsim;
			return run.edges.filter((e) => e.depth && timeline.fills.vague(e, Math.floor(run.cycles / 2), Math.floor(run.cycles / 2) + 1)).length`, &not)
		vague += not
		if c.means == &exact && not > 0 {
			t.Errorf("%d FIFOs of fine histories are vague", not)
		}
		b.Quiet()
	}
	if vague == 0 || len(coarse) == 0 || len(coarse) != len(exact) {
		t.Fatalf("%d FIFOs are vague; %d and %d", vague, len(coarse), len(exact))
	}
	for e := range coarse {
		for i, got := range coarse[e] {
			if math.Abs(got-exact[e][i]) > 0.51/255 { // of the most, in a byte
				t.Fatalf("FIFO %d holds %.4f in column %d, want %.4f", e, got, i, exact[e][i])
			}
		}
	}
}

const mostLevels = 1200 // columns, as the page has them
