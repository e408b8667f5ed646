package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"pgregory.net/rapid"
)

// drawn is a random small layer on a random hardware, nil if there is no such design.
func drawn(t *rapid.T) *Design {
	t.Helper()
	pick := func(name string, values ...int) int { return rapid.SampledFrom(values).Draw(t, name) }
	word := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	groups := pick("groups", 1, 1, 2, 3)
	layer, err := configs.ParseLayer("layer", fmt.Appendf(nil, `
op: conv2d
in_channels: %d
out_channels: %d
groups: %d
kernel_size: [%d, %d]
stride: [%d, %d]
padding: %d
padding_mode: %s
dilation: %d
input: {height: %d, width: %d}
%s`, groups*pick("c", 1, 2, 4, 5), groups*pick("k", 1, 3, 4), groups, pick("kh", 1, 2, 3), pick("kw", 1, 3), pick("sh", 1, 2), pick("sw", 1, 2),
		pick("pad", 0, 1), word("mode", "zeros", "reflect", "replicate"), pick("dilation", 1, 2), pick("h", 5, 6, 9), pick("w", 5, 7),
		word("requantize", "", "requantize: {rule: shift, shift: 3, dtype: int8}")))
	if err != nil {
		return nil
	}
	d, err := NewDesign(hardware(t, pick("pe", 1, 2, 3), pick("simd", 1, 2, 4), pick("gp", 1, 2), fmt.Sprintf(
		"window: {style: %s, frame_overlap: %s}\nfifo: {depth: %d}\nsource: {%s}\nsink: {%s}\n",
		word("style", "serial", "parallel"), word("overlap", "true", "false"), pick("depth", 0, 1, 2, 9),
		word("source", "pattern: full", "every: 3", "burst: {on: 5, off: 7}", "random: 4", "bytes_per_cycle: 2"),
		word("sink", "pattern: full", "every: 2", "burst: {on: 9, off: 20}", "random: 9"))), layer)
	if err != nil {
		return nil
	}
	return d
}

func hardware(t *rapid.T, pe, simd, groups int, rest string) *configs.Hardware {
	t.Helper()
	hw, err := configs.ParseHardware("hw", fmt.Appendf(nil, "name: x\narray: {pe: %d, simd: %d, group_parallel: %d}\n%s", pe, simd, groups, rest))
	if err != nil {
		t.Fatal(err)
	}
	return hw
}

// TestBoundHolds: no run is faster than its bound.
func TestBoundHolds(t *testing.T) {
	tight := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		if d == nil {
			return
		}
		frames := rapid.Int64Range(1, 5).Draw(t, "frames")
		got, err := d.Pace(frames, nil)
		if err != nil {
			return // a deadlock has no time
		}
		bound := d.Bound(frames)
		if bound.Cycles > got.Cycles || bound.Latency > got.Latency || bound.Interval > got.Interval {
			t.Fatalf("bound %+v above the run %+v", bound, got)
		}
		if e := d.estimate(frames, got.Cycles); e.BoundCycles > got.Cycles || e.Cycles < e.BoundCycles {
			t.Fatalf("%+v of a run of %d cycles", e, got.Cycles)
		}
		if 10*bound.Cycles > 9*got.Cycles {
			tight++
		}
	})
	if tight == 0 && !testing.Short() { // a short run draws few designs
		t.Error("no bound came within a tenth of its run: it bounds nothing")
	}
}

// TestTimingKey: designs with one key have one pace, on arrays that differ in lanes alone.
func TestTimingKey(t *testing.T) {
	equal := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		if d == nil {
			return
		}
		hw := *d.Hardware
		hw.Array.PE = rapid.IntRange(1, 6).Draw(t, "other pe")
		hw.Array.SIMD = rapid.IntRange(1, 6).Draw(t, "other simd")
		other, err := NewDesign(&hw, d.Layer)
		if err != nil || string(d.TimingKey(nil, 3)) != string(other.TimingKey(nil, 3)) {
			return
		}
		equal++
		a, errA := d.Pace(3, nil)
		b, errB := other.Pace(3, nil)
		if a != b || (errA == nil) != (errB == nil) {
			t.Fatalf("one key, paces %+v and %+v (%v, %v)", a, b, errA, errB)
		}
	})
	if equal == 0 && !testing.Short() { // a short run draws few designs
		t.Error("no two designs shared a key")
	}
}

