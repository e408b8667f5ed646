package simd

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"sync"
	"unsafe"

	"github.com/convsim/convsim/internal/reuse"
)

// Activation is what windows are made of.
type Activation interface{ int8 | uint8 | int16 }

// Weight is what weights are stored as.
type Weight interface{ int8 | uint8 | int16 | int32 }

// Weights are those of some outputs as they lie in memory.
type Weights[W Weight] struct {
	Data    []W     // one list of as many as Order has an output
	Order   []int   // where in its list the elements of the windows find their weights
	Zeros   []int32 // taken off: none, one, or one an output
	Bias    []int32 // one an output, or none
	Outputs int
	Runs    int // of a window
}

// zero is the zero point of an output's weights.
func (w *Weights[W]) zero(output int) int32 {
	if len(w.Zeros) == 0 {
		return 0
	}
	return w.Zeros[output%len(w.Zeros)]
}

// limits are the least and the greatest weight there may be.
func (w *Weights[W]) limits() (least, most int64) {
	low, high := int64(0), int64(0)
	if len(w.Zeros) == 0 && unsafe.Sizeof(W(0)) == 1 {
		if ^W(0) > 0 {
			return 0, math.MaxUint8
		}
		return math.MinInt8, math.MaxInt8
	}
	for o := range w.Outputs {
		zero := int64(w.zero(o))
		for _, v := range w.Data[o*len(w.Order):][:len(w.Order)] {
			low, high = min(low, int64(v)-zero), max(high, int64(v)-zero)
		}
	}
	return low, high
}

// Dots multiplies windows by the weights of several outputs, in integers exact
// modulo 2^32. Windows are read where they lie: a window is some runs of
// elements, all of one length, each at its own place. Nothing changes it until Release.
type Dots struct {
	bytes     bool // elements are bytes, else int16
	shift     int32
	outputs   int
	size      int // of an element as it is prepared, in bytes
	perGroup  int // elements multiplied at once
	runs      int
	runGroups int
	blocks    []dotsBlock
}

// dotsBlock are some outputs and their weights, by run, group of elements, output.
type dotsBlock struct {
	first, outputs int
	kernel         dotsWidth
	bytes          []int8
	pairs          []int16
	start          []int32
}

// NewDots prepares weights; zero is taken off every activation of type T. It is nil
// where this processor has no loop for them.
func NewDots[T Activation, W Weight](w Weights[W], zero int32) *Dots {
	return newDots[T](&use, w, zero)
}

func newDots[T Activation, W Weight](k *kernels, w Weights[W], zero int32) *Dots {
	if k.pairs == nil || w.Outputs == 0 || len(w.Order) == 0 {
		return nil
	}
	if !slices.ContainsFunc(w.Zeros, func(zero int32) bool { return zero != 0 }) {
		w.Zeros = nil
	}
	d := &Dots{outputs: w.Outputs, runs: w.Runs}
	least, most := w.limits()
	lowest, highest := rangeOf[T](zero)
	widths := k.dots
	switch {
	case k.dots != nil && unsafe.Sizeof(T(0)) == 1 && least >= math.MinInt8 && most <= math.MaxInt8:
		d.bytes, d.size, d.perGroup, d.shift = true, 1, 4, zero
		if ^T(0) < 0 {
			d.shift += signBit
		}
	case least >= math.MinInt16 && most <= math.MaxInt16 && lowest >= math.MinInt16 && highest <= math.MaxInt16:
		d.size, d.perGroup, d.shift, widths = 2, 2, zero, k.pairs
	default:
		return nil
	}
	d.runGroups = (len(w.Order)/w.Runs + d.perGroup - 1) / d.perGroup
	for first := 0; first < d.outputs; {
		width := fitting(widths, d.outputs-first)
		count := min(width.outputs, d.outputs-first)
		d.blocks = append(d.blocks, dotsBlock{first: first, outputs: count, kernel: width, start: make([]int32, width.outputs)})
		first += count
	}
	sideBySide(len(d.blocks), len(w.Order)*d.outputs, func() func(int) {
		return func(i int) {
			scratch := scratches.Get().(*columns)
			arrange(k, &d.blocks[i], d, &w, scratch)
			scratches.Put(scratch)
		}
	})
	return d
}

