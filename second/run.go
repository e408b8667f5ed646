package second

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// block are some outputs of a group: cells of weights, by tap and output, and what their
// sums start with.
type block struct {
	first, outputs, width int
	weights               []int32
	start                 []int32
}

// arrange puts the weights of all groups into blocks.
func (w *work[T, W]) arrange() {
	outputs := w.Shape.GroupOutChannels()
	for first := 0; first < w.Shape.OutChannels; {
		left := outputs - first%outputs
		width := w.m.outputs[0]
		for _, o := range w.m.outputs {
			if o >= left {
				width = o
			}
		}
		b := block{first: first, outputs: min(width, left), width: width, weights: make([]int32, len(w.plan)*width), start: make([]int32, width)}
		w.blocks = append(w.blocks, b)
		first += b.outputs
	}
	sideBySide(context.Background(), len(w.blocks), func() func(int) {
		return func(i int) { w.cells(&w.blocks[i]) }
	})
}

// cells arranges the weights of a block.
func (w *work[T, W]) cells(b *block) {
	s, bits := w.Shape, 32/w.perCell()
	mask := uint32(1)<<bits - 1
	taps, rows := s.Taps(), len(w.plan)/s.Kernel.H
	sums := make([]int32, b.outputs)
	var at []int
	for t, p := range w.plan {
		ky := t / rows
		at = at[:0]
		for _, e := range p.elements {
			at = append(at, (e.c*s.Kernel.H+ky)*s.Kernel.W+e.kx)
		}
		to := b.weights[t*b.width:][:b.outputs]
		for o := range to {
			of, zero, cell, sum := w.Weights[(b.first+o)*taps:][:taps], w.wZero(b.first+o), uint32(0), int32(0)
			for i, from := range at {
				v := int32(of[from]) - zero
				sum += v
				cell |= uint32(v) & mask << (i * bits)
			}
			to[o] = int32(cell)
			sums[o] += sum
		}
	}
	for o, sum := range sums {
		if w.Bias != nil {
			b.start[o] = w.Bias[b.first+o]
		}
		b.start[o] -= (w.XZero - w.low) * sum
	}
}

// run computes all images, a group at a time, on all processors.
func (w *work[T, W]) run(ctx context.Context, x []T, visit func(image, channel, y int, sums []int32)) {
	s := w.Shape
	size := w.planeCells()
	cells := make([]uint32, w.planes*size+w.m.lanes*w.m.positions+w.width)
	places := make([]int, len(w.plan))
	for i, p := range w.plan {
		places[i] = 4 * (p.plane*size + p.offset)
	}
	channels := s.InChannels * s.InHeight * s.InWidth
	if s.Groups > 1 {
		w.runGroups(ctx, x, places, visit)
		return
	}
	for image := range s.Batch {
		clear(cells)
		of := x[image*channels:][:channels]
		sideBySide(ctx, w.planes, func() func(int) {
			return func(i int) { w.fill(cells[i*size:(i+1)*size], i, of) }
		})
		rows := w.rowsAtOnce()
		tasks := (s.OutHeight + rows - 1) / rows
		sideBySide(ctx, tasks, func() func(int) {
			sums := w.sums(rows)
			return func(i int) {
				w.rows(cells, places, w.blocks, sums, i*rows, min((i+1)*rows, s.OutHeight), func(channel, y int, row []int32) {
					visit(image, channel, y, row)
				})
			}
		})
	}
}

// runGroups computes group by group, many of them side by side.
func (w *work[T, W]) runGroups(ctx context.Context, x []T, places []int, visit func(image, channel, y int, sums []int32)) {
	s := w.Shape
	size := w.planeCells()
	channels, per := s.GroupInChannels()*s.InHeight*s.InWidth, len(w.blocks)/s.Groups
	rows := w.rowsAtOnce()
	sideBySide(ctx, s.Batch*s.Groups, func() func(int) {
		cells := make([]uint32, w.planes*size+w.m.lanes*w.m.positions+w.width)
		sums := w.sums(rows)
		return func(i int) {
			image, group := i/s.Groups, i%s.Groups
			clear(cells)
			for p := range w.planes {
				w.fill(cells[p*size:(p+1)*size], p, x[i*channels:][:channels])
			}
			for y := 0; y < s.OutHeight; y += rows {
				w.rows(cells, places, w.blocks[group*per:(group+1)*per], sums, y, min(y+rows, s.OutHeight), func(channel, y int, row []int32) {
					visit(image, channel, y, row)
				})
			}
		}
	})
}

// inCache is how many bytes of cells are looked at for all outputs before the next.
const inCache = 1 << 17

// rowsAtOnce is how many rows of outputs are computed together.
func (w *work[T, W]) rowsAtOnce() int {
	return max(1, min(w.Shape.OutHeight, inCache/(4*w.planes*w.width*w.Shape.Stride.H)))
}

// sums is room for the sums of one block.
func (w *work[T, W]) sums(rows int) []int32 {
	return make([]int32, w.m.outputs[0]*(rows*w.width+w.m.lanes*w.m.positions))
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
			w.m.loops[shape{vectors, b.width}](&sums[p], 4*stride, bytesOf(cells[from*w.width+p:]), &places[0], len(places), &b.weights[0], &b.start[0])
			p += vectors * w.m.lanes
		}
		for o := range b.outputs {
			for y := from; y < to; y++ {
				visit(b.first+o, y, sums[o*stride+(y-from)*w.width:][:w.Shape.OutWidth])
			}
		}
	}
}

// sideBySide calls what start returns for 0..n-1, on all processors,
// until ctx ends.
func sideBySide(ctx context.Context, n int, start func() func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			do := start()
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}
