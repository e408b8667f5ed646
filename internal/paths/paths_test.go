package paths_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/paths"
)

func TestBeside(t *testing.T) {
	root := paths.Real(t.TempDir())
	t.Chdir(root)
	for _, dir := range []string{"a/exp", "b"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../a/exp", "b/link"); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct{ file, written, want string }{
		{"hw.yaml", "x.npy", "x.npy"},
		{"dir/hw.yaml", "a/x.npy", "dir/a/x.npy"},
		{"dir/hw.yaml", "../x.npy", "x.npy"},
		{"a/exp/hw.yaml", "../x.npy", "a/x.npy"},
		{"b/link/hw.yaml", "x.npy", "b/link/x.npy"},
		{"b/link/hw.yaml", "../x.npy", filepath.Join(root, "a/x.npy")},
		{"b/link/new/hw.yaml", "../../x.npy", filepath.Join(root, "a/x.npy")},
		{"dir/hw.yaml", "/x.npy", "/x.npy"},
	} {
		if got := paths.Beside(c.file, c.written); got != filepath.FromSlash(c.want) {
			t.Errorf("%s beside %s is %s, want %s", c.written, c.file, got, c.want)
		}
	}
}
