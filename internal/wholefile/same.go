package wholefile

import (
	"os"
	"path/filepath"
)

// Among returns the one of files that a text written to path would replace, by
// whatever names and links. Devices and pipes are not replaced.
func Among(path string, files []string) (file string, same bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return "", false
	}
	for _, file := range files {
		if other, err := os.Stat(file); err == nil && os.SameFile(info, other) {
			return file, true
		}
	}
	return "", false
}

// Replaces reports whether Write would replace what is at path: a file with
// something in it.
func Replaces(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() > 0
}

// Same reports whether two paths lead to one file, which need not be there yet.
func Same(a, b string) bool {
	first, errFirst := find(a)
	second, errSecond := find(b)
	if errFirst != nil || errSecond != nil || !first.whole() || !second.whole() {
		return false
	}
	if first.info != nil && second.info != nil {
		return os.SameFile(first.info, second.info)
	}
	return first.info == nil && second.info == nil && place(first.path) == place(second.path)
}

// place is where a file that is not there yet would be.
func place(path string) string {
	if dir, err := filepath.EvalSymlinks(folderOf(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	if absolute, err := filepath.Abs(path); err == nil {
		return absolute
	}
	return path
}

// CheckInPlace refuses a file that grows where it stands and may not be written.
func CheckInPlace(path string) error {
	t, err := find(path)
	if err != nil || t.info == nil {
		return err
	}
	return t.mayReplace()
}

// IsWhole reports whether a path leads to a file that Write puts in place whole,
// and not to a device, a pipe or an open file.
func IsWhole(path string) bool {
	t, err := find(path)
	return err != nil || t.whole()
}

// IsStandardOutput reports whether a path leads to the standard output of this
// program, such as /dev/stdout does.
func IsStandardOutput(path string) bool {
	t, err := find(path)
	return err == nil && t.isOwn(os.Stdout)
}
