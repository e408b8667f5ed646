//go:build unix

package journal

import (
	"fmt"
	"os"
	"syscall"
)

// lockFile keeps a second run out of a folder for as long as the file is open; the lock ends with the process.
func lockFile(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("%s: another run is writing to it (%w)", f.Name(), err)
	}
	return nil
}
