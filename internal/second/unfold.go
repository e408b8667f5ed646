package second

import (
	"context"
	"encoding/binary"
	"unsafe"

	"github.com/convsim/convsim/internal/abreast"
)

// fillAll fills all planes with an image, on all processors.
func (w *work[T, W]) fillAll(ctx context.Context, cells []uint32, x []T) {
	if w.inRows() {
		abreast.Do(ctx, w.Shape.PaddedHeight(), abreast.All, func() func(int) {
			row := w.unfoldedRow()
			return func(y int) { w.unfoldRow(cells, y, x, row) }
		})
		return
	}
	size := w.planeCells()
	abreast.Do(ctx, w.planes, abreast.All, func() func(int) {
		return func(i int) { w.fill(cells[i*size:(i+1)*size], i, x) }
	})
}

// fillHere is fillAll for the channels of a group, on one processor.
func (w *work[T, W]) fillHere(cells []uint32, x []T) {
	if w.inRows() {
		row := w.unfoldedRow()
		for y := range w.Shape.PaddedHeight() {
			w.unfoldRow(cells, y, x, row)
		}
		return
	}
	size := w.planeCells()
	for i := range w.planes {
		w.fill(cells[i*size:(i+1)*size], i, x)
	}
}

// inRows reports whether the activations of a kernel row lie side by side in a padded
// row with its channels innermost: then cells can be cut out of it.
func (w *work[T, W]) inRows() bool { return w.unfold && w.Shape.Dilation.W == 1 }

// unfoldedRow is room for a padded row, with what is read beyond its end.
func (w *work[T, W]) unfoldedRow() []byte {
	return make([]byte, w.Shape.PaddedWidth()*w.Shape.GroupInChannels()*w.size()+4*w.planes)
}

// size is that of an activation in a cell, in bytes.
func (w *work[T, W]) size() int { return 4 / w.perCell() }

// unfoldRow fills the cells of row y of all planes.
func (w *work[T, W]) unfoldRow(cells []uint32, y int, x []T, row []byte) {
	s, size := &w.Shape, w.size()
	w.padded(row, y, x)
	at := (y%s.Stride.H*w.height + y/s.Stride.H) * w.width
	step, length := s.Stride.W*s.GroupInChannels()*size, s.GroupInChannels()*s.Kernel.W*size
	for plane := range w.planes {
		mask := ^uint32(0)
		if over := 4*(plane+1) - length; over > 0 {
			mask >>= 8 * over
		}
		to, from := cells[plane*w.planeCells()+at:][:w.width], row[4*plane:]
		for j := range to {
			to[j] = binary.LittleEndian.Uint32(from) & mask
			from = from[min(step, len(from)):]
		}
	}
}

// padded puts row y of the padded image into row, channels innermost, as cells hold
// activations.
func (w *work[T, W]) padded(row []byte, y int, x []T) {
	if w.bytes {
		lay(w, row, y, x)
		return
	}
	lay(w, unsafe.Slice((*uint16)(unsafe.Pointer(unsafe.SliceData(row))), len(row)/2), y, x)
}

func lay[E uint8 | uint16, T, W Integer](w *work[T, W], row []E, y int, x []T) {
	s, channels, low := &w.Shape, w.Shape.GroupInChannels(), E(w.low)
	from, there := s.SourceRow(y)
	left, inside := s.Pad.Left, s.InWidth
	if !there {
		left, inside = 0, 0
	}
	for c := range channels {
		var image []T
		if there {
			image = x[(c*s.InHeight+from)*s.InWidth:][:s.InWidth]
			to := row[left*channels+c:]
			if channels == 1 {
				to = to[:len(image)]
				for j, v := range image {
					to[j] = E(v) - low
				}
			} else {
				for j, v := range image {
					to[j*channels] = E(v) - low
				}
			}
		}
		for j := range s.PaddedWidth() - inside {
			if j >= left {
				j += inside
			}
			v := E(w.XZero)
			if there {
				if at, ok := s.SourceColumn(j); ok {
					v = E(image[at])
				}
			}
			row[j*channels+c] = v - low
		}
	}
}
