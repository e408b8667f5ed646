package strictyaml

import (
	"fmt"
	"io"
	"os"
)

// MaxBytes is the size of the largest file read: far beyond any written by hand,
// so that a path that names something else does not fill the memory.
const MaxBytes = 16 << 20

// ReadFile reads a text file of at most MaxBytes.
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s is larger than %d bytes; allowed: a text file up to that size", path, MaxBytes)
	}
	return data, nil
}
