package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// errForeign is that of a line which is as it was written, but not by this version of the program.
var errForeign = errors.New("another version of convsim wrote this line")

// contradiction is a point with two results.
type contradiction struct {
	index   int64
	earlier int // line
}

func (c *contradiction) Error() string {
	return fmt.Sprintf("point %d has another result here than in line %d", c.index, c.earlier)
}

// wrong says what is wrong with a line and what may be done. Only what is damaged may be given up: lines of
// another version are results, and of two results that contradict each other nothing here says which is
// right.
func (j *Journal) wrong(number int, err error) error {
	var two *contradiction
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errForeign):
		return fmt.Errorf("%s:%d: %w (this one reads schema version %d). Nothing was changed; "+
			"go on with the version that wrote it, or in another folder", j.Path, number, err, SchemaVersion)
	case errors.As(err, &two):
		return fmt.Errorf("%s:%d: %w: files put together, or changed by hand? Nothing was changed; "+
			"without the wrong one of these lines the results can be used, and another folder computes them anew", j.Path, number, err)
	}
	return fmt.Errorf("%s:%d: damaged: %w. Nothing was changed; without this line and those below, a run computes what is missing",
		j.Path, number, err)
}

// unreadable tells a line of another version from a damaged one: it is whole, and says another version of the
// schema or none.
func unreadable(line []byte, err error) error {
	var versioned struct {
		V json.RawMessage `json:"v"`
	}
	if json.Unmarshal(line, &versioned) == nil && string(versioned.V) != fmt.Sprint(SchemaVersion) && versioned.V != nil {
		return errForeign
	}
	if version := versionOf(line); len(version) > 0 && string(version) != fmt.Sprint(SchemaVersion) {
		return errForeign
	}
	return err
}

// versionOf is the number with which a line starts as the version of its schema, nothing if it does not.
func versionOf(line []byte) []byte {
	rest, found := bytes.CutPrefix(line, []byte(`{"v":`))
	if !found {
		return nil
	}
	digits := bytes.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	return rest[:max(digits, 0)]
}

// begun checks what stands behind the last line break: a line that was being written when the program ended,
// which may be dropped, and nothing else.
func begun(tail []byte) error {
	for _, start := range []string{headerStart, rowStart} {
		n := min(len(tail), len(start))
		if string(tail[:n]) == start[:n] {
			return nil
		}
	}
	return unreadable(tail, errors.New("it does not start as a line of results does"))
}

// repeated compares a row with an earlier one of the same point. The same again does no harm.
func (j *Journal) repeated(index int64, earlier Ref, line []byte) error {
	before, err := j.Row(earlier)
	if err != nil {
		return err
	}
	row, err := parseRow(line)
	if err != nil || row.SameResult(&before) {
		return err
	}
	above, err := io.ReadAll(io.NewSectionReader(j.file, 0, earlier.offset))
	if err != nil {
		return err
	}
	return &contradiction{index, bytes.Count(above, []byte("\n")) + 1}
}
