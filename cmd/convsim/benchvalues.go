package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/simd"
)

// values measures real arithmetic: every layer of each workload on the first hardware
// given, or large-32x32, on one core by processor time; last how much faster all
// cores are, by the clock on the wall.
func (f *benchFlags) values(ctx context.Context, out io.Writer, m *measured, hw *configs.Hardware) error {
	peak, err := peakRate()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "values\thardware\tlayers\tGMAC\tms\tGMAC/s\tof peak\tverified\tGMAC/s\tcores\t")
	for _, work := range m.workloads {
		if err := f.valuesRow(ctx, w, work, hw, peak); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	peakText := "no peak is known of it"
	if peak > 0 {
		peakText = fmt.Sprintf("its peak, products in registers alone: %.0f GMAC/s", peak)
	}
	_, err = fmt.Fprintf(out, `ms: processor time on one core, time plane included; verified: with all outputs
compared; cores: how much faster %d are, by the clock on the wall; this processor's
loops: %s; %s
`, runtime.NumCPU(), simd.Name(), peakText)
	return err
}

// peakRate is how many billion products of bytes a core makes a second at most.
func peakRate() (float64, error) {
	done := 0
	took, err := medianOf(cpuTime, func() error { done = simd.Peak(2_000_000_000); return nil })
	if done == 0 || took == 0 {
		return 0, err
	}
	return float64(done) / took.Seconds() / 1e9, err
}

// valuesRow measures one workload.
func (f *benchFlags) valuesRow(ctx context.Context, w io.Writer, work *configs.Workload, hw *configs.Hardware, peak float64) error {
	var plain, verified, alone, together time.Duration
	macs := int64(0)
	for _, layer := range work.Layers {
		d, err := sim.NewDesign(hw, layer)
		if err != nil {
			return err
		}
		data, err := d.LoadData(sim.Paths{}, 1, 1)
		if err != nil {
			return err
		}
		macs += d.Fold.Shape.MACs() / int64(d.Fold.Shape.Batch)
		for _, part := range []struct {
			sum    *time.Duration
			clock  func() time.Duration
			cores  int
			verify bool
		}{{&plain, cpuTime, 1, false}, {&verified, cpuTime, 1, true}, {&alone, wallTime, 1, false}, {&together, wallTime, runtime.NumCPU(), false}} {
			took, err := onCores(part.cores, part.clock, func() error {
				_, err := d.Run(ctx, data, 1, sim.Options{NoVerify: !part.verify})
				return err
			})
			if err != nil {
				return err
			}
			*part.sum += took
		}
	}
	rate := func(t time.Duration) float64 { return float64(macs) / t.Seconds() / 1e9 }
	share := "-"
	if peak > 0 {
		share = fmt.Sprintf("%.0f %%", 100*rate(plain)/peak)
	}
	_, err := fmt.Fprintf(w, "%s\t%s\t%d\t%.2f\t%.1f\t%.1f\t%s\t%.1f\t%.1f\t%.2f\t\n", workName(work), hw.Name, len(work.Layers), float64(macs)/1e9,
		1000*plain.Seconds(), rate(plain), share, 1000*verified.Seconds(), rate(verified), alone.Seconds()/together.Seconds())
	return err
}

// onCores measures f on so many cores.
func onCores(n int, clock func() time.Duration, f func() error) (time.Duration, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	return medianOf(clock, f)
}
