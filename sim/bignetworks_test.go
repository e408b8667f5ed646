package sim

import (
	"fmt"
	"os"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// shippedNetworks are networks with hardware that come with the program; the first is
// small.
var shippedNetworks = []string{"resnet8_32", "mobilenet_v2_224", "resnet50_224"}

func planOf(t testing.TB, hardware string, g *network.Graph) *pipeline.Plan {
	t.Helper()
	hw, err := configs.LoadHardware(hardware)
	if err != nil {
		t.Fatal(err)
	}
	net, err := mapping.MapNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	return net.Plan
}

func shippedNetwork(t testing.TB, name string) *network.Graph {
	t.Helper()
	path, err := configs.Find("network", name, configs.NetworkFiles)
	if err != nil {
		t.Fatal(err)
	}
	n, err := configs.LoadNetwork(path)
	if err != nil {
		t.Fatal(err)
	}
	return n.Graph
}

// tried are the networks that tests run: CONVSIM_DESIGNS adds the large ones, which take a minute.
func tried() []string {
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		return shippedNetworks
	}
	return shippedNetworks[:1]
}

func solve(t testing.TB, p *pipeline.Plan, o clock.Options) *clock.Result {
	t.Helper()
	r, err := clock.Solve(p, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFastForwardOfShippedNetworks: skipping what repeats changes nothing.
func TestFastForwardOfShippedNetworks(t *testing.T) {
	t.Parallel()
	for _, name := range tried() {
		for _, hw := range []string{"large-32x32", "bursty-8x8"} {
			plan := planOf(t, hw, shippedNetwork(t, name))
			for _, frames := range []int64{1, 3, 8} {
				want := solve(t, plan, clock.Options{Frames: frames, EveryBeat: true})
				got := solve(t, plan, clock.Options{Frames: frames})
				t.Logf("%s on %s, %d frames: %d of %d cycles skipped", name, hw, frames, got.Skipped, got.Total)
				got.Skipped = 0
				if diff := compare.Diff(want, got); diff != "" {
					t.Errorf("%s on %s, %d frames (-every beat +fast-forward):\n%s", name, hw, frames, diff)
				}
			}
		}
	}
}

// TestShippedNetworksLoadInRows: of networks all of whose weights come by one port, beats in
// rows and at once move as each by itself, with and without fast-forward.
func TestShippedNetworksLoadInRows(t *testing.T) {
	t.Parallel()
	for _, name := range tried() {
		for _, reuse := range []string{"row", "frame"} {
			hw, err := configs.ParseHardware("hw.yaml", []byte("{name: n, board: zcu104, array: {pe: 8, simd: 8}, weights: {from: dram, reuse: "+reuse+"}}"))
			if err != nil {
				t.Fatal(err)
			}
			net, err := mapping.MapNetwork(hw, shippedNetwork(t, name))
			if err != nil {
				t.Fatal(err)
			}
			var all []*clock.Result
			for _, o := range []clock.Options{{EveryBeat: true, Single: true}, {EveryBeat: true}, {}} {
				o.Frames = 3
				r := solve(t, net.Plan, o)
				r.Skipped, r.Period = 0, clock.Period{}
				all = append(all, r)
			}
			for i, r := range all[1:] {
				if diff := compare.Diff(all[i], r); diff != "" {
					t.Errorf("%s, weights once a %s (-%d +%d of single, every beat, fast-forward):\n%s", name, reuse, i, i+1, diff)
				}
			}
		}
	}
}

// BenchmarkBigNetworks runs three frames of networks at full size on arrays of up to 1024
// multipliers, planning included, with what repeats and beat by beat.
func BenchmarkBigNetworks(b *testing.B) {
	for _, name := range []string{"resnet50_224", "mobilenet_v2_224", "deeplabv3_resnet50_513"} {
		for _, everyBeat := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/every beat %t", name, everyBeat), func(b *testing.B) {
				g := models.Integers(b, "..", "..", "shared", "golden", "topologies", name+".onnx")
				for b.Loop() {
					r := solve(b, planOf(b, "large-32x32", g), clock.Options{Frames: 3, EveryBeat: everyBeat})
					b.ReportMetric(float64(r.Total), "cycles")
				}
			})
		}
	}
}
