package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/wholefile"
)

// standardOutput is the name that means it, where a file is to be written.
const standardOutput = "-"

// destination is a file that a command is to write, by the flag that names it.
type destination struct{ flag, path string }

// toOutput reports whether the file is to go to standard output, which then
// holds nothing else.
func (d destination) toOutput() bool {
	return d.path == standardOutput || wholefile.IsStandardOutput(d.path)
}

// write writes the file, if there is to be one, whole or not at all. A pipe may never be
// read: writing to it ends when ctx does.
func (d destination) write(ctx context.Context, s streams, write func(io.Writer) error) error {
	var err error
	switch {
	case d.path == "":
	case d.path == standardOutput:
		err = wholefile.Buffered(s.out, write)
	case wholefile.IsWhole(d.path):
		err = wholefile.Write(d.path, write)
	default:
		_, err = untilStopped(ctx, func() (any, error) { return nil, wholefile.Write(d.path, write) })
	}
	return d.failed(err)
}

// writeBytes is write of what there is already.
func (d destination) writeBytes(ctx context.Context, s streams, data []byte) error {
	return d.write(ctx, s, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// checkHardware is check of a hardware file, which replaces no file of another kind.
func (d destination) checkHardware(read []string) error {
	if err := d.check(read); err != nil || d.path == "" || d.toOutput() {
		return err
	}
	return configs.CheckReplaced(d.path)
}

// failed says of which file it is that something went wrong.
func (d destination) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("write %s: %w", d.path, paths.Reason(err))
}

// check says early what keeps the file from being written: it cannot be, or it
// is one of those that were read.
func (d destination) check(read []string) error {
	if d.path == "" || d.path == standardOutput {
		return nil
	}
	if file, same := wholefile.Among(d.path, read); same {
		return fmt.Errorf("%s %s: this is a file that is read (%s); allowed: another file", d.flag, d.path, file)
	}
	if err := wholefile.Check(d.path); err != nil {
		return fmt.Errorf("cannot write %s: %w", d.path, paths.Reason(err))
	}
	return nil
}

// checkAll says early what keeps any of the files from being written, and refuses two
// of them in one place.
func checkAll(read []string, files ...destination) error {
	var errs []error
	for i, file := range files {
		errs = append(errs, file.check(read))
		for _, other := range files[:i] {
			errs = append(errs, differ(other, file))
		}
	}
	return errors.Join(errs...)
}

// differ refuses two files in one place.
func differ(a, b destination) error {
	if a.path == "" || b.path == "" {
		return nil
	}
	same := a.toOutput() && b.toOutput()
	if !a.toOutput() && !b.toOutput() {
		same = wholefile.Same(a.path, b.path)
	}
	if same {
		return fmt.Errorf("%s and %s are both %s; allowed: two files", a.flag, b.flag, b.path)
	}
	return nil
}

// beside are the streams of a command that also writes files: what goes to
// standard output besides one of these goes to the talk.
func (s streams) beside(files ...destination) streams {
	for _, f := range files {
		if f.path != "" && f.toOutput() {
			s.out = s.err
		}
	}
	return s
}
