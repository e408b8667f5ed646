// Package paths relates files to each other where folders may be links: ".."
// leads out of the folder itself, as it does for the system, and not out of the
// one that holds the link.
package paths

import (
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
