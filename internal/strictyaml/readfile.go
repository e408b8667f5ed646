package strictyaml

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// MaxBytes is the size of the largest YAML file read: far beyond any written by
// hand, so that a path that names something else fills neither the memory nor
// the time of anybody.
const MaxBytes = 2 << 20

// ReadFile reads a YAML file of at most MaxBytes.
func ReadFile(path string) ([]byte, error) { return ReadText(path, MaxBytes) }

// ReadText reads a text file of at most limit bytes. A mark of the byte order,
// which some editors put in front, is left out.
func ReadText(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s is larger than %d bytes; allowed: a text file up to that size", path, limit)
	}
	return WithoutMark(data), nil
}

// WithoutMark returns a text without the mark of its byte order, if it has one.
func WithoutMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }
