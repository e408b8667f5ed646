package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/tensor"
)

// TestSameOnAnyNumberOfProcessors: report and output are the same bytes.
func TestSameOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, c := range append(faulty, struct{ name, hardware, layer string }{"circular", smallHardware, stopLayer}) {
		t.Run(c.name, func(t *testing.T) {
			hw, layer := parse(t, c.hardware, c.layer)
			var first []byte
			for _, n := range []int{1, 2, 8} {
				runtime.GOMAXPROCS(n)
				out, err := Run(context.Background(), hw, layer, Options{Frames: 5})
				if err != nil {
					t.Fatal(err)
				}
				text, err := json.Marshal(out.Report)
				if err != nil {
					t.Fatal(err)
				}
				text = append(text, out.Output.Bytes()...)
				if first == nil {
					first = text
				}
				if !bytes.Equal(first, text) {
					t.Errorf("GOMAXPROCS %d gives other bytes than 1", n)
				}
			}
		})
	}
}

// TestReportAddsUp holds the numbers of a report to each other.
func TestReportAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		layer, hw := drawLayer(t), drawHardware(t)
		frames := rapid.IntRange(1, 4).Draw(t, "frames")
		out, err := Run(context.Background(), hw, layer, Options{Frames: frames, NoValues: true, Record: true})
		if err != nil {
			t.Fatal(err)
		}
		r := out.Report
		for _, s := range r.Stages {
			if sum := s.Busy + s.Starved + s.Blocked + s.Other; sum != s.Total || s.Total != r.Cycles {
				t.Fatalf("%+v in %d cycles", s, r.Cycles)
			}
		}
		if r.MACsPerCycle > float64(r.Multipliers) || r.Utilization > 1 || r.Utilization <= 0 {
			t.Fatalf("%v MACs per cycle on %d multipliers, utilization %v", r.MACsPerCycle, r.Multipliers, r.Utilization)
		}
		if r.Cycles < r.Estimate.BoundCycles {
			t.Fatalf("%d cycles, the %s alone needs %d", r.Cycles, r.Estimate.BoundStage, r.Estimate.BoundCycles)
		}
		if r.Folding.IdleShare < 0 || r.Folding.IdleShare >= 1 {
			t.Fatalf("idle share %v", r.Folding.IdleShare)
		}
		if (r.SteadyInterval != nil) != (frames >= 3) {
			t.Fatalf("steady interval %v of %d frames", r.SteadyInterval, frames)
		}
		for _, f := range r.FIFOs {
			for _, e := range out.Records {
				if e.Name == f.Name && beats(e.Out, r.Cycles) != f.Beats {
					t.Fatalf("%s: %d beats, %d in the trace", f.Name, f.Beats, beats(e.Out, r.Cycles))
				}
			}
		}
	})
}

// beats counts the handshakes of a trace before a cycle.
func beats(t *clock.Trace, end int64) int64 {
	n := int64(0)
	for _, s := range t.Spans {
		n += max(0, min(int64(s.Last)+1, end)-int64(s.First))
	}
	return n
}

// TestIdleShare compares with a count over all lanes.
func TestIdleShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		layer, hw := drawLayer(t), drawHardware(t)
		d, err := NewDesign(hw, layer)
		if err != nil {
			t.Fatal(err)
		}
		f := d.Fold
		all := f.ComputeCycles() * f.MultipliersBuilt()
		want := float64(f.IdleMACs()) / float64(all)
		if got := d.folding().IdleShare; got-want > 1e-12 || want-got > 1e-12 || (f.IdleMACs() == 0) != (got == 0) {
			t.Fatalf("idle share %v, want %d/%d", got, f.IdleMACs(), all)
		}
	})
}

// TestRefusedFrames: what cannot be counted, by the flag or by the batch.
func TestRefusedFrames(t *testing.T) {
	hw, layer := parse(t, smallHardware, `{op: conv2d, in_channels: 1, out_channels: 1, kernel_size: 1, input: {height: 60000, width: 80000}}`)
	for _, c := range []struct {
		frames, batch, height int
		want                  string
	}{
		{-1, 1, 10, "--frames -1; allowed: 0..1048576"},
		{MaxFrames + 1, 1, 10, "--frames 1048577; allowed: 0..1048576"},
		{0, MaxFrames + 1, 10, "input.batch: illegal value, got 1048577; allowed: 0..1048576"},
		{MaxFrames, 1, 60000, "--frames 1048576: a stage moves 5.03e+15 beats; allowed: at most 2^52 beats"},
		{0, MaxFrames, 60000, "input: illegal value, got a stage that moves 5.03e+15 beats; allowed: at most 2^52 beats"},
	} {
		layer.Batch, layer.Height = c.batch, c.height
		_, err := Run(context.Background(), hw, layer, Options{Frames: c.frames, NoValues: true})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d frames, batch %d: %v, want %s", c.frames, c.batch, err, c.want)
		}
	}
}

// TestMadeUpTensors: the same for the same seed, whatever else is made up, and
// over the whole range of their type.
func TestMadeUpTensors(t *testing.T) {
	for _, dtype := range []tensor.DType{tensor.Int4, tensor.UInt4, tensor.Int8, tensor.UInt8} {
		made := func(seed, stream uint64) *tensor.Tensor {
			m, err := tensor.New(dtype, 4096)
			if err != nil {
				t.Fatal(err)
			}
			if err := (maker{context.Background(), seed}).fill(m, stream); err != nil {
				t.Fatal(err)
			}
			return m
		}
		a, b, c, d := made(5, inputStream), made(5, inputStream), made(6, inputStream), made(5, weightStream)
		if !a.Equal(b) || a.Equal(c) || a.Equal(d) {
			t.Errorf("%s: seeds and streams do not decide", dtype)
		}
		seen := map[int64]bool{}
		for i := range a.Len() {
			seen[a.Int(i)] = true
		}
		lo, hi := dtype.Range()
		if !seen[lo] || !seen[hi] || int64(len(seen)) != hi-lo+1 {
			t.Errorf("%s: %d values, lowest %v, highest %v", dtype, len(seen), seen[lo], seen[hi])
		}
	}
}

// TestFramesShowImagesInTurn: frame i is image i modulo the images.
func TestFramesShowImagesInTurn(t *testing.T) {
	hw, layer := parse(t, smallHardware, `{op: conv2d, in_channels: 2, out_channels: 3, kernel_size: 2, input: {batch: 2, height: 3, width: 4}}`)
	d, data := mustLoad(t, hw, layer, 2)
	out, err := d.Run(context.Background(), data, 5, Options{})
	if err != nil || out.Wrong != nil {
		t.Fatal(err, out)
	}
	y := out.Output.Data.([]int32)
	one := len(y) / 5
	for i := range 5 {
		if diff := cmp.Diff(y[i%2*one:][:one], y[i*one:][:one]); diff != "" {
			t.Errorf("frame %d is not image %d:\n%s", i, i%2, diff)
		}
	}
	if cmp.Equal(y[:one], y[one:2*one]) {
		t.Error("both images are the same")
	}
}
