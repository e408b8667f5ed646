package configs

import (
	"fmt"

	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/wholefile"
)

// CheckReplaced refuses to write a hardware file in the place of a file of another kind,
// which somebody has made: only hardware is replaced, and what is no file of the house.
func CheckReplaced(path string) error {
	if !wholefile.Replaces(path) {
		return nil
	}
	data, err := ReadFile(path)
	if err != nil {
		return nil // what cannot be read is none of ours
	}
	if kind := filekind.Of(data); kind != filekind.Hardware && kind != filekind.Unknown {
		return fmt.Errorf("cannot write %s: it is there and looks like %s; allowed: a new file, or a hardware file to replace", path, kind)
	}
	return nil
}
