package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/convsim/convsim/internal/wavediff"
)

// isWave reports whether a file is a waveform that can be compared.
func isWave(file string) bool { return strings.EqualFold(filepath.Ext(file), ".vcd") }

// waves compares two waveforms, handshake by handshake.
func (f *diffFlags) waves(ctx context.Context, s streams, args []string) error {
	var errs []error
	for _, file := range args {
		if !isWave(file) {
			errs = append(errs, fmt.Errorf("%s: no .vcd, as the other one is; allowed: two of them", file))
		}
	}
	errs = append(errs, useless(f.given, "waveforms", "layer", "model", "html", "frames", "top", "input-shape", "keep-float"))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	var dumps []*wavediff.Dump
	for _, file := range args {
		d, err := slowly(ctx, s, "diff", "reading "+filepath.Base(file), func() (*wavediff.Dump, error) { return wavediff.Read(file) })
		if ctx.Err() != nil {
			return err
		}
		dumps, errs = append(dumps, d), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	d := wavediff.Compare(dumps[0], dumps[1])
	err := s.print(f.json, d, d.WriteText)
	if err == nil && !d.Same() {
		err = errFailed
	}
	return err
}
