package second

import (
	"context"
	"math"

	"github.com/convsim/convsim/internal/conv"
)

// Integer is what activations and weights are stored as.
type Integer interface {
	int8 | uint8 | int16 | int32
}

// Layer is a convolution of integers.
type Layer[W Integer] struct {
	Shape   conv.Shape
	XZero   int32   // taken off every activation
	Weights []W     // OIHW
	WZero   []int32 // taken off them: none, one, or one an output channel
	Bias    []int32 // nil for none
}

// wZero is the zero point of the weights of an output channel.
func (l *Layer[W]) wZero(channel int) int32 {
	if len(l.WZero) == 0 {
		return 0
	}
	return l.WZero[channel%len(l.WZero)]
}

// Sums computes all sums of a batch x, NCHW, side by side. visit is called once with every row
// of them, often with some rows that lie one after the other, the first of them row y; from
// several goroutines, in no particular order. It must not keep sums.
// Sums reports false, without calling visit, where it cannot compute them. It stops when
// ctx ends.
func Sums[T, W Integer](ctx context.Context, l Layer[W], x []T, visit func(image, channel, y int, sums []int32)) bool {
	if !l.fits(Greatest[T](l.XZero)) {
		return false
	}
	l.Shape = withoutIdleStrides(l.Shape)
	if c := newChannelwise[T](&l); c != nil {
		c.run(ctx, x, visit)
		return true
	}
	w := newWork[T](&l)
	if w == nil {
		return false
	}
	w.run(ctx, x, visit)
	return true
}

// withoutIdleStrides makes the strides 1 between outputs of which there is one: those may
// be far larger than the image, and there are as many phases as a stride has steps.
func withoutIdleStrides(s conv.Shape) conv.Shape {
	if s.OutHeight == 1 {
		s.Stride.H = 1
	}
	if s.OutWidth == 1 {
		s.Stride.W = 1
	}
	return s
}

// fits reports whether there are sums, and none can leave int32 for activations of
// magnitude up to greatest.
func (l *Layer[W]) fits(greatest float64) bool {
	return wordLoops != nil && greatest <= math.MaxInt16 && l.Reach(greatest, math.MaxInt32) <= math.MaxInt32 && l.Shape.OutputElements() > 0
}

// work is a layer as it is computed.
type work[T, W Integer] struct {
	*Layer[W]
	m       *machine
	bytes   bool // cells are of four bytes, else of two int16
	low     int32
	plan    []place // of the cells of a tap
	planes  int
	height  int // rows of a plane, of one phase
	width   int // columns of a plane
	unfold  bool
	blocks  []block // of every group
	weights []int32 // of all blocks
}

// Reach is a bound of the magnitude any sum of the layer can have, bias included, for
// activations of magnitude up to greatest: up to enough, from the types alone.
func (l *Layer[W]) Reach(greatest, enough float64) float64 {
	bias := 0.0
	for _, b := range l.Bias {
		bias = max(bias, math.Abs(float64(b)))
	}
	per, weight := l.Shape.Taps(), Greatest[W](0)
	for _, zero := range l.WZero {
		weight = max(weight, Greatest[W](zero))
	}
	if most := bias + greatest*weight*float64(per); most <= enough {
		return most
	}
	most := 0.0
	for o := range l.Shape.OutChannels {
		sum, zero := 0.0, l.wZero(o)
		for _, w := range l.Weights[o*per:][:per] {
			sum += math.Abs(float64(w) - float64(zero))
		}
		most = max(most, bias+sum*greatest)
	}
	return most
}

// span is what weights less their zero points are between.
func (l *Layer[W]) span() (least, most int64) {
	low, high := limits[W]()
	fixed := true
	for _, zero := range l.WZero {
		fixed = fixed && zero == 0
	}
	if fixed && high <= math.MaxInt8 {
		return low, high
	}
	per := l.Shape.Taps()
	for i, w := range l.Weights {
		v := int64(w) - int64(l.wZero(i/per))
		least, most = min(least, v), max(most, v)
	}
	return least, most
}

// limits is the range of a type.
func limits[T Integer]() (low, high int64) {
	switch any(T(0)).(type) {
	case int8:
		return math.MinInt8, math.MaxInt8
	case uint8:
		return 0, math.MaxUint8
	case int16:
		return math.MinInt16, math.MaxInt16
	}
	return math.MinInt32, math.MaxInt32
}

// Greatest is the greatest magnitude of activations of a type without their zero point.
func Greatest[T Integer](zero int32) float64 {
	low, high := limits[T]()
	return float64(max(int64(zero)-low, high-int64(zero)))
}

func newWork[T, W Integer](l *Layer[W]) *work[T, W] {
	low, _ := limits[T]()
	w := &work[T, W]{Layer: l, m: wordLoops, low: l.XZero}
	least, most := l.span()
	switch {
	case byteLoops != nil && low >= math.MinInt8 && least >= math.MinInt8 && most <= math.MaxInt8:
		w.m, w.bytes, w.low = byteLoops, true, int32(low)
	case least < math.MinInt16 || most > math.MaxInt16:
		return nil
	}
	w.layOut()
	w.arrange()
	return w
}

// perCell is how many activations a cell holds.
func (w *work[T, W]) perCell() int {
	if w.bytes {
		return 4
	}
	return 2
}