// Release leaves the memory of the weights to others: nothing is multiplied any more.
func (d *Dots) Release() {
	for i := range d.blocks {
		b := &d.blocks[i]
		reuse.Give(b.bytes)
		reuse.Give(b.pairs)
		b.bytes, b.pairs = nil, nil
	}
}

// signBit turns int8 into uint8, and is then too much.
const signBit = 128

// arrange puts the weights of a block in the order in which they are needed, and
// what is added to their sums: the bias, less what activations have too much.
func arrange[W Weight](k *kernels, b *dotsBlock, d *Dots, w *Weights[W], scratch *columns) {
	copy(b.start, w.bias(b.first, b.outputs))
	padded := d.runs * d.runGroups * d.perGroup * b.kernel.outputs
	if !d.bytes {
		b.pairs = reuse.Take[int16](padded)
		clear(b.pairs)
		arrangeAny(b, d, b.pairs, w)
		return
	}
	b.bytes = reuse.Take[int8](padded)
	if plain, ok := any(w.Data).([]int8); ok && len(w.Zeros) == 0 {
		b.arrangeBytes(d, k, plain, w.Order, scratch)
	} else {
		clear(b.bytes)
		arrangeAny(b, d, b.bytes, w)
	}
	if d.shift != 0 {
		for o, sum := range b.weightSums(d) {
			b.start[o] -= d.shift * sum
		}
	}
}

// bias is that of some outputs, nothing without.
func (w *Weights[W]) bias(first, outputs int) []int32 {
	if len(w.Bias) == 0 {
		return nil
	}
	return w.Bias[first:][:outputs]
}

// arrangeAny arranges weights of any type.
func arrangeAny[S int8 | int16, W Weight](b *dotsBlock, d *Dots, to []S, w *Weights[W]) {
	n, length := len(w.Order), len(w.Order)/w.Runs
	for run := range w.Runs {
		for group := range d.runGroups {
			order := w.Order[run*length:][group*d.perGroup : min(length, (group+1)*d.perGroup)]
			row := to[(run*d.runGroups+group)*d.perGroup*b.kernel.outputs:][:d.perGroup*b.kernel.outputs]
			for o := range b.outputs {
				zero, from := w.zero(b.first+o), w.Data[(b.first+o)*n:][:n]
				for i, at := range order {
					row[o*d.perGroup+i] = S(int32(from[at]) - zero)
				}
			}
		}
	}
}

// columns are rows of one element of many outputs, and one of zeros: room that is used
// again and again.
type columns struct{ zeros, rows []int8 }

var scratches = sync.Pool{New: func() any { return new(columns) }}

func (c *columns) grow(elements, outputs int) {
	if len(c.rows) < elements*outputs {
		c.rows = make([]int8, elements*outputs)
	}
	if len(c.zeros) < outputs {
		c.zeros = make([]int8, outputs)
	}
}

// arrangeBytes is arrangeAny for int8: the lists of the outputs become rows of one element
// of all outputs, and four rows at a time the groups. Outputs that there are not get any
// weights.
func (b *dotsBlock) arrangeBytes(d *Dots, k *kernels, data []int8, order []int, c *columns) {
	n, length, width := len(order), len(order)/d.runs, b.kernel.outputs
	c.grow(n, width)
	transposeBy(k, c.rows, width, data[b.first*n:], n, b.outputs, n)
	to := b.bytes
	for at := 0; at < n; at += length {
		for first := 0; first < length; first += 4 {
			var four [4]*uint8
			for i := range four {
				row := c.zeros
				if first+i < length {
					row = c.rows[order[at+first+i]*width:]
				}
				four[i] = (*uint8)(unsafe.Pointer(&row[0]))
			}
			k.interleave((*uint8)(unsafe.Pointer(&to[0])), four[0], four[1], four[2], four[3], width)
			to = to[4*width:]
		}
	}
}

// weightSums are the sums of the weights of every output: their products with ones.
func (b *dotsBlock) weightSums(d *Dots) []int32 {
	ones := bytes.Repeat([]byte{1}, 4*d.runGroups+slack)
	sums, nothing, runs := make([]int32, b.kernel.outputs), make([]int32, b.kernel.outputs), make([]int, d.runs)
	w := (*uint8)(unsafe.Pointer(unsafe.SliceData(b.bytes)))
	b.kernel.windows[0](&sums[0], 0, &ones[0], 0, &runs[0], d.runs, d.runGroups, w, &nothing[0])
	return sums
}

