package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestReplace(t *testing.T) {
	failure := errors.New("no more paper")
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"complete": {nil, "new"},
		"failed":   {failure, "old"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			err := Replace(path, func(w io.Writer) error {
				_, err := io.WriteString(w, "new")
				return errors.Join(err, c.err)
			})
			if !errors.Is(err, c.err) {
				t.Errorf("Replace: %v, want %v", err, c.err)
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != c.want {
				t.Errorf("the file holds %q (%v), want %q", got, err, c.want)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
				t.Errorf("the folder holds %v (%v), want the file alone", left, err)
			}
		})
	}
}

func TestReplaceWhereNothingCanBe(t *testing.T) {
	err := Replace(filepath.Join(t.TempDir(), "missing", "f"), func(io.Writer) error { return nil })
	if err == nil {
		t.Error("a file appeared in a folder that is not there")
	}
}
