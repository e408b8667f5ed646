package second

import (
	"context"
	"encoding/binary"
	"runtime"
	"slices"
	"unsafe"

	"github.com/convsim/convsim/internal/abreast"
	"github.com/convsim/convsim/internal/reuse"
)

// block are some outputs of a group: cells of weights, by output and tap, and what their
// sums start with.
type block struct {
	first, outputs, width int
	weights               []int32 // nil where they are read from those of the layer
	at                    *uint8  // where the first one lies, those of an output stride bytes behind those of the one before
	stride                int
	start                 []int32
}

// arrange puts the weights of all groups into blocks.
func (w *work[T, W]) arrange() {
	at := w.tapPlaces()
	lie := w.asTheyLie(at)
	arranged := 0
	for first := 0; first < w.Shape.OutChannels; {
		b := w.block(first)
		if lie == nil || b.outputs < b.width {
			arranged += len(w.plan) * b.width
		} else {
			b.at, b.stride = &lie[first*w.Shape.Taps()], w.Shape.Taps()
		}
		w.blocks = append(w.blocks, b)
		first += b.outputs
	}
	w.weights = reuse.Take[int32](arranged)
	rest := w.weights
	for i := range w.blocks {
		if b, n := &w.blocks[i], len(w.plan)*w.blocks[i].width; b.at == nil {
			b.weights, rest = rest[:n], rest[n:]
			b.at, b.stride = (*uint8)(unsafe.Pointer(&b.weights[0])), 4*len(w.plan)
		}
	}
	abreast.Do(context.Background(), len(w.blocks), abreast.All, func() func(int) {
		nowhere := make([]int, len(w.plan))
		return func(i int) { w.cells(&w.blocks[i], at, nowhere) }
	})
}

// block is one of the outputs from first on: as many as are computed side by side, of one group.
func (w *work[T, W]) block(first int) block {
	outputs := w.Shape.GroupOutChannels()
	left, width := outputs-first%outputs, w.m.outputs[0]
	for _, o := range w.m.outputs {
		if o >= left {
			width = o
		}
	}
	return block{first: first, outputs: min(width, left), width: width}
}

// asTheyLie are the weights where every output's are its cells, one behind the other; nil where
// they are not.
func (w *work[T, W]) asTheyLie(at [][4]int) []uint8 {
	plain, ok := any(w.Weights).([]int8)
	if !ok || !w.bytes || w.shifted() || 4*len(at) != w.Shape.Taps() {
		return nil
	}
	for t, p := range at {
		if p != [4]int{4 * t, 4*t + 1, 4*t + 2, 4*t + 3} {
			return nil
		}
	}
	return unsafe.Slice(byteOf(plain), len(plain))
}

// cells arranges the weights of a block, if they are not as they should be, and what its sums
// start with.
func (w *work[T, W]) cells(b *block, at [][4]int, nowhere []int) {
	b.start = make([]int32, b.width)
	if b.weights != nil {
		if b.outputs < b.width {
			clear(b.weights)
		}
		if plain, ok := any(w.Weights).([]int8); ok && w.bytes && !w.shifted() {
			b.byteCells(plain, at, w.Shape.Taps())
		} else {
			w.anyCells(b, at)
		}
	}
	if w.Bias != nil {
		copy(b.start, w.Bias[b.first:][:b.outputs])
	}
	if more := w.XZero - w.low; more != 0 {
		for o, sum := range w.weightSums(b, nowhere) {
			b.start[o] -= more * sum
		}
	}
}

// weightSums are the sums of an output's weights: of words their products with cells of ones,
// all of which lie in one place.
func (w *work[T, W]) weightSums(b *block, nowhere []int) []int32 {
	of := make([]int32, b.width)
	if w.bytes {
		for o := range b.outputs {
			of[o] = w.m.byteSum((*uint8)(unsafe.Add(unsafe.Pointer(b.at), o*b.stride)), 4*len(w.plan))
		}
		return of[:b.outputs]
	}
	ones := make([]uint32, w.m.lanes)
	for i := range ones {
		ones[i] = 0x00010001
	}
	sums := make([]int32, b.width*w.m.lanes)
	w.m.loops[1][b.width](&sums[0], 4*w.m.lanes, bytesOf(ones), &nowhere[0], len(nowhere), b.at, b.stride, &of[0])
	for o := range b.outputs {
		of[o] = sums[o*w.m.lanes]
	}
	return of[:b.outputs]
}

// shifted reports whether weights have zero points other than 0.
func (w *work[T, W]) shifted() bool {
	return slices.ContainsFunc(w.WZero, func(zero int32) bool { return zero != 0 })
}

// tapPlaces lists, of every tap's cell, where its elements find their weights in those of
// an output, -1 for those that it has not.
func (w *work[T, W]) tapPlaces() [][4]int {
	s := w.Shape
	rows := len(w.plan) / s.Kernel.H
	at := make([][4]int, len(w.plan))
	for t, p := range w.plan {
		at[t] = [4]int{-1, -1, -1, -1}
		for i, e := range p.elements {
			at[t][i] = (e.c*s.Kernel.H+t/rows)*s.Kernel.W + e.kx
		}
	}
	return at
}

// anyCells arranges weights of any type.
func (w *work[T, W]) anyCells(b *block, at [][4]int) {
	bits := 32 / w.perCell()
	mask := uint32(1)<<bits - 1
	taps := w.Shape.Taps()
	for o := range b.outputs {
		of, zero := w.Weights[(b.first+o)*taps:][:taps], w.wZero(b.first+o)
		for t, places := range at {
			cell := uint32(0)
			for i := 0; i < len(places) && places[i] >= 0; i++ {
				cell |= uint32(int32(of[places[i]])-zero) & mask << (i * bits)
			}
			b.weights[o*len(w.plan)+t] = int32(cell)
		}
	}
}

