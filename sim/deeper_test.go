package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestDeeperFIFO holds the advice to what a hardware file with it does, and to every
// power of two on every edge: none of them, where it says nothing, is worth it, and
// none takes much more off than what it says.
func TestDeeperFIFO(t *testing.T) {
	advised, silent := 0, 0
	tried := 40
	if testing.Short() {
		tried = 8
	}
	for i := range tried {
		r := rand.New(rand.NewPCG(31, uint64(i)))
		pe, latency, on, off, kernel := 1<<r.IntN(3), r.IntN(7), 1+r.IntN(30), r.IntN(90), 1+r.IntN(3)
		style := []string{"serial", "parallel"}[r.IntN(2)]
		hardware := func(edges string) string {
			return fmt.Sprintf(`{name: b, array: {pe: %d, latency: %d}, window: {style: %s}, fifo: {edges: {%s}}, source: {burst: {open: %d, closed: %d}}, sink: {every: 2}}`,
				pe, latency, style, edges, on, off)
		}
		layer := fmt.Sprintf(`{op: conv2d, in_channels: 2, out_channels: 4, kernel_size: %d, input: {height: 7, width: 6}}`, kernel)
		run := func(edges string) *Report {
			hw, l := parse(t, hardware(edges), layer)
			out, err := Run(context.Background(), hw, l, Options{Frames: 3, NoValues: true, Deeper: true})
			if err != nil {
				t.Fatal(err)
			}
			return out.Report
		}
		report := run("")
		least := report.Cycles
		for _, e := range report.FIFOs {
			for depth := 4; depth <= 512; depth *= 2 {
				least = min(least, run(fmt.Sprintf("%s: %d", e.Name, depth)).Cycles)
			}
		}
		gain := report.Cycles - least
		f := report.DeeperFIFO
		if f == nil {
			silent++
			if gain > report.Cycles/100 {
				t.Errorf("%s: no advice, but a FIFO takes %d of %d cycles off", hardware(""), gain, report.Cycles)
			}
			continue
		}
		advised++
		if got := run(fmt.Sprintf("%s: %d", f.Edge, f.Depth)); got.Cycles != f.Cycles {
			t.Errorf("%s: %+v, but it is %d cycles", hardware(""), f, got.Cycles)
		}
		if told := report.Cycles - f.Cycles; told <= report.Cycles/100 || float64(told) < 0.9*float64(gain) {
			t.Errorf("%s: %+v takes %d of %d cycles off, the best %d", hardware(""), f, told, report.Cycles, gain)
		}
	}
	if advised < tried/8 || silent < tried/8 {
		t.Errorf("%d advised, %d silent: both are to be held", advised, silent)
	}
}

// TestDeeperStops with the run.
func TestDeeperStops(t *testing.T) {
	hw, layer := parse(t, `{name: b, source: {burst: {open: 16, closed: 48}}}`,
		`{op: conv2d, in_channels: 1, out_channels: 1, kernel_size: 3, input: {height: 30, width: 30}}`)
	d, err := NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := &Report{Cycles: 1 << 20, Frames: 3}
	if f, err := d.deeper(ctx, r, TimeOptions{Done: ctx.Done()}); err == nil {
		t.Errorf("%+v after it was stopped", f)
	}
}
