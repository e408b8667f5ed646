package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// waveFlags say which waveform of a run is wanted.
type waveFlags struct {
	file     destination
	from, to int64
}

func (f *waveFlags) add(cmd *cobra.Command) {
	f.file.flag = "--wave"
	fl := cmd.Flags()
	fl.StringVar(&f.file.path, "wave", "", "write a waveform of the run to this .vcd: states of stages, handshakes, FIFO fill")
	fl.Int64Var(&f.from, "from", 0, "first cycle of the waveform")
	fl.Int64Var(&f.to, "to", 0, "the cycle before which the waveform ends (default: the end of the run)")
	must(cmd.MarkFlagFilename("wave", "vcd"))
}

// check says all that is wrong with the flags.
func (f *waveFlags) check() error {
	if f.file.path == "" {
		if f.from != 0 || f.to != 0 {
			return errors.New("--from and --to are of a waveform: --wave FILE.vcd")
		}
		return nil
	}
	var errs []error
	if ext := filepath.Ext(f.file.path); !strings.EqualFold(ext, ".vcd") {
		errs = append(errs, fmt.Errorf("--wave %s: no waveforms are written as %q; allowed: a .vcd file", f.file.path, ext))
	}
	if f.from < 0 || f.to < 0 || f.to > 0 && f.to < f.from {
		errs = append(errs, fmt.Errorf("--from %d --to %d; allowed: 0 or more, the second not before the first", f.from, f.to))
	}
	return errors.Join(errs...)
}

// end is the cycle before which the waveform ends.
func (f *waveFlags) end() clock.Cycle {
	if f.to == 0 {
		return clock.Never
	}
	return clock.Cycle(f.to)
}

// tapes are what a run is to keep for the waveform, nil for nothing.
func (f *waveFlags) tapes() *clock.Tapes {
	if f.file.path == "" {
		return nil
	}
	return &clock.Tapes{From: clock.Cycle(f.from), To: f.end()}
}

// write writes the waveform, if it is wanted.
func (f *waveFlags) write(ctx context.Context, s streams, p *pipeline.Plan, r *clock.Result) error {
	if f.file.path == "" || r == nil {
		return nil
	}
	return f.file.write(ctx, s, func(w io.Writer) error { return sim.WriteVCD(w, p, r, clock.Cycle(f.from), f.end()) })
}