// byteCells is anyCells for int8 without zero points.
func (b *block) byteCells(weights []int8, at [][4]int, taps int) {
	bytes := unsafe.Slice(byteOf(weights), len(weights))[b.first*taps:]
	for t, p := range at {
		to, n := b.weights[t:], len(at)
		switch {
		case p[3] < 0:
			for o := range b.outputs {
				cell := int32(0)
				for i := 0; p[i] >= 0; i++ {
					cell |= int32(bytes[o*taps+p[i]]) << (8 * i)
				}
				to[o*n] = cell
			}
		case p[1] == p[0]+1 && p[2] == p[0]+2 && p[3] == p[0]+3:
			for o := range b.outputs {
				to[o*n] = int32(binary.LittleEndian.Uint32(bytes[o*taps+p[0]:]))
			}
		default:
			for o := range b.outputs {
				of := bytes[o*taps:]
				to[o*n] = int32(uint32(of[p[0]]) | uint32(of[p[1]])<<8 | uint32(of[p[2]])<<16 | uint32(of[p[3]])<<24)
			}
		}
	}
}

// run computes all images, a group at a time, on all processors.
func (w *work[T, W]) run(ctx context.Context, x []T, visit func(image, channel, y int, sums []int32)) {
	s := w.Shape
	size := w.planeCells()
	defer reuse.Give(w.weights)
	places := make([]int, len(w.plan))
	for i, p := range w.plan {
		places[i] = 4 * (p.plane*size + p.offset)
	}
	channels := s.InChannels * s.InHeight * s.InWidth
	if s.Groups > 1 {
		w.runGroups(ctx, x, places, visit)
		return
	}
	cells := w.noCells()
	defer reuse.Give(cells)
	for image := range s.Batch {
		clear(cells)
		of := x[image*channels:][:channels]
		w.fillAll(ctx, cells, of)
		rows := w.rowsAtOnce()
		bands := (s.OutHeight + rows - 1) / rows
		parts := w.parts(bands)
		abreast.Do(ctx, bands*parts, abreast.All, func() func(int) {
			return func(i int) {
				sums := w.sums(rows)
				defer reuse.Give(sums)
				band, part := i/parts*rows, i%parts
				blocks := w.blocks[len(w.blocks)*part/parts : len(w.blocks)*(part+1)/parts]
				w.rows(cells, places, blocks, sums, band, min(band+rows, s.OutHeight), func(channel, y int, row []int32) {
					visit(image, channel, y, row)
				})
			}
		})
	}
}

// runGroups computes group by group, many of them side by side.
func (w *work[T, W]) runGroups(ctx context.Context, x []T, places []int, visit func(image, channel, y int, sums []int32)) {
	s := w.Shape
	channels, per := s.GroupInChannels()*s.InHeight*s.InWidth, len(w.blocks)/s.Groups
	rows := w.rowsAtOnce()
	abreast.Do(ctx, s.Batch*s.Groups, abreast.All, func() func(int) {
		return func(i int) {
			cells, sums := w.noCells(), w.sums(rows)
			defer reuse.Give(cells)
			defer reuse.Give(sums)
			image, group := i/s.Groups, i%s.Groups
			clear(cells)
			w.fillHere(cells, x[i*channels:][:channels])
			for y := 0; y < s.OutHeight; y += rows {
				w.rows(cells, places, w.blocks[group*per:(group+1)*per], sums, y, min(y+rows, s.OutHeight), func(channel, y int, row []int32) {
					visit(image, channel, y, row)
				})
			}
		}
	})
}

// noCells is room for the cells of a group, of any values.
func (w *work[T, W]) noCells() []uint32 {
	return reuse.Take[uint32](w.planes*w.planeCells() + w.m.lanes*w.m.positions + w.width)
}

// inCache is how many bytes of cells are looked at for all outputs before the next.
const inCache = 1 << 17

// rowsAtOnce is how many rows of outputs are computed together.
func (w *work[T, W]) rowsAtOnce() int {
	return max(1, min(w.Shape.OutHeight, inCache/(4*w.planes*w.width*w.Shape.Stride.H)))
}

// parts is into how many parts the outputs are divided, so that so many bands of rows
// keep all processors busy to the end.
func (w *work[T, W]) parts(bands int) int {
	const tasks = 8 // a processor
	return min(len(w.blocks), (tasks*runtime.GOMAXPROCS(0)+bands-1)/bands)
}

// sums is room for the sums of one block.
func (w *work[T, W]) sums(rows int) []int32 {
	return reuse.Take[int32](w.m.outputs[0] * (rows*w.width + w.m.lanes*w.m.positions))
}

// rows computes some rows of outputs.
func (w *work[T, W]) rows(cells []uint32, places []int, blocks []block, sums []int32, from, to int, visit func(channel, y int, sums []int32)) {
	positions := (to-from-1)*w.width + w.Shape.OutWidth
	stride := len(sums) / w.m.outputs[0]
	for i := range blocks {
		b := &blocks[i]
		for p := 0; p < positions; {
			vectors := w.m.positions
			for vectors > 1 && p+(vectors/2)*w.m.lanes >= positions {
				vectors /= 2
			}
			w.m.loops[vectors][b.width](&sums[p], 4*stride, bytesOf(cells[from*w.width+p:]), &places[0], len(places), b.at, b.stride, &b.start[0])
			p += vectors * w.m.lanes
		}
		for o := range b.outputs {
			if w.width == w.Shape.OutWidth {
				visit(b.first+o, from, sums[o*stride:][:positions])
				continue
			}
			for y := from; y < to; y++ {
				visit(b.first+o, y, sums[o*stride+(y-from)*w.width:][:w.Shape.OutWidth])
			}
		}
	}
}
