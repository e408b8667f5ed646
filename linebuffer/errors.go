package linebuffer

import (
	"fmt"

	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// BufferTooSmall refuses a window buffer that could never hold a window.
type BufferTooSmall struct{ Depth, Least, Default int64 }

func (e *BufferTooSmall) Error() string {
	return fmt.Sprintf("window.buffer_depth %d is too small for this layer: a window needs %d beats at least, %d run without extra stalls", e.Depth, e.Least, e.Default)
}

func wrongf(format string, args ...any) error { return fmt.Errorf("linebuffer: "+format, args...) }

// mostDepth is more than any memory of a stage holds.
const mostDepth = 1 << 31

// checkFold checks a fold and the type of its activations.
func checkFold(f sched.Fold, elem tensor.DType) error {
	if !elem.Valid() {
		return wrongf("elements of type %d; allowed: a known type", elem)
	}
	return f.Check()
}
