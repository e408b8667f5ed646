package wholefile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// target is where a path leads, links followed.
type target struct {
	path       string
	info       os.FileInfo // of what is there, nil if nothing is
	descriptor bool        // an open file of a process
}

// descriptors are the folders whose entries are open files; the links in them
// may not be followed, since the text goes where the file stands.
var descriptors = regexp.MustCompile(`^(/dev/fd|/proc/(self|thread-self|[0-9]+)(/task/[0-9]+)?/fd)/[0-9]+$`)

// maxLinks is how many links are followed, as many as Linux follows.
const maxLinks = 40

// find follows the links that path leads over, the last of which may lead to
// nothing.
func find(path string) (*target, error) {
	for range maxLinks {
		if absolute, err := filepath.Abs(path); err == nil && descriptors.MatchString(absolute) {
			info, err := os.Stat(path)
			return &target{path: path, info: info, descriptor: true}, err
		}
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return &target{path: path}, nil
		case err != nil:
			return nil, err
		case info.IsDir():
			return nil, &os.PathError{Op: "write", Path: path, Err: errors.New("it is a folder")}
		case info.Mode()&os.ModeSymlink == 0:
			return &target{path: path, info: info}, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return nil, err
		}
		if !filepath.IsAbs(to) {
			to = folderOf(path) + string(filepath.Separator) + to // not cleaned: the folder may be a link, before a ".."
		}
		path = to
	}
	return nil, &os.PathError{Op: "write", Path: path, Err: fmt.Errorf("more than %d links in a row", maxLinks)}
}

func folderOf(path string) string {
	dir, _ := filepath.Split(path)
	if dir == "" {
		return "."
	}
	return dir
}

// whole reports whether the target is a file that can be replaced.
func (t *target) whole() bool {
	return !t.descriptor && (t.info == nil || t.info.Mode().IsRegular())
}

// stream writes to a device, a pipe or an open file as it is. The two streams
// of this program are used themselves: they know how far they are.
func (t *target) stream(write func(io.Writer) error) error {
	for _, own := range []*os.File{os.Stdout, os.Stderr} {
		if t.isOwn(own) {
			return Buffered(own, write)
		}
	}
	f, err := os.OpenFile(t.path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	return errors.Join(Buffered(f, write), f.Close())
}

// isOwn reports whether the target is an open file of this program.
func (t *target) isOwn(f *os.File) bool {
	return t.descriptor && filepath.Base(t.path) == fmt.Sprint(f.Fd()) && isFile(f, t.info)
}

// begin makes the temporary file, if the target may be replaced.
func (t *target) begin() (*os.File, error) {
	perm := os.FileMode(0o666) // less what the umask takes
	if t.info != nil {
		if err := t.mayReplace(); err != nil {
			return nil, err
		}
		perm = t.info.Mode().Perm()
	}
	f, err := newTemporary(folderOf(t.path), perm)
	if err != nil {
		return nil, t.named(err)
	}
	return f, nil
}

// writeBits are the permissions of which a file that may be written has one.
const writeBits = 0o222

// mayReplace refuses a file that may not be written. The superuser could; what
// somebody has protected is not to be replaced all the same.
func (t *target) mayReplace() error {
	if t.info.Mode().Perm()&writeBits == 0 {
		return &os.PathError{Op: "write", Path: t.path, Err: errors.New("it is read-only")}
	}
	f, err := os.OpenFile(t.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// take puts a complete file in the place of the target. A file with several
// names, or of an owner that cannot be kept, is written over, so that it stays
// the same file.
func (t *target) take(f *os.File) error {
	if t.info == nil {
		return rename(f, t.path)
	}
	if names(t.info) > 1 || keepOwner(f, t.info) != nil {
		return errors.Join(t.copy(f), discard(f))
	}
	if err := f.Chmod(t.info.Mode().Perm()); err != nil {
		return errors.Join(err, discard(f))
	}
	return rename(f, t.path)
}

// copy writes over the target: first what goes beyond its end, so that it is as it was if the disk is full.
func (t *target) copy(f *os.File) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(t.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	old := t.info.Size()
	if _, err := io.Copy(io.NewOffsetWriter(out, old), io.NewSectionReader(f, old, max(size-old, 0))); err != nil {
		return errors.Join(err, out.Truncate(old), out.Close())
	}
	_, err = io.Copy(out, io.NewSectionReader(f, 0, min(size, old)))
	return errors.Join(err, out.Truncate(size), out.Close())
}

// named is an error about the temporary file as one about the target: nobody has heard of the other name.
func (t *target) named(err error) error {
	if p := (*os.PathError)(nil); errors.As(err, &p) && temporaryName.MatchString(filepath.Base(p.Path)) {
		return &os.PathError{Op: "write", Path: t.path, Err: p.Err}
	}
	return err
}

// isFile reports whether an open file is the one described.
func isFile(f *os.File, info os.FileInfo) bool {
	own, err := f.Stat()
	return err == nil && os.SameFile(own, info)
}