// rangeOf is the range of activations less their zero point.
func rangeOf[T Activation](zero int32) (lowest, highest int64) {
	half := int64(1) << (8*unsafe.Sizeof(T(0)) - 1)
	if ^T(0) > 0 {
		return -int64(zero), 2*half - 1 - int64(zero)
	}
	return -half - int64(zero), half - 1 - int64(zero)
}

// fitting is the widest of the widths that so many outputs, rounded up, fill.
func fitting(widths []dotsWidth, outputs int) dotsWidth {
	least := widths[len(widths)-1].outputs
	outputs = (outputs + least - 1) / least * least
	for _, w := range widths {
		if w.outputs <= outputs {
			return w
		}
	}
	return widths[len(widths)-1]
}

// Room is where elements are prepared; it may be used again and again, by one
// goroutine at a time.
type Room struct {
	data   []byte
	places []int
	spare  []int32
}

// slack is how much more than a run may be read.
const slack = 64

// Grow makes room for so many elements of d.
func (d *Dots) Grow(r *Room, elements int) { r.grow(elements*d.size + slack) }

func (r *Room) grow(bytes int) {
	if len(r.data) < bytes {
		r.data = make([]byte, bytes)
	}
}

// Prepare puts elements into room, at element number at, as Multiply wants them.
func Prepare[T Activation](d *Dots, room *Room, at int, x []T) {
	if !d.bytes {
		to := unsafe.Slice((*int16)(unsafe.Pointer(unsafe.SliceData(room.data))), len(room.data)/2)[at : at+len(x)]
		zero := d.shift
		for i, v := range x {
			to[i] = int16(int32(v) - zero)
		}
		return
	}
	from := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
	to := room.data[at : at+len(x)]
	if _, signed := any(T(0)).(int8); signed {
		flip(to, from)
		return
	}
	copy(to, from)
}

// flip copies bytes with their highest bit turned round.
func flip(to, from []byte) {
	const signs = 0x8080808080808080
	i := 0
	if n := len(from) &^ 31; use.flip != nil && n > 0 {
		use.flip(&to[0], &from[0], n)
		i = n
	}
	for ; i+8 <= len(from); i += 8 {
		binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(from[i:])^signs)
	}
	for ; i < len(from); i++ {
		to[i] = from[i] ^ signBit
	}
}

// Alike reports whether e wants its elements as d does.
func (d *Dots) Alike(e *Dots) bool { return d.bytes == e.bytes && d.shift == e.shift }

// Multiply computes dst[v*dstStep+o] of so many windows that begin step elements
// one after the other in room; the runs of the first one begin at places runs, from
// element first on.
func (d *Dots) Multiply(dst []int32, dstStep int, room *Room, runs []int, first, step, windows int) {
	if windows == 0 || d.outputs == 0 {
		return
	}
	_ = dst[(windows-1)*dstStep+d.outputs-1]
	room.places = room.places[:0]
	for _, r := range runs {
		room.places = append(room.places, (first+r)*d.size)
		_ = room.data[(first+r+(windows-1)*step)*d.size+d.runGroups*4-1]
	}
	for i := range d.blocks {
		d.blocks[i].multiply(d, dst, dstStep, room, step, windows)
	}
}

// multiply is Multiply for the outputs of a block. Outputs that there are not are
// computed beside.
func (b *dotsBlock) multiply(d *Dots, dst []int32, dstStep int, room *Room, step, windows int) {
	w := (*uint8)(unsafe.Pointer(unsafe.SliceData(b.bytes)))
	if !d.bytes {
		w = (*uint8)(unsafe.Pointer(unsafe.SliceData(b.pairs)))
	}
	whole, most := b.outputs == b.kernel.outputs, len(b.kernel.windows)
	if !whole && len(room.spare) < 6*64 {
		room.spare = make([]int32, 6*64)
	}
	for v := 0; v < windows; {
		n := share(windows-v, most)
		to, toStep := dst[v*dstStep+b.first:], dstStep
		if !whole {
			to, toStep = room.spare, b.kernel.outputs
		}
		b.kernel.windows[n-1](&to[0], 4*toStep, &room.data[v*step*d.size], step*d.size, &room.places[0], d.runs, d.runGroups, w, &b.start[0])
		for i := 0; i < n && !whole; i++ {
			copy(dst[(v+i)*dstStep+b.first:][:b.outputs], room.spare[i*toStep:])
		}
		v += n
	}
}
