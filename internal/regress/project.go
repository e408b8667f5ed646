package regress

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/convsim/convsim/internal/hdl/proof"
)

// project adds a folder of emitted hardware, by its manifest: it is simulated, and
// must do in every cycle what the design did when it was emitted.
func (f *finder) project(path string) {
	if !f.first(path) {
		return
	}
	p, err := proof.Open(path)
	if err != nil {
		f.wrong(err)
		return
	}
	f.plan.cases = append(f.plan.cases, &job{source: path, id: filepath.Dir(path), kind: Hardware,
		run: func(ctx context.Context) outcome { return simulated(ctx, p) }})
}

// simulated simulates emitted hardware.
func simulated(ctx context.Context, p *proof.Project) outcome {
	r, err := p.Check(ctx, proof.Auto)
	var missing *proof.Missing
	switch {
	case errors.As(err, &missing):
		return skip(missing.Error())
	case err != nil:
		return fail(err)
	}
	var diffs []Diff
	for _, e := range r.Edges {
		if d := e.First; d != nil {
			got := "none"
			if d.Got != nil {
				got = fmt.Sprint(*d.Got)
			}
			diffs = append(diffs, Diff{Key: fmt.Sprintf("%s %s beat %d", e.Edge, e.End, d.Beat), Want: fmt.Sprint(d.Want), Got: got})
		}
	}
	for _, o := range r.Outputs {
		if d := o.First; d != nil {
			diffs = append(diffs, Diff{Key: fmt.Sprintf("%s beat %d, %s", o.Port, d.Beat, d.Why), Want: d.Want, Got: d.Got})
		}
	}
	return differs(diffs)
}
