package tensor

import (
	"errors"
	"fmt"
)

// ErrStored says that a file's elements are not stored as those of the type wanted.
var ErrStored = errors.New("another element type")

// Stored is what a file's tensor holds as elements of the given type. 4-bit types
// have no type of their own in .npy files, and int64 is what NumPy makes of integers
// that nobody gave a type: both will do if the values fit.
func (t *Tensor) Stored(dtype DType) (*Tensor, error) {
	file := t.dtype
	switch {
	case file == dtype:
		return t, nil
	case dtype == Int4 && file == Int8, dtype == UInt4 && file == UInt8, file == Int64 && !dtype.IsFloat():
		return t.Convert(dtype)
	}
	return nil, fmt.Errorf("%w: %s, not %s", ErrStored, file, dtype)
}
