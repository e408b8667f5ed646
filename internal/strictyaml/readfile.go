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

// TooLarge says that a file is larger than those that are read.
type TooLarge struct {
	Path  string
	Limit int64
	head  []byte
}

func (t *TooLarge) Error() string {
	return fmt.Sprintf("%s is larger than %d bytes; allowed: a text file up to that size", t.Path, t.Limit)
}

// headBytes is how much of a file that is too large is looked at.
const headBytes = 1 << 20

// Mistakes returns what is wrong at the beginning of the file, which would be read into target, if anything is: it may
// be another file than was meant.
func (t *TooLarge) Mistakes(target any) error { return decodeHead(t.Path, WithoutMark(t.head), target) }

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
		return nil, &TooLarge{Path: path, Limit: limit, head: data[:headBytes]}
	}
	return WithoutMark(data), nil
}

// WithoutMark returns a text without the mark of its byte order, if it has one.
func WithoutMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }
