package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/internal/wholefile"
)

// writeFile writes a file whole or not at all: to a temporary one beside it,
// then renamed. Devices and pipes are written to as they are, and links stay
// links.
func writeFile(path string, write func(io.Writer) error) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(wholefile.Buffered(f, write), f.Close())
	}
	return wholefile.Write(path, write)
}
