// Package wholefile is the one way in which files are written: whole or not at
// all, under another name in the same folder, put in place when complete.
// Whatever fails, the file that was there stays as it was and nothing else is
// left behind.
//
// Links stay links, and their target gets the text. A file that may not be
// written is refused, by its permissions and not by who runs the program. A new
// file gets the permissions that the umask leaves, one that is replaced keeps
// its own, its owner and its other names. Devices, pipes and descriptors such
// as /dev/stdout are written to as they are.
package wholefile

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// bufferBytes is how much is collected before it is written.
const bufferBytes = 1 << 16

// Write puts what write writes in the place of the file at path.
func Write(path string, write func(io.Writer) error) error {
	t, err := find(path)
	if err != nil {
		return err
	}
	if !t.whole() {
		return t.stream(write)
	}
	f, err := t.begin()
	if err != nil {
		return err
	}
	if err = Buffered(f, write); err != nil {
		return errors.Join(t.named(err), discard(f))
	}
	return t.named(t.take(f))
}

// WriteBytes puts data in the place of the file at path.
func WriteBytes(path string, data []byte) error {
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Check says early why Write could not write to path, as far as can be told
// without writing anything.
func Check(path string) error {
	t, err := find(path)
	if err != nil || !t.whole() {
		return err
	}
	f, err := t.begin()
	if err != nil {
		return err
	}
	return discard(f)
}

// CheckIn says early why no file could be written into a folder, which may not be there
// yet.
func CheckIn(folder string) error {
	path := filepath.Join(folder, "file")
	for {
		above := filepath.Dir(path)
		if _, err := os.Stat(above); !errors.Is(err, fs.ErrNotExist) || above == path {
			return Check(path)
		}
		path = above
	}
}

// Buffered passes what write writes on to w in larger pieces.
func Buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, bufferBytes)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}
