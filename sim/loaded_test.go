package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/clock"
)

// loading runs the residual network with weights that come by a port.
func loading(t *testing.T, text string, o Options) (*Network, *NetworkOutcome, *NetworkReport) {
	t.Helper()
	hw, err := configs.ParseHardware("hw.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	g, inputs := residual(rand.New(rand.NewPCG(1, 2)))
	n, err := NewNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.Run(context.Background(), inputs, o)
	if err != nil {
		t.Fatal(err)
	}
	return n, out, n.Report(out, o)
}

// TestLoadedWeightsChangeNoValue: every node equals its definition, whatever is loaded
// how often; time is the same with and without fast-forward; the bytes are those of the
// weights, once for every tile but those at the end of the last frame that no output
// needs; the port is never used for longer than it is there.
func TestLoadedWeightsChangeNoValue(t *testing.T) {
	t.Parallel()
	for _, reuse := range []string{"pixel", "row", "frame"} {
		for _, rate := range []string{"1.5", "64"} {
			t.Run(reuse+" at "+rate, func(t *testing.T) {
				text := fmt.Sprintf("{name: n, array: {pe: 2, simd: 2}, weights: {from: dram, reuse: %s}, dram: {bytes_per_cycle: %s}}", reuse, rate)
				o := Options{Frames: 6}
				n, out, r := loading(t, text, o)
				if out.Wrong != nil || out.Checked != len(n.Graph.Nodes) {
					t.Errorf("%v; %d nodes of %d", out.Wrong, out.Checked, len(n.Graph.Nodes))
				}
				o.EveryBeat, o.NoValues = true, true
				_, _, plain := loading(t, text, o)
				plain.Verified, plain.NodesVerified, plain.VerifiedBy = r.Verified, r.NodesVerified, r.VerifiedBy
				plain.OutputSHA256, plain.Top = r.OutputSHA256, r.Top
				if diff := compare.Diff(plain, r, cmp.AllowUnexported(NetworkReport{})); diff != "" {
					t.Errorf("(-every beat +fast-forward):\n%s", diff)
				}
				var most, unneeded int64
				needs := n.Plan.Needs()
				for i, e := range n.Plan.Edges {
					a, ok := n.Plan.Nodes[e.To.Node].Block.(pe.Array)
					if !ok || e.To.Port != 0 {
						continue
					}
					s := a.Fold.Shape
					tiles := map[string]int{"pixel": s.OutHeight * s.OutWidth, "row": s.OutHeight, "frame": 1}[reuse]
					bytes := int64(tiles * s.OutChannels * s.Taps())
					most += 6 * bytes
					unneeded += bytes - bytes*needs[i]/e.Stream.Frame()
				}
				if r.DRAM.Weights > most || r.DRAM.Weights < most-unneeded || r.DRAM.Busy > 1 {
					t.Errorf("%d bytes of weights, want %d, of which the last frame may spare %d; port busy %v", r.DRAM.Weights, most, unneeded, r.DRAM.Busy)
				}
				if bound := len(r.MemoryBound) > 0; bound != (rate == "1.5" && reuse != "frame") {
					t.Errorf("memory-bound: %v; port busy %v", r.MemoryBound, r.DRAM.Busy)
				}
			})
		}
	}
}

// TestLoadedWeightsTakeNoMemory: of one layer alone weights come by the port, which its
// tensors share; no memory of all of them is built.
func TestLoadedWeightsTakeNoMemory(t *testing.T) {
	n, out, r := loading(t, "{name: n, array: {pe: 2, simd: 2}, dram: {bytes_per_cycle: 4}, source: {pattern: dram}, sink: {pattern: dram}, layers: {conv2: {weights: {from: dram, reuse: frame}}}}", Options{})
	if out.Wrong != nil {
		t.Error(out.Wrong)
	}
	loads := 0
	for _, node := range n.Plan.Nodes {
		if w, ok := node.Block.(pe.Weights); ok {
			loads++
			if node.Layer != "conv2" {
				t.Errorf("weights of %s come", node.Layer)
			}
			if r.DRAM.Weights != w.FrameBytes()*r.Frames {
				t.Errorf("%d bytes of weights", r.DRAM.Weights)
			}
		}
	}
	if loads != 1 || r.DRAM.Read == 0 || r.DRAM.Written == 0 {
		t.Errorf("%d layers; %+v", loads, r.DRAM)
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "  dram         4 bytes a cycle, busy in ") {
		t.Error(b.String())
	}
}

// TestLoadedWeightsNeedAPort: what the file lacks or may not say is told with its place.
func TestLoadedWeightsNeedAPort(t *testing.T) {
	g, _ := residual(rand.New(rand.NewPCG(1, 2)))
	for text, want := range map[string]string{
		"{name: n, weights: {from: dram}}": "hw.yaml:1:1: dram.bytes_per_cycle: illegal value, got none; allowed: a number above 0, or a board whose DRAM is known",
		"{name: n, weights: {from: ddr}}":  "hw.yaml:1:27: weights.from: not among the choices, got ddr; allowed: chip, dram",
		"{name: n, mode: layerwise, dram: {bytes_per_cycle: 2}, weights: {from: dram}}": "hw.yaml:1:72: weights.from: illegal value, got dram; " +
			"allowed: chip in mode layerwise: the weights of a layer are loaded before it, or beside the one before",
	} {
		hw, err := configs.ParseHardware("hw.yaml", []byte(text))
		if err == nil && hw.Mode == configs.Layerwise {
			_, _, err = mapping.Steps(hw, g)
		} else if err == nil {
			_, err = NewNetwork(hw, g)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v\nwant %s", text, err, want)
		}
	}
}

// TestLoadedLayer: a layer by itself whose weights come is Conv2d, waits for them, and
// is faster with more bandwidth down to the bound of its multipliers.
func TestLoadedLayer(t *testing.T) {
	layer, err := configs.ParseLayer("l.yaml", []byte("{op: conv2d, in_channels: 6, out_channels: 10, kernel_size: 3, padding: 1, input: {height: 6, width: 5}, dtype: {input: int8, weight: int8}}"))
	if err != nil {
		t.Fatal(err)
	}
	before := int64(0)
	for _, rate := range []string{"1", "3", "24"} {
		hw, err := configs.ParseHardware("hw.yaml", []byte("{name: n, array: {pe: 4, simd: 3}, weights: {from: dram}, dram: {bytes_per_cycle: "+rate+"}}"))
		if err != nil {
			t.Fatal(err)
		}
		out, err := Run(context.Background(), hw, layer, Options{Frames: 3, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		r := out.Report
		if r.Verified == nil || !*r.Verified {
			t.Errorf("%s bytes a cycle: %v", rate, out.Failure())
		}
		if before > 0 && r.Cycles >= before || r.MemoryBound != (rate == "1") {
			t.Errorf("%s bytes a cycle: %d cycles after %d, memory-bound %v", rate, r.Cycles, before, r.MemoryBound)
		}
		before = r.Cycles
		array := out.Time.Stages[len(out.Time.Stages)-4]
		if !strings.HasSuffix(array.Name, "array") || array.HeldBy != "weights" || array.Of(clock.Busy) != 3*30*18*3 {
			t.Errorf("%+v", array)
		}
	}
}
