package wholefile

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
)

// temporaryName is what a file is called until it is complete.
var temporaryName = regexp.MustCompile(`^\.convsim-[0-9]+$`)

// newTemporary makes a file in a folder, locked for as long as it is open, so
// that one which nobody completes is told from one being written. Such files of
// runs that died are removed first.
func newTemporary(dir string, perm os.FileMode) (*os.File, error) {
	Sweep(dir)
	const attempts = 1000
	for range attempts {
		path := filepath.Join(dir, fmt.Sprintf(".convsim-%d", rand.Uint64()))
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !errors.Is(lock(f), errTaken) && isNamed(f) {
			return f, nil
		}
		f.Close() // another run took it for one left over, before it was locked
	}
	return nil, fmt.Errorf("no temporary file can be made in %s", dir)
}

// Sweep removes the temporary files that runs which died have left in a folder.
// What cannot be removed stays: it is in nobody's way.
func Sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.Type().IsRegular() && temporaryName.MatchString(e.Name()) {
			removeLeft(filepath.Join(dir, e.Name()))
		}
	}
}

// removeLeft removes a temporary file unless a run holds it.
func removeLeft(path string) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if lock(f) == nil && isNamed(f) {
		_ = os.Remove(path)
	}
}

// isNamed reports whether an open file is still the one of its name.
func isNamed(f *os.File) bool {
	there, err := os.Lstat(f.Name())
	return err == nil && isFile(f, there)
}

// discard closes and removes a temporary file.
func discard(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }
