package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/abreast"
	"github.com/convsim/convsim/internal/simd"
	"github.com/convsim/convsim/sim"
)

// values measures real arithmetic: every layer of each workload on the first hardware
// given, or large-32x32, on one core by processor time; last how much faster all
// cores are, by the clock on the wall: with one layer at a time, and with as many.
func (f *benchFlags) values(ctx context.Context, out io.Writer, m *measured, hw *configs.Hardware) error {
	peak, err := peakRate()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "values\thardware\tlayers\tGMAC\tms\tGMAC/s\tpeak\tof peak\tverified\tGMAC/s\tcycles\tcores\tabreast\t")
	for _, work := range m.workloads {
		if err := f.valuesRow(ctx, w, work, hw, peak); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `ms: processor time on one core, with the hash of the outputs; peak: products in
registers alone by this processor's loops, %s; verified: ms with all outputs
compared; cycles: ms of the time plane, not in the others; cores: how much faster
%d are with all of it, layer after layer, by the clock on the wall, the least of 15
runs; abreast: the same with as many layers at a time, as regress runs them
`, simd.Name(), runtime.NumCPU())
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

// valueTimes is how long runs took: of cycles alone, with values, and with values compared;
// and the last by the clock on the wall, alone and on all cores.
type valueTimes struct{ cycles, values, verified, alone, together time.Duration }

// loaded is a layer that can run.
type loaded struct {
	*sim.Design
	data *sim.Data
}

// valuesRow measures one workload.
func (f *benchFlags) valuesRow(ctx context.Context, w io.Writer, work *configs.Workload, hw *configs.Hardware, peak float64) error {
	var t valueTimes
	macs, layers := int64(0), []loaded{}
	for _, layer := range work.Layers {
		d, err := sim.NewDesign(hw, layer)
		if err != nil {
			return err
		}
		data, err := d.LoadData(ctx, sim.Paths{}, 1, 1)
		if err != nil {
			return err
		}
		macs += d.Fold.Shape.MACs() / int64(d.Fold.Shape.Batch)
		if err := t.add(ctx, d, data); err != nil {
			return err
		}
		layers = append(layers, loaded{d, data})
	}
	together, err := gainAbreast(ctx, layers)
	if err != nil {
		return err
	}
	values, verified := max(t.values-t.cycles, 1), max(t.verified-t.cycles, 1)
	rate := func(t time.Duration) float64 { return float64(macs) / t.Seconds() / 1e9 }
	most, share := "-", "-"
	if peak > 0 {
		most, share = fmt.Sprintf("%.0f", peak), fmt.Sprintf("%.0f %%", 100*rate(values)/peak)
	}
	_, err = fmt.Fprintf(w, "%s\t%s\t%d\t%.2f\t%.1f\t%.1f\t%s\t%s\t%.1f\t%.1f\t%.1f\t%.2f\t%.2f\t\n", workName(work), hw.Name, len(work.Layers),
		float64(macs)/1e9, 1000*values.Seconds(), rate(values), most, share, 1000*verified.Seconds(), rate(verified),
		1000*t.cycles.Seconds(), t.alone.Seconds()/t.together.Seconds(), together)
	return err
}

// gainAbreast is how much faster all cores run all layers, with values compared, than one does:
// as many at a time as there are cores.
func gainAbreast(ctx context.Context, layers []loaded) (float64, error) {
	measure := func(cores int) (time.Duration, error) {
		before := runtime.GOMAXPROCS(cores)
		defer runtime.GOMAXPROCS(before)
		return leastOf(wallTime, func() error {
			errs := make([]error, len(layers))
			abreast.Do(ctx, len(layers), abreast.All, func() func(int) {
				return func(i int) { errs[i] = runOnce(ctx, layers[i].Design, layers[i].data, sim.Options{}) }
			})
			return errors.Join(errs...)
		})
	}
	alone, err := measure(1)
	if err != nil {
		return 0, err
	}
	together, err := measure(runtime.NumCPU())
	return alone.Seconds() / together.Seconds(), err
}

// add measures a layer.
func (t *valueTimes) add(ctx context.Context, d *sim.Design, data *sim.Data) error {
	for _, part := range []struct {
		sum     *time.Duration
		measure func(clock func() time.Duration, f func() error) (time.Duration, error)
		clock   func() time.Duration
		cores   int
		data    *sim.Data
		opt     sim.Options
	}{
		{&t.cycles, medianOf, cpuTime, 1, nil, sim.Options{}},
		{&t.values, medianOf, cpuTime, 1, data, sim.Options{NoVerify: true}},
		{&t.verified, medianOf, cpuTime, 1, data, sim.Options{}},
		{&t.alone, leastOf, wallTime, 1, data, sim.Options{}},
		{&t.together, leastOf, wallTime, runtime.NumCPU(), data, sim.Options{}},
	} {
		before := runtime.GOMAXPROCS(part.cores)
		took, err := part.measure(part.clock, func() error { return runOnce(ctx, d, part.data, part.opt) })
		runtime.GOMAXPROCS(before)
		if err != nil {
			return err
		}
		*part.sum += took
	}
	return nil
}

// runOnce runs a layer whose output nobody wants to see.
func runOnce(ctx context.Context, d *sim.Design, data *sim.Data, opt sim.Options) error {
	out, err := d.Run(ctx, data, 1, opt)
	if err != nil {
		return err
	}
	out.Release()
	return nil
}
