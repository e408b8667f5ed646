//go:build unix

package wholefile

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestLinksStayLinks(t *testing.T) {
	dir, file := inFolder(t)
	link := func(to, name string) string {
		path := filepath.Join(dir, name)
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := os.Mkdir(filepath.Join(dir, "deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	link("deep", "folder")
	for _, c := range []struct{ path, target string }{
		{link("f", "relative"), file},
		{link(file, "absolute"), file},
		{link("relative", "twice"), file},
		{link("folder/../f", "through a folder"), file},
		{link("folder/fresh", "dangling"), filepath.Join(dir, "deep", "fresh")},
	} {
		text := "through " + filepath.Base(c.path)
		if err := WriteBytes(c.path, []byte(text)); err != nil {
			t.Error(err)
		}
		if info, err := os.Lstat(c.path); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no link any more", c.path)
		}
		if got, err := os.ReadFile(c.target); err != nil || string(got) != text {
			t.Errorf("%s: the target holds %q, %v", c.path, got, err)
		}
	}
}

func TestOtherNamesOfAFileStay(t *testing.T) {
	dir, file := inFolder(t)
	other := filepath.Join(dir, "other")
	if err := os.Link(file, other); err != nil {
		t.Skip(err)
	}
	for _, text := range []string{"new", "longer than before", "", "one", "s"} {
		if err := WriteBytes(file, []byte(text)); err != nil {
			t.Fatal(err)
		}
		holds(t, other, text, 2)
	}
}

func TestPermissions(t *testing.T) {
	before := syscall.Umask(0o027)
	defer syscall.Umask(before)
	dir, file := inFolder(t)
	fresh := filepath.Join(dir, "fresh")
	for path, want := range map[string]os.FileMode{file: 0o600, fresh: 0o640} {
		if err := WriteBytes(path, []byte("new")); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

func TestReadOnlyIsRefused(t *testing.T) {
	_, file := inFolder(t)
	if err := os.Chmod(file, 0o444); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"Check": Check(file), "Write": WriteBytes(file, []byte("new"))} {
		if err == nil || !strings.Contains(err.Error(), "read-only") {
			t.Errorf("%s: %v", name, err)
		}
	}
	holds(t, file, "old", 1)
}

func TestPipesAndDevicesStay(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	got := make(chan string)
	go func() {
		text, err := os.ReadFile(pipe)
		got <- fmt.Sprint(string(text), err)
	}()
	if err := WriteBytes(pipe, []byte("through")); err != nil {
		t.Fatal(err)
	}
	if text := <-got; text != "through<nil>" {
		t.Errorf("the pipe passed %s", text)
	}
	if err := WriteBytes(os.DevNull, []byte("gone")); err != nil {
		t.Error(err)
	}
	for path, mode := range map[string]os.FileMode{pipe: os.ModeNamedPipe, os.DevNull: os.ModeCharDevice} {
		if info, err := os.Lstat(path); err != nil || info.Mode()&mode == 0 {
			t.Errorf("%s is %v, %v", path, info.Mode(), err)
		}
	}
}

// TestOpenFiles: what an open file holds already stays, and the text goes
// behind it.
func TestOpenFiles(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/dev/fd/%d", w.Fd())
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	if err := WriteBytes(path, []byte("through")); err != nil {
		t.Error(err)
	}
	w.Close()
	if text, err := io.ReadAll(r); err != nil || string(text) != "through" {
		t.Errorf("the pipe passed %q, %v", text, err)
	}

	_, file := inFolder(t)
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := WriteBytes(fmt.Sprintf("/dev/fd/%d", f.Fd()), []byte(" and new")); err != nil {
		t.Error(err)
	}
	holds(t, file, "old and new", 1)
}

// TestLeftOverFiles of runs that died go; those being written stay.
func TestLeftOverFiles(t *testing.T) {
	dir, file := inFolder(t)
	for _, name := range []string{".convsim-17", ".convsim-notes", ".other-17"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err := Write(file, func(io.Writer) error { // while another file is written
		return WriteBytes(filepath.Join(dir, "g"), nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	left, err := os.ReadDir(dir)
	for _, e := range left {
		names = append(names, e.Name())
	}
	if got := fmt.Sprint(names, err); got != "[.convsim-notes .other-17 f g] <nil>" {
		t.Errorf("left are %s", got)
	}
}
