package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/hdl/synth"
)

// synthFlags are the flags of `convsim rtl` about synthesis.
type synthFlags struct {
	on     bool
	family string
	limit  time.Duration
}

// synthLimit is the time that synthesis may take if nothing else is said.
const synthLimit = 30 * time.Minute

func (f *synthFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.on, "synth", false, "synthesize with Yosys and compare with the estimate")
	fl.StringVar(&f.family, "family", "", "devices: xcup (UltraScale+) or xc7 (default: those of the board's DSP slices)")
	fl.DurationVar(&f.limit, "synth-limit", synthLimit, "stop Yosys after so long")
}

// wrong says what is wrong with the flags, and, if nothing is, whether Yosys is there.
func (f *synthFlags) wrong(check, others bool) (errs []error) {
	switch synth.Family(f.family) {
	case "", synth.UltraScalePlus, synth.Series7:
	default:
		errs = append(errs, fmt.Errorf("--family %s; allowed: xcup, xc7", f.family))
	}
	if f.limit <= 0 {
		errs = append(errs, fmt.Errorf("--synth-limit %s; allowed: more than 0", f.limit))
	}
	if f.on && check {
		errs = append(errs, errors.New("--check and --synth; allowed: one of them"))
	}
	if f.on && !others && len(errs) == 0 {
		if err := synth.Present(); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// synthesize has Yosys make hardware and prints what that takes.
func (f *rtlFlags) synthesize(ctx context.Context, s streams, d proof.Design, p *proof.Project) error {
	family := synth.Family(f.synth.family)
	if family == "" {
		family = synth.FamilyOf(d.DSP)
	}
	late := fmt.Errorf("yosys was not done within %s; allowed: a longer --synth-limit, or a smaller design", f.synth.limit)
	ctx, stop := context.WithTimeoutCause(ctx, f.synth.limit, late)
	defer stop()
	talk := newPhaseTalk(s.err, "rtl")
	talk.tell(fmt.Sprintf("Yosys synthesizes %d modules for %s", len(p.Circuit.Sources), family))
	c, err := synth.Run(ctx, d, p, family)
	talk.clear()
	if err != nil {
		return err
	}
	return f.show(s, c)
}