// TestTimingKeyTellsApart: whatever changes a pace changes the key.
func TestTimingKeyTellsApart(t *testing.T) {
	layer, err := configs.ParseLayer("layer", []byte("op: conv2d\nin_channels: 4\nout_channels: 4\nkernel_size: 3\npadding: 1\ninput: {height: 9, width: 8}\n"))
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for _, rest := range []string{"", "window: {style: parallel}", "window: {frame_overlap: true}", "window: {buffer_depth: 90}", "fifo: {depth: 3}",
		"fifo: {latency: 2}", "fifo: {edges: {pad.window: 5}}", "fifo: {edges: {array.sink: 5}}", "source: {every: 2}", "source: {every: 2, phase: 1}",
		"source: {random: 2}", "source: {bytes_per_cycle: 0.5}", "source: {bytes_per_cycle: 0.75}", "source: {cycles: [1], repeat: 3}",
		"source: {cycles: [2], repeat: 3}", "sink: {every: 2}", "sink: {burst: {on: 2, off: 3}}", "array: {pe: 2}", "array: {simd: 2}"} {
		hw, err := configs.ParseHardware("hw", []byte("name: x\n"+rest+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewDesign(hw, layer)
		if err != nil {
			t.Fatal(err)
		}
		key := string(d.TimingKey(nil, 3))
		if twin, known := keys[key]; known {
			t.Errorf("%q has the key of %q", rest, twin)
		}
		keys[key] = rest
	}
}

// TestWorkOfABill counts by hand: 4 to 4 channels, 3x3 on 9x8 padded by 1, PE 2, SIMD 2.
func TestWorkOfABill(t *testing.T) {
	layer, err := configs.ParseLayer("layer", []byte("op: conv2d\nin_channels: 4\nout_channels: 4\nkernel_size: 3\npadding: 1\ninput: {height: 9, width: 8}\n"))
	if err != nil {
		t.Fatal(err)
	}
	hw, err := configs.ParseHardware("hw", []byte("name: x\narray: {pe: 2, simd: 2}\nfifo: {depth: 0, edges: {pad.window: 4}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	c := d.Bill()
	const pixels, padded = 9 * 8, 11 * 10
	work := []resources.Operation{{Part: "multiply", Count: c.MACs, A: 8, B: 8}, {Part: "accumulate", Count: c.MACs, A: 32}}
	if c.MACs != pixels*4*4*9 || c.DRAMBytes() != pixels*4+pixels*4*4 || !slices.Equal(c.Operations, work) {
		t.Errorf("%d MACs, %d bytes, operations %v", c.MACs, c.DRAMBytes(), c.Operations)
	}
	var got []string
	for _, m := range c.Memories {
		got = append(got, fmt.Sprintf("%s %d bits: %d reads, %d writes", m.Name, m.WidthBits, m.Reads, m.Writes))
	}
	for _, f := range c.FIFOs {
		got = append(got, fmt.Sprintf("fifo %s: %d", f.Name, f.Pushes))
	}
	want := []string{
		fmt.Sprintf("linebuffer 16 bits: %d reads, %d writes", pixels*9*2, padded*2),
		fmt.Sprintf("replay 16 bits: %d reads, %d writes", pixels*9*2*2, pixels*9*2),
		fmt.Sprintf("weights 32 bits: %d reads, 0 writes", pixels*9*2*2),
		fmt.Sprintf("fifo pad.window: %d", padded*2),
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("accesses\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
