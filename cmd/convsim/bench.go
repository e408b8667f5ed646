package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// benchFlags are the flags of `convsim bench`.
type benchFlags struct {
	workloads, hardware []string
	everyBeat           int64
	timeOnly            bool
}

func newBench(s streams) *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure how fast this machine simulates",
		Long: `Bench evaluates every layer of each workload on each hardware, timing only, on one
core: with fast-forward, and with every beat simulated where that is not too long.
Then it computes the values of each workload, without and with comparing them, on the
first hardware named by --hw, or large-32x32, beside what the processor can multiply at
most. Its figures are of this machine, no results: medians of processor time, which
other programs disturb little.`,
		Example: "  convsim bench --workload mobilenet_v2 --hw large-32x32",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&f.workloads, "workload", []string{"resnet50", "mobilenet_v2", "deeplab_aspp_d12"}, "workload or layer files, or names")
	fl.StringSliceVar(&f.hardware, "hw", nil, "hardware files or names (default: five of the shipped)")
	fl.Int64Var(&f.everyBeat, "every-beat", 300_000_000, "simulate every beat too where a workload takes at most so many cycles")
	fl.BoolVar(&f.timeOnly, "no-values", false, "time only")
	return cmd
}

func (f *benchFlags) run(ctx context.Context, s streams) error {
	named := len(f.hardware) > 0
	m, err := slowly(ctx, s, "bench", "reading files", f.load)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "workload\thardware\tpoints\tcycles\tms\tpoints/s\tMc/s\tflat\tKiB\t")
	talk := newPhaseTalk(s.err, "bench")
	for _, work := range m.workloads {
		for _, hw := range m.hardware {
			talk.tell(fmt.Sprintf("%s on %s", workName(work), hw.Name))
			if err = errors.Join(err, f.row(ctx, w, work, hw)); err != nil {
				break
			}
		}
	}
	talk.clear()
	if err = errors.Join(err, w.Flush()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "Mc/s: million cycles a second; flat: the same, every beat simulated;\nKiB: allocated a point")
	if err != nil || f.timeOnly {
		return err
	}
	fmt.Fprintln(s.out)
	hw := m.hardware[0]
	if !named {
		hw = m.hardware[len(m.hardware)-1] // the widest
	}
	return f.values(ctx, s.out, m, hw)
}

// measured is what is measured, each workload on each hardware.
type measured struct {
	workloads []*configs.Workload
	hardware  []*configs.Hardware
}

// load reads the files, all mistakes at once.
func (f *benchFlags) load() (*measured, error) {
	if len(f.hardware) == 0 {
		f.hardware = []string{"minimal-1x1", "edge-8x8", "parallel-4x16", "depthwise-32", "large-32x32"}
	}
	m := &measured{}
	var errs []error
	if f.everyBeat < 0 {
		errs = append(errs, fmt.Errorf("--every-beat %d; allowed: 0 or more", f.everyBeat))
	}
	for _, path := range f.workloads {
		work, err := configs.LoadWorkload(path)
		m.workloads, errs = append(m.workloads, work), append(errs, err)
	}
	for _, path := range f.hardware {
		hw, err := configs.LoadHardware(path)
		m.hardware, errs = append(m.hardware, hw), append(errs, err)
	}
	return m, errors.Join(errs...)
}

// row measures one workload on one hardware.
func (f *benchFlags) row(ctx context.Context, w *tabwriter.Writer, work *configs.Workload, hw *configs.Hardware) error {
	memory := &clock.Workspace{} // of one core of a sweep, which keeps it from point to point
	if _, err := timeAll(ctx, work, hw, memory, false); err != nil {
		return err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cycles, err := timeAll(ctx, work, hw, memory, false)
	if err != nil {
		return err
	}
	runtime.ReadMemStats(&after)
	took, err := medianOf(cpuTime, func() error { _, err := timeAll(ctx, work, hw, memory, false); return err })
	if err != nil {
		return err
	}
	flat := "-"
	if cycles <= f.everyBeat {
		n := int64(0)
		t, err := medianOf(cpuTime, func() (err error) { n, err = timeAll(ctx, work, hw, memory, true); return err })
		if err != nil {
			return err
		}
		if n != cycles {
			return fmt.Errorf("%s on %s: %d cycles with fast-forward, %d without", work.Name, hw.Name, cycles, n)
		}
		flat = fmt.Sprintf("%.1f", float64(n)/t.Seconds()/1e6)
	}
	points := len(work.Layers)
	fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%.1f\t%.0f\t%.0f\t%s\t%.0f\t\n", workName(work), hw.Name, points, cycles,
		1000*took.Seconds(), float64(points)/took.Seconds(), float64(cycles)/took.Seconds()/1e6, flat,
		float64(after.TotalAlloc-before.TotalAlloc)/1024/float64(points))
	return nil
}

// workName is what a workload is called in a table.
func workName(work *configs.Workload) string {
	return strings.TrimSuffix(filepath.Base(work.Name), ".yaml")
}

// timeAll evaluates all layers in the given memory and returns their cycles.
func timeAll(ctx context.Context, work *configs.Workload, hw *configs.Hardware, memory *clock.Workspace, everyBeat bool) (int64, error) {
	cycles := int64(0)
	for _, layer := range work.Layers {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		d, err := sim.NewDesign(hw, layer)
		if err != nil {
			return 0, err
		}
		r, err := d.Time(1, sim.TimeOptions{EveryBeat: everyBeat, Done: ctx.Done(), Work: memory})
		if err != nil {
			return 0, err
		}
		cycles += int64(r.Total)
	}
	return cycles, nil
}
