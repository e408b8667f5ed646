package results

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/internal/wholefile"
)

// CheckFolder refuses a folder in which the results would replace a file that is read. That the
// folder holds the sweep file itself, if there is one, is found out when its text is known to be
// another than the one to be written.
func CheckFolder(dir, sweep string, read []string) error {
	for _, name := range Files {
		path := filepath.Join(dir, name)
		if file, same := wholefile.Among(path, read); same && (name != SweepFile || file != sweep) {
			return refuse(path, file)
		}
	}
	return checkWritable(dir)
}

// checkWritable says before anything runs that a file of results cannot be
// written. A folder that is not there yet is made later.
func checkWritable(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil
	case !info.IsDir():
		return fmt.Errorf("%s is a file; allowed: a folder for the results", dir)
	}
	for _, name := range Files[1:] {
		if err := wholefile.Check(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// CheckText refuses to write text in the place of the sweep file that was read,
// unless that has the same text.
func CheckText(dir, text, file string, read []byte) error {
	path := filepath.Join(dir, SweepFile)
	if _, same := wholefile.Among(path, []string{file}); same && text != string(read) {
		return refuse(path, file)
	}
	return nil
}

func refuse(path, file string) error {
	return fmt.Errorf("%s: this is a file that the sweep reads (%s); allowed: another folder for its results", path, file)
}

// makeFolder makes a folder, if there is none; for a link to nothing the one that it leads to.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if to, err := os.Readlink(dir); err == nil {
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(dir), to)
		}
		dir = to
	}
	return os.MkdirAll(dir, 0o777)
}
