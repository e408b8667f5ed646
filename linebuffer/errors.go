package linebuffer

import "fmt"

// BufferTooSmall refuses a window buffer that could never hold a window.
type BufferTooSmall struct{ Depth, Least, Default int64 }

func (e *BufferTooSmall) Error() string {
	return fmt.Sprintf("window.buffer_depth %d is too small for this layer: a window needs %d beats at least, %d run without extra stalls", e.Depth, e.Least, e.Default)
}

func wrongf(format string, args ...any) error { return fmt.Errorf("linebuffer: "+format, args...) }
