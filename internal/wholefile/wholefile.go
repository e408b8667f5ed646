// Package wholefile writes files whole or not at all: under another name in the
// same folder, renamed when complete. Whatever fails, the file that was there
// stays as it was and nothing else is left behind.
package wholefile

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// bufferBytes is how much is collected before it is written.
const bufferBytes = 1 << 16

// Replace puts what write writes in the place of the file at path.
func Replace(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".convsim-*")
	if err != nil {
		return err
	}
	err = errors.Join(Buffered(f, write), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Buffered passes what write writes on to w in larger pieces.
func Buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, bufferBytes)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}
