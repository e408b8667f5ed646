package simd

import "unsafe"

// Element is what is moved.
type Element interface {
	int8 | uint8 | int16 | int32 | float32
}

// Transpose makes columns of rows: dst[c*dstStep+r] = src[r*srcStep+c].
func Transpose[T Element](dst []T, dstStep int, src []T, srcStep, rows, columns int) {
	transposeBy(&use, dst, dstStep, src, srcStep, rows, columns)
}

func transposeBy[T Element](k *kernels, dst []T, dstStep int, src []T, srcStep, rows, columns int) {
	if rows == 0 || columns == 0 {
		return
	}
	_, _ = dst[(columns-1)*dstStep+rows-1], src[(rows-1)*srcStep+columns-1]
	size := int(unsafe.Sizeof(dst[0]))
	loop, side := k.transpose[size], 8
	if size == 1 {
		side = 16
	}
	if loop == nil || rows < 8 || columns < side {
		plain(dst, dstStep, src, srcStep, rows, columns)
		return
	}
	if size == 1 && k.squares != nil && rows >= square {
		squares(k.squares, dst, dstStep, src, srcStep, rows, columns)
		return
	}
	const together = 64 // columns, so that what is written stays in the cache until it is whole
	for first := 0; first < columns; first += together {
		for r := 0; r < rows; r += 8 {
			r := min(r, rows-8) // what is over at the end is moved twice
			for c := first; c < min(first+together, columns); c += side {
				c := min(c, columns-side)
				to, from := (*uint8)(unsafe.Pointer(&dst[c*dstStep+r])), (*uint8)(unsafe.Pointer(&src[r*srcStep+c]))
				loop(to, size*dstStep, from, size*srcStep)
			}
		}
	}
}

// square is how many rows and columns of bytes are turned round at once.
const square = 16

// squares turns bytes round; what is over at the ends is moved twice.
func squares[T Element](loop squaresFunc, dst []T, dstStep int, src []T, srcStep, rows, columns int) {
	const together = 4 * square // columns, as in transposeBy
	for first := 0; first < columns; first += together {
		some := min(together, columns-first) / square
		for r := 0; r < rows; r += square {
			turn := func(r, c, count int) {
				to, from := (*uint8)(unsafe.Pointer(&dst[c*dstStep+r])), (*uint8)(unsafe.Pointer(&src[r*srcStep+c]))
				loop(to, dstStep, from, srcStep, count)
			}
			r := min(r, rows-square)
			if some > 0 {
				turn(r, first, some)
			}
			if first+some*square < min(first+together, columns) {
				turn(r, columns-square, 1)
			}
		}
	}
}

// tile is how many rows and columns are moved at a time, so that both lie in the
// cache.
const tile = 16

func plain[T Element](dst []T, dstStep int, src []T, srcStep, rows, columns int) {
	if rows < tile/4 {
		for r := range rows {
			for c, v := range src[r*srcStep:][:columns] {
				dst[c*dstStep+r] = v
			}
		}
		return
	}
	for r := 0; r < rows; r += tile {
		for c := 0; c < columns; c += tile {
			for x := c; x < min(c+tile, columns); x++ {
				to := dst[x*dstStep+r:][:min(tile, rows-r)]
				for i := range to {
					to[i] = src[(r+i)*srcStep+x]
				}
			}
		}
	}
}
