package sim

import (
	"strings"
	"testing"
)

// TestLoadedWeightsWaitInTheTile: the FIFO behind the memory of a tile is no deeper than
// the file says: deeper ones take memory, and frames come no sooner.
func TestLoadedWeightsWaitInTheTile(t *testing.T) {
	for _, reuse := range []string{"row", "frame"} {
		interval := map[string]float64{}
		for name, edges := range map[string]string{"default": "", "a frame": `, fifo: {edges: {tile.array: 4096}}`} {
			text := "{name: n, array: {pe: 2, simd: 2}, weights: {from: dram, reuse: " + reuse + "}, dram: {bytes_per_cycle: 4}" + edges + "}"
			_, _, r := loading(t, text, Options{Frames: 4, NoValues: true})
			interval[name] = *r.SteadyInterval
			seen := 0
			for _, f := range r.FIFOs {
				if strings.HasSuffix(f.Name, "tile.array") {
					seen++
					if edges == "" && f.Depth != 2 {
						t.Errorf("%s: %s is %d deep", reuse, f.Name, f.Depth)
					}
				}
			}
			if seen == 0 {
				t.Fatal("no FIFO behind a tile")
			}
		}
		if interval["default"] > interval["a frame"] {
			t.Errorf("%s: a frame every %v cycles, every %v with deep FIFOs", reuse, interval["default"], interval["a frame"])
		}
	}
}
