package tensor_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/tensor"
)

// zipped writes a zip of files: names and contents in turn.
func zipped(t *testing.T, entries ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.npz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.Create(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, entries[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func npy(t *testing.T, data []int8) string {
	t.Helper()
	x, err := tensor.From(tensor.Int8, data, len(data))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := tensor.EncodeNPY(&b, x); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadNPZ(t *testing.T) {
	got, err := tensor.ReadNPZ(zipped(t, "a.npy", npy(t, []int8{1, -2}), "sub/b.npy", npy(t, []int8{3})))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got["a"].Int(1) != -2 || got["sub/b"].Int(0) != 3 {
		t.Errorf("got %v", got)
	}
}

func TestReadNPZRefuses(t *testing.T) {
	one := npy(t, []int8{1})
	for name, c := range map[string]struct{ path, want string }{
		"nothing":     {zipped(t), "holds no tensor"},
		"other files": {zipped(t, "a.npy", one, "readme.txt", "hello"), `holds "readme.txt"; expected: .npy files only`},
		"twice":       {zipped(t, "a.npy", one, "a.npy", one), `holds "a.npy" twice`},
		"cut short":   {zipped(t, "a.npy", one[:len(one)-1]), `"a.npy": ends within the elements`},
		"no zip":      {filepath.Join("testdata", "none.npz"), "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tensor.ReadNPZ(c.path)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want: %s", err, c.want)
			}
		})
	}
}
