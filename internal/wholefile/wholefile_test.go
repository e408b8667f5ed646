package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// inFolder makes a file with the text "old" in a folder of its own.
func inFolder(t *testing.T) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "f")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, path
}

// holds checks the text of a file, and that the folder holds so many entries.
func holds(t *testing.T, path, want string, entries int) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("the file holds %q (%v), want %q", got, err, want)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != entries {
		t.Errorf("the folder holds %v (%v), want %d entries", left, err, entries)
	}
}

func TestWholeOrNotAtAll(t *testing.T) {
	failure := errors.New("no more paper")
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"complete": {nil, "new"},
		"failed":   {failure, "old"},
	} {
		t.Run(name, func(t *testing.T) {
			_, path := inFolder(t)
			err := Write(path, func(w io.Writer) error {
				_, err := io.WriteString(w, "new")
				return errors.Join(err, c.err)
			})
			if !errors.Is(err, c.err) {
				t.Errorf("Write: %v, want %v", err, c.err)
			}
			holds(t, path, c.want, 1)
		})
	}
}

func TestWhereNothingCanBe(t *testing.T) {
	dir, file := inFolder(t)
	for name, path := range map[string]string{
		"no folder":    filepath.Join(dir, "missing", "f"),
		"a folder":     dir,
		"below a file": filepath.Join(file, "f"),
		"link to a link to itself": func() string {
			path := filepath.Join(t.TempDir(), "loop")
			if err := os.Symlink("loop", path); err != nil {
				t.Skip(err)
			}
			return path
		}(),
	} {
		if err := Check(path); err == nil {
			t.Errorf("%s: Check finds nothing wrong", name)
		}
		if err := WriteBytes(path, nil); err == nil {
			t.Errorf("%s: written", name)
		}
	}
	holds(t, file, "old", 1)
}

func TestCheckWritesNothing(t *testing.T) {
	dir, path := inFolder(t)
	for _, p := range []string{path, filepath.Join(dir, "new")} {
		if err := Check(p); err != nil {
			t.Error(err)
		}
	}
	holds(t, path, "old", 1)
}
