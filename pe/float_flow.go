package pe

import (
	"context"
	"slices"
	"sync"

	"github.com/convsim/convsim/internal/simd"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// floatKernel is Kernel for float32.
func (a Array) floatKernel(c flow.Constants) flow.Kernel {
	k := floatRows{fold: a.Fold, rooms: &sync.Pool{New: func() any { return new(gathering[float32, float32]) }}, multiply: sync.OnceValue(func() []*FloatWeights { return a.floatGroups(c) })}
	k.inPlace = newFloatsInPlace(a.Fold, floatsOf(c["weight"]), floatsOf(c["bias"]))
	return k
}

// floatsOf are the elements of a tensor, nil without one.
func floatsOf(t *tensor.Tensor) []float32 {
	if t == nil {
		return nil
	}
	if x, ok := t.Data.([]float32); ok {
		return x
	}
	return t.Float32s(nil, 0, t.Len())
}

// floatGroups arranges the weights of every group for vectors.
func (a Array) floatGroups(c flow.Constants) []*FloatWeights {
	w, bias, outputs := floatsOf(c["weight"]), floatsOf(c["bias"]), a.Fold.Shape.GroupOutChannels()
	groups := make([]*FloatWeights, a.Fold.Shape.Groups)
	for g := range groups {
		groups[g] = NewFloatWeights(groupRows(a.Fold, w, g), groupBias(outputs, bias, g), beatsOf(a.Fold))
	}
	return groups
}

type floatRows struct {
	fold     sched.Fold
	multiply func() []*FloatWeights // by group
	inPlace  *floatsInPlace         // nil if it is not possible
	rooms    *sync.Pool             // for what is gathered
}

// Run multiplies the rows of all frames, several at a time.
func (k floatRows) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	return eachRow(ctx, k.fold, in[0], out[0], frames, nil, k.row)
}

// Takes implements flow.Banded.
func (floatRows) Takes(made flow.Span) flow.Span { return made }

// Band implements flow.Banded.
func (k floatRows) Band(_, _ flow.Span, in flow.Rows, _ int) flow.Band {
	return band(k.fold, in, k.row)
}

// row computes the sums of a row of windows.
func (k floatRows) row(dst []float32, slab flow.Slab) {
	if windows, ok := slab.Data.(*linebuffer.Windows[float32]); ok && k.inPlace != nil {
		k.inPlace.multiply(dst, windows)
		return
	}
	s := k.fold.Shape
	vectors, outputs, n := s.OutWidth, s.GroupOutChannels(), s.OutWidth*k.fold.VectorElements()
	room := k.rooms.Get().(*gathering[float32, float32])
	defer k.rooms.Put(room)
	x := linebuffer.VectorsOf(&room.vectors, slab)
	room.sums = slices.Grow(room.sums[:0], vectors*outputs)[:vectors*outputs]
	for g, w := range k.multiply() {
		w.Multiply(room.sums, x[g*n:(g+1)*n], vectors)
		place(dst, room.sums, g*outputs, outputs, s.OutChannels)
	}
}

// floatsInPlace multiplies windows where they lie in the rows of the image, in the order of
// the hardware.
type floatsInPlace struct {
	fold     sched.Fold
	groups   []*simd.Floats
	channels *simd.DepthwiseFloats // instead of groups, of layers that are depthwise
	taps     []int                 // of the first window
	rooms    *sync.Pool            // for the rows of a window, one behind the other
}

// newFloatsInPlace arranges weights OIHW, nil where the processor has no loops.
func newFloatsInPlace(f sched.Fold, weights, bias []float32) *floatsInPlace {
	s := f.Shape
	k := &floatsInPlace{fold: f, rooms: &sync.Pool{New: func() any { return new([]float32) }}}
	w := simd.FloatWeights{Beats: merge(beatsOf(f)).Real, Bias: bias, Outputs: s.OutChannels,
		Of: func(o int) []float32 { return weights[o*s.Taps():][:s.Taps()] }}
	row := s.PaddedWidth() * s.InChannels
	for _, beat := range f.Order() {
		for _, t := range beat {
			w.Order = append(w.Order, (t.C*s.Kernel.H+t.KY)*s.Kernel.W+t.KX)
			k.taps = append(k.taps, t.KY*row+t.KX*s.Dilation.W*s.InChannels+t.C)
		}
	}
	outputs := s.GroupOutChannels()
	if s.Groups > 1 && outputs == 1 && s.GroupInChannels() == 1 {
		if k.channels = simd.NewDepthwiseFloats(w); k.channels == nil {
			return nil
		}
		return k
	}
	of := w.Of
	for g := range s.Groups {
		w.Of = func(o int) []float32 { return of(g*outputs + o) }
		w.Bias, w.Outputs = groupBias(outputs, bias, g), outputs
		d := simd.NewFloats(w)
		if d == nil {
			return nil
		}
		k.groups = append(k.groups, d)
	}
	return k
}

// multiply computes the sums of a row of pixels.
func (k *floatsInPlace) multiply(dst []float32, w *linebuffer.Windows[float32]) {
	s := k.fold.Shape
	room := k.rooms.Get().(*[]float32)
	defer k.rooms.Put(room)
	x := w.Rows[0]
	if k.channels != nil || len(w.Rows) > 1 {
		x = (*room)[:0]
		for _, pixels := range w.Rows {
			x = append(x, pixels...)
		}
		*room = x
	}
	step := s.Stride.W * s.InChannels
	if k.channels != nil {
		for range k.channels.Beyond() {
			x = append(x, 0)
		}
		*room = x
		k.channels.Multiply(dst, s.OutChannels, x, k.taps, step, s.OutWidth)
		return
	}
	for g, d := range k.groups {
		d.Multiply(dst[g*s.GroupOutChannels():], s.OutChannels, x[g*s.GroupInChannels():], k.taps, step, s.OutWidth)
	}
}
