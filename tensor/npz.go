package tensor

import (
	"archive/zip"
	"fmt"
	"strings"
)

// ReadNPZ reads a .npz file, NumPy's zip of .npy files: tensors by name, together
// of at most MaxBytes. Errors name the file and the tensor.
func ReadNPZ(path string) (map[string]*Tensor, error) {
	r, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; expected: a zip of .npy files", path, err)
	}
	defer r.Close()
	out, left := map[string]*Tensor{}, MaxBytes
	for _, f := range r.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok || name == "" {
			return nil, fmt.Errorf("%s holds %q; expected: .npy files only", path, f.Name)
		}
		if out[name] != nil {
			return nil, fmt.Errorf("%s holds %q twice", path, f.Name)
		}
		t, err := readEntry(f, left)
		if err != nil {
			return nil, fmt.Errorf("%s: %q: %w", path, f.Name, err)
		}
		out[name] = t
		left -= int64(t.Len() * t.dtype.Size())
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no tensor", path)
	}
	return out, nil
}

func readEntry(f *zip.File, limit int64) (*Tensor, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return DecodeNPY(in, limit)
}
