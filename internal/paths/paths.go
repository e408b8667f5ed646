// Package paths relates files to each other where folders may be links: ".."
// leads out of the folder itself, as it does for the system, and not out of the
// one that holds the link.
package paths

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Beside takes a path that is written in a file from the folder of the file.
func Beside(file, written string) string {
	written = filepath.FromSlash(written)
	if filepath.IsAbs(written) {
		return written
	}
	dir := filepath.Dir(file)
	if strings.HasPrefix(written, "..") && isLinked(dir) {
		dir = Real(dir)
	}
	return filepath.Join(dir, written)
}

// isLinked reports whether the part of a path that is there holds a link.
func isLinked(path string) bool {
	for ; ; path = filepath.Dir(path) {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real != filepath.Clean(path)
		}
		if path == filepath.Dir(path) {
			return false
		}
	}
}

// Real is an absolute path without links in the part of it that is there.
func Real(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	rest := ""
	for dir := absolute; ; dir = filepath.Dir(dir) {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		if dir == filepath.Dir(dir) {
			return absolute
		}
		rest = filepath.Join(filepath.Base(dir), rest)
	}
}

// Reason is the cause of an error about a file, without the operation and the path, which a
// message has named already or which is temporary.
func Reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Exist reports whether there is a file or a folder of that path.
func Exist(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
