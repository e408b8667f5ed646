//go:build !unix

package wholefile

import (
	"errors"
	"os"
)

// errTaken says that another run holds a file.
var errTaken = errors.New("locked")

var errNoLocks = errors.New("files have no locks that end with the process")

// lock cannot lock: temporary files left over are not told from others and stay.
func lock(*os.File) error { return errNoLocks }

// names is how many names a file has.
func names(os.FileInfo) uint64 { return 1 }

// keepOwner has nothing to keep.
func keepOwner(*os.File, os.FileInfo) error { return nil }

// rename puts a temporary file in its place. An open file cannot be renamed.
func rename(f *os.File, path string) error {
	err := f.Close()
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
