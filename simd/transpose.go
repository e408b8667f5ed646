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
	wholeRows, wholeColumns := 0, 0
	if k.transpose != nil && unsafe.Sizeof(dst[0]) == 1 {
		wholeRows, wholeColumns = rows&^7, columns&^15
	}
	for r := 0; r < wholeRows; r += 8 {
		for c := 0; c < wholeColumns; c += 16 {
			to, from := (*uint8)(unsafe.Pointer(&dst[c*dstStep+r])), (*uint8)(unsafe.Pointer(&src[r*srcStep+c]))
			k.transpose(to, dstStep, from, srcStep)
		}
	}
	if wholeRows < rows {
		plain(dst[wholeRows:], dstStep, src[wholeRows*srcStep:], srcStep, rows-wholeRows, columns)
	}
	if wholeRows > 0 && wholeColumns < columns {
		plain(dst[wholeColumns*dstStep:], dstStep, src[wholeColumns:], srcStep, wholeRows, columns-wholeColumns)
	}
}

// tile is how many rows and columns are moved at a time, so that both lie in the
// cache.
const tile = 16

func plain[T Element](dst []T, dstStep int, src []T, srcStep, rows, columns int) {
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
