package pe

import (
	"context"
	"math"
	"sync"

	"github.com/convsim/convsim/internal/abreast"
	"github.com/convsim/convsim/internal/simd"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// inPlace multiplies windows where they lie in the rows of the image. Sums are exact:
// it is made only where none, bias included, can leave int32.
type inPlace[T int8 | uint8 | int16] struct {
	fold   sched.Fold
	groups []*simd.Dots
	runs   []int // where the runs of elements of the first window begin
	rooms  *sync.Pool
}

// byteRows multiplies windows of bytes where they lie, nil if it is not possible.
func byteRows[T int8 | uint8](a Array, c flow.Constants) rowMultiplier[T] {
	if k := newByChannel[T](a, c); k != nil {
		return k
	}
	if k := newInPlace[T](a, c); k != nil {
		return k
	}
	return nil
}

// wordRows is byteRows for int16.
func wordRows(a Array, c flow.Constants) rowMultiplier[int16] {
	if k := newInPlace[int16](a, c); k != nil {
		return k
	}
	return nil
}

// newInPlace arranges weights for windows in place, nil where that is not possible.
func newInPlace[T int8 | uint8 | int16](a Array, c flow.Constants) *inPlace[T] {
	if a.Accumulator.Saturate || !a.fitsInt32(c) {
		return nil
	}
	k := &inPlace[T]{fold: a.Fold, rooms: &sync.Pool{New: func() any { return new(simd.Room) }}}
	s := a.Fold.Shape
	columns := s.Kernel.W
	if s.Groups == 1 && s.Dilation.W == 1 {
		columns = 1 // a kernel row's pixels lie side by side: one run
	}
	for ky := range s.Kernel.H {
		for kx := range columns {
			k.runs = append(k.runs, (ky*s.PaddedWidth()+kx*s.Dilation.W)*s.InChannels)
		}
	}
	k.groups = make([]*simd.Dots, s.Groups)
	abreast.Do(context.Background(), s.Groups, 1+s.Groups*s.GroupOutChannels()*s.Taps()>>17, func() func(int) {
		return func(g int) { k.groups[g] = dotsOf[T](a, c, g, len(k.runs)) }
	})
	for _, d := range k.groups {
		if d == nil || !d.Alike(k.groups[0]) {
			return nil
		}
	}
	return k
}

// dotsOf arranges the weights of a group: kernel row, kernel column, channel.
func dotsOf[T int8 | uint8 | int16](a Array, c flow.Constants, group, runs int) *simd.Dots {
	switch w := c["weight"].Data.(type) {
	case []int8:
		return simd.NewDots[T](weightsOf(a.Fold, c, w, group, runs), a.Zero)
	case []uint8:
		return simd.NewDots[T](weightsOf(a.Fold, c, w, group, runs), a.Zero)
	case []int16:
		return simd.NewDots[T](weightsOf(a.Fold, c, w, group, runs), a.Zero)
	}
	return nil
}

func weightsOf[W simd.Weight](f sched.Fold, c flow.Constants, data []W, group, runs int) simd.Weights[W] {
	s := f.Shape
	outputs := s.GroupOutChannels()
	w := simd.Weights[W]{Data: data[group*outputs*s.Taps():][:outputs*s.Taps()], Order: pixelOrder(f), Outputs: outputs, Runs: runs,
		Zeros: zerosOf(c)}
	if len(w.Zeros) > 1 {
		w.Zeros = w.Zeros[group*outputs:][:outputs]
	}
	if bias := c["bias"]; bias != nil {
		w.Bias = bias.Int32s(nil, group*outputs, outputs)
	}
	return w
}

// pixelOrder lists the taps of an output as they lie among its weights, the channels of a
// pixel side by side.
func pixelOrder(f sched.Fold) []int {
	s := f.Shape
	order := make([]int, 0, s.Taps())
	for ky := range s.Kernel.H {
		for kx := range s.Kernel.W {
			for c := range s.GroupInChannels() {
				order = append(order, (c*s.Kernel.H+ky)*s.Kernel.W+kx)
			}
		}
	}
	return order
}

// zerosOf are the zero points of the weights, if they have any.
func zerosOf(c flow.Constants) []int32 {
	zero := c["weight_zero"]
	if zero == nil {
		return nil
	}
	return zero.Int32s(nil, 0, zero.Len())
}

// fitsInt32 reports whether no sum, bias included, can leave int32, whatever the
// activations are.
func (a Array) fitsInt32(c flow.Constants) bool {
	if c["weight"].DType().Bits() > 16 {
		return false
	}
	x := SpanOf(a.Elem).Minus(int64(a.Zero))
	greatest := float64(max(-x.Min, x.Max))
	most := 0.0
	if bias := c["bias"]; bias != nil {
		for _, b := range bias.Int32s(nil, 0, bias.Len()) {
			most = max(most, math.Abs(float64(b)))
		}
	}
	span := SpanOf(c["weight"].DType())
	for _, zero := range append(zerosOf(c), 0) {
		s := span.Minus(int64(zero))
		most := most + greatest*float64(max(-s.Min, s.Max))*float64(a.Fold.Shape.Taps())
		if most > math.MaxInt32 {
			return a.sumsFitInt32(c, greatest, most)
		}
	}
	return true
}

// sumsFitInt32 is fitsInt32 with the weights as they are.
func (a Array) sumsFitInt32(c flow.Constants, greatest, bias float64) bool {
	per, w, zeros := a.Fold.Shape.Taps(), c["weight"].Int32s(nil, 0, c["weight"].Len()), append(zerosOf(c), 0)
	for o := range a.Fold.Shape.OutChannels {
		zero := zeros[0]
		if len(zeros) > 2 {
			zero = zeros[o]
		}
		sum := 0.0
		for _, v := range w[o*per:][:per] {
			sum += math.Abs(float64(v - zero))
		}
		if bias+sum*greatest > math.MaxInt32 {
			return false
		}
	}
	return true
}

// multiply computes the sums of a row of pixels.
func (k *inPlace[T]) multiply(dst []int32, w *linebuffer.Windows[T]) {
	s := k.fold.Shape
	room := k.rooms.Get().(*simd.Room)
	defer k.rooms.Put(room)
	row := s.PaddedWidth() * s.InChannels
	k.groups[0].Grow(room, len(w.Rows)*row)
	for ky, pixels := range w.Rows {
		simd.Prepare(k.groups[0], room, ky*row, pixels)
	}
	outputs := s.GroupOutChannels()
	for g, d := range k.groups {
		d.Multiply(dst[g*outputs:], s.OutChannels, room, k.runs, g*s.GroupInChannels(), s.Stride.W*s.InChannels, s.OutWidth)
	}
}

// Release implements flow.Releasing.
func (k *inPlace[T]) Release() {
	for _, d := range k.groups {
		d.Release()
	}
}

// byChannel multiplies windows of one channel each, as inPlace does.
type byChannel[T int8 | uint8] struct {
	fold    sched.Fold
	weights *simd.Depthwise[T]
	taps    []int
	rooms   *sync.Pool
}

// newByChannel arranges the weights of a depthwise layer, nil if it is none.
func newByChannel[T int8 | uint8](a Array, c flow.Constants) *byChannel[T] {
	s := a.Fold.Shape
	if s.Groups == 1 || s.GroupInChannels() != 1 || s.GroupOutChannels() != 1 || a.Accumulator.Saturate || !a.fitsInt32(c) {
		return nil
	}
	var bias []int32
	if c["bias"] != nil {
		bias = c["bias"].Int32s(nil, 0, c["bias"].Len())
	}
	w := takenOff(c["weight"], zerosOf(c), s.OutChannels)
	k := &byChannel[T]{fold: a.Fold, weights: simd.NewDepthwise[T](w, s.OutChannels, bias, a.Zero), rooms: &sync.Pool{New: func() any { return new(simd.Room) }}}
	for ky := range s.Kernel.H {
		for kx := range s.Kernel.W {
			k.taps = append(k.taps, (ky*s.PaddedWidth()+kx*s.Dilation.W)*s.InChannels)
		}
	}
	if k.weights == nil {
		return nil
	}
	return k
}

// takenOff are integer weights without their zero points.
func takenOff(weight *tensor.Tensor, zeros []int32, outputs int) []int32 {
	w := weight.Int32s(nil, 0, weight.Len())
	if len(zeros) == 0 {
		return w
	}
	for o, taps := 0, len(w)/outputs; o < outputs; o++ {
		for i := range taps {
			w[o*taps+i] -= zeros[o%len(zeros)]
		}
	}
	return w
}

// multiply computes the sums of a row of pixels.
func (k *byChannel[T]) multiply(dst []int32, w *linebuffer.Windows[T]) {
	s := k.fold.Shape
	room := k.rooms.Get().(*simd.Room)
	defer k.rooms.Put(room)
	row := s.PaddedWidth() * s.InChannels
	k.weights.Grow(room, len(w.Rows)*row)
	for ky, pixels := range w.Rows {
		k.weights.Put(room, ky*row, pixels)
	}
	k.weights.Multiply(dst, s.OutChannels, room, k.taps, s.Stride.W*s.InChannels, s.OutWidth)
}
