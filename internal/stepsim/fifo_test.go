package stepsim

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An edge moves min(1, depth/(latency+1)) beats a cycle.
func TestFIFOThroughput(t *testing.T) {
	const beats = 600
	for depth := 1; depth <= 6; depth++ {
		for latency := 1; latency <= 5; latency++ {
			t.Run(fmt.Sprintf("depth %d latency %d", depth, latency), func(t *testing.T) {
				r, err := Chain{Stages: []Stage{Source{Beats: beats}, FIFO{Depth: depth, Latency: latency}, Sink{}}}.Run(10_000)
				if err != nil {
					t.Fatal(err)
				}
				// The last group of depth beats is pushed after the full ones before it, and leaves after the latency.
				period := max(depth, latency+1)
				want := Cycle((beats-1)/depth*period + (beats-1)%depth + latency + 1)
				if r.Total != want {
					t.Errorf("total %d, want %d", r.Total, want)
				}
			})
		}
	}
}

func TestFIFOStats(t *testing.T) {
	tests := []struct {
		name string
		fifo FIFO
		want FIFOStats
	}{
		// Occupancy at cycle starts: 0 1 2 2 2 2 1 1 1 (taken in 5, 6, 7, 8; refused pushes until 6).
		{"full until the sink opens", FIFO{Depth: 2}, FIFOStats{Stage: 1, Depth: 2, MaxOccupancy: 2, FullCycles: 4, EmptyCycles: 1}},
		{"never full", FIFO{Depth: 5}, FIFOStats{Stage: 1, Depth: 5, MaxOccupancy: 4, FullCycles: 0, EmptyCycles: 1}},
		{"wire", FIFO{}, FIFOStats{Stage: 1, EmptyCycles: 9}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Chain{Stages: []Stage{Source{Beats: 4}, tt.fifo, Sink{Gate: Listed{Cycles: []Cycle{5, 6, 7, 8}}}}}
			r, err := c.Run(100)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]FIFOStats{tt.want}, r.FIFOs); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A wire changes nothing, wherever it is.
func TestWireIsTransparent(t *testing.T) {
	l := Layer{H: 6, W: 5, InChannels: 2, OutChannels: 4, KH: 3, KW: 3, PE: 2, Top: 1, Left: 1, Bottom: 1, Right: 1}
	chain := []Stage{Source{Gate: Random{Seed: 3}}}
	wired := []Stage{Source{Gate: Random{Seed: 3}}}
	for _, s := range l.Stages() {
		chain = append(chain, s)
		wired = append(wired, FIFO{}, s)
	}
	hash := func(stages []Stage) string {
		r, err := Chain{Stages: append(stages, Sink{Gate: Random{Seed: 4}}), Frames: 2, Handshakes: true}.Run(100_000)
		if err != nil {
			t.Fatal(err)
		}
		return hashText(r)
	}
	if plain, wires := hash(chain), hash(wired); plain != wires {
		t.Errorf("trace %s, with wires %s", plain, wires)
	}
}

func BenchmarkChain(b *testing.B) {
	l := Layer{H: 32, W: 32, InChannels: 4, OutChannels: 4, KH: 3, KW: 3, SIMD: 4, PE: 4, Top: 1, Left: 1, Bottom: 1, Right: 1}
	c := Chain{Stages: append(append([]Stage{Source{}}, l.Stages()...), Sink{})}
	var stageCycles int64
	for b.Loop() {
		r, err := c.Run(generous)
		if err != nil {
			b.Fatal(err)
		}
		stageCycles += int64(r.Total) * int64(len(c.Stages))
	}
	b.ReportMetric(float64(stageCycles)/b.Elapsed().Seconds()/1e6, "M-stage-cycles/s")
}
