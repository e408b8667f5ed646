package pe

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"github.com/convsim/convsim/internal/abreast"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/simd"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Kernel arranges the weights in the order in which the vectors come. The
// constants are weight (OIHW), weight_zero (int32, one value or one an output
// channel, may be missing) and bias (may be missing).
func (a Array) Kernel(c flow.Constants) (flow.Kernel, error) {
	if a.Loads() {
		return a.loadedKernel(c)
	}
	if c["weight"] == nil {
		return nil, errors.New("pe: an array without weights")
	}
	if a.Elem == tensor.Float32 {
		return a.floatKernel(c), nil
	}
	k := &ArrayKernel{fold: a.Fold, zero: a.Zero, accumulator: a.Accumulator, multiply: sync.OnceValue(func() []*IntWeights { return a.intGroups(c) })}
	switch {
	case a.Elem.Bits() > 16:
		return newMultiplied[int32](k, nil), nil
	case a.Elem.Bits() > 8:
		return newMultiplied(k, wordRows(a, c)), nil
	case SpanOf(a.Elem).Min < 0:
		return newMultiplied(k, byteRows[int8](a, c)), nil
	}
	return newMultiplied(k, byteRows[uint8](a, c)), nil
}

// ArrayKernel is what the kernels of integer arrays share.
type ArrayKernel struct {
	fold        sched.Fold
	zero        int32 // of activations, which is taken off
	accumulator conv.Accumulator
	multiply    func() []*IntWeights      // by group
	then        func(flow.Slab) flow.Slab // what becomes of a row of sums, nil for nothing
	mu          sync.Mutex
	held        Span
}

// Then has the kernel do more with every row of sums.
func (k *ArrayKernel) Then(next func(flow.Slab) flow.Slab) { k.then = next }

// Held is the range of values the accumulators held. Call it after the run.
func (k *ArrayKernel) Held() Span { return k.held }

// Summing is a kernel that watches its accumulators.
type Summing interface{ Held() Span }

func (k *ArrayKernel) hold(s Span) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held = k.held.Union(s)
}

// intGroups arranges the weights of every group.
func (a Array) intGroups(c flow.Constants) []*IntWeights {
	f, s := a.Fold, a.Fold.Shape
	w := takenOff(c["weight"], zerosOf(c), s.OutChannels)
	var bias []int32
	if c["bias"] != nil {
		bias = c["bias"].Int32s(nil, 0, c["bias"].Len())
	}
	x := SpanOf(a.Elem).Minus(int64(a.Zero))
	groups := make([]*IntWeights, s.Groups)
	for g := range groups {
		groups[g] = NewIntWeights(groupRows(f, w, g), groupBias(s.GroupOutChannels(), bias, g), beatsOf(f), a.Accumulator, x)
	}
	return groups
}

// groupRows arranges the weights of a group's outputs in the order of vectors.
func groupRows[T any](f sched.Fold, w []T, group int) [][]T {
	s, order := f.Shape, f.Order()
	outputs, inputs, lanes := s.GroupOutChannels(), s.GroupInChannels(), f.BeatElements()
	rows := make([][]T, outputs)
	for o := range rows {
		rows[o] = make([]T, f.VectorElements())
		of := w[(group*outputs+o)*inputs*f.Taps:]
		for b, beat := range order {
			for lane, tap := range beat {
				rows[o][b*lanes+lane] = of[(tap.C*s.Kernel.H+tap.KY)*s.Kernel.W+tap.KX]
			}
		}
	}
	return rows
}

func groupBias[T any](outputs int, bias []T, group int) []T {
	if bias == nil {
		return nil
	}
	return bias[group*outputs : (group+1)*outputs]
}

// beatsOf is the shape of a vector.
func beatsOf(f sched.Fold) Beats {
	beats := Beats{Lanes: f.BeatElements()}
	for _, beat := range f.Order() {
		beats.Real = append(beats.Real, len(beat))
	}
	return beats
}

// rowMultiplier computes the sums of a row of windows where they lie.
type rowMultiplier[T flow.Element] interface {
	multiply(dst []int32, w *linebuffer.Windows[T])
}

// multiplied is the kernel for vectors of one element type.
type multiplied[T int8 | uint8 | int16 | int32] struct {
	*ArrayKernel
	inPlace rowMultiplier[T] // nil if it is not possible
	rooms   *sync.Pool       // for what is gathered
}

func newMultiplied[T int8 | uint8 | int16 | int32](k *ArrayKernel, inPlace rowMultiplier[T]) multiplied[T] {
	return multiplied[T]{k, inPlace, &sync.Pool{New: func() any { return new(gathering[T, int32]) }}}
}

// gathering is room for a row of vectors, and for the sums of a group.
type gathering[T, S any] struct {
	vectors []T
	wide    []int32
	sums    []S
}

// Run multiplies the rows of all frames, several at a time.
func (k multiplied[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	return eachRow(ctx, k.fold, in[0], out[0], frames, k.then, k.row)
}

// Takes implements flow.Banded.
func (multiplied[T]) Takes(made flow.Span) flow.Span { return made }

// Band implements flow.Banded.
func (k multiplied[T]) Band(_, _ flow.Span, in flow.Rows, _ int) flow.Band {
	return band(k.fold, in, k.row)
}

// Release implements flow.Releasing.
func (k multiplied[T]) Release() {
	if weights, ok := k.inPlace.(flow.Releasing); ok {
		weights.Release()
	}
}

// row computes the sums of a row of windows.
func (k multiplied[T]) row(dst []int32, slab flow.Slab) {
	windows, ok := slab.Data.(*linebuffer.Windows[T])
	if !ok || k.inPlace == nil {
		k.gathered(dst, slab)
		return
	}
	k.inPlace.multiply(dst, windows)
	least, most := simd.Extremes(dst, 0, 0)
	exact := Span{int64(least), int64(most)}
	k.hold(exact)
	if !Signed(k.accumulator.Bits).Contains(exact) {
		for i, v := range dst {
			dst[i] = int32(k.accumulator.Add(0, int64(v)))
		}
	}
}

// gathered computes the sums of a row of vectors.
func (k multiplied[T]) gathered(dst []int32, slab flow.Slab) {
	room := k.rooms.Get().(*gathering[T, int32])
	defer k.rooms.Put(room)
	x := k.withoutZero(room, slab)
	s, n := k.fold.Shape, k.fold.Shape.OutWidth*k.fold.VectorElements()
	outputs := s.GroupOutChannels()
	room.sums = slices.Grow(room.sums[:0], s.OutWidth*outputs)[:s.OutWidth*outputs]
	for g, w := range k.multiply() {
		k.hold(w.Multiply(room.sums, x[g*n:(g+1)*n], s.OutWidth))
		place(dst, room.sums, g*outputs, outputs, s.OutChannels)
	}
}

// withoutZero puts vectors together, widens activations and takes their zero point off.
func (k multiplied[T]) withoutZero(room *gathering[T, int32], slab flow.Slab) []int32 {
	x := linebuffer.VectorsOf(&room.vectors, slab)
	if wide, ok := any(x).([]int32); ok && k.zero == 0 {
		return wide
	}
	room.wide = slices.Grow(room.wide[:0], len(x))[:len(x)]
	for i, v := range x {
		room.wide[i] = int32(v) - k.zero
	}
	return room.wide
}

// place puts the sums of one group, as many per pixel as it has outputs, into a
// row of pixels of so many channels.
func place[T any](row, sums []T, first, outputs, channels int) {
	for at := first; len(sums) > 0; at += channels {
		copy(row[at:at+outputs], sums)
		sums = sums[outputs:]
	}
}

// rowOfSums makes a row of sums, in memory of the pool, of each row of vectors.
func rowOfSums[T flow.Element](f sched.Fold, sums *flow.Pool[T], compute func(dst []T, vectors flow.Slab)) func(flow.Slab) flow.Slab {
	idle, elements := f.Outputs(tensor.Int8).Idle, f.Shape.OutWidth*f.Shape.OutChannels
	return func(vectors flow.Slab) flow.Slab {
		made, row := sums.Take(elements, idle)
		compute(row, vectors)
		vectors.Release()
		return made
	}
}

// band is a band of rows of sums.
func band[T flow.Element](f sched.Fold, in flow.Rows, compute func(dst []T, vectors flow.Slab)) flow.Band {
	sums := flow.NewPool[T]()
	return flow.ByRow(in, sums, rowOfSums(f, sums, compute))
}

// eachRow computes a row of sums from every row of vectors and sends what becomes of them in
// their order: of those that have come some at a time, on all processors.
func eachRow[T flow.Element](ctx context.Context, f sched.Fold, in, out *flow.Stream, frames int,
	then func(flow.Slab) flow.Slab, compute func(dst []T, vectors flow.Slab)) error {
	row, most := rowOfSums(f, flow.NewPool[T](), compute), atOnce(f)
	slabs := make([]flow.Slab, 0, most)
	each := func(i int) {
		if slabs[i] = row(slabs[i]); then != nil {
			slabs[i] = then(slabs[i])
		}
	}
	for left := frames * f.Shape.OutHeight; left > 0; {
		slab, err := in.Receive(ctx)
		if err != nil {
			return err
		}
		slabs = append(slabs[:0], slab)
		for len(slabs) < most {
			more, ok := in.TryReceive()
			if !ok {
				break
			}
			slabs = append(slabs, more)
		}
		abreast.Do(context.Background(), len(slabs), workers(f, len(slabs)), func() func(int) { return each })
		for _, slab := range slabs {
			if err := out.Send(ctx, slab); err != nil {
				return err
			}
		}
		left -= len(slabs)
	}
	return nil
}

// atOnce is how many rows are worth more than starting several processors.
func atOnce(f sched.Fold) int {
	processors := runtime.GOMAXPROCS(0)
	if processors == 1 {
		return 1
	}
	const work, most = 1 << 23, 64 // multiply-accumulates, rows
	row := f.Shape.OutWidth * f.Shape.OutChannels * f.VectorElements()
	return processors * min(most, 8+work/max(1, row))
}

// workers is how many processors are worth starting for so many rows.
func workers(f sched.Fold, rows int) int {
	const each, sum = 1 << 23, 64 // multiply-accumulates that take as long as starting one does, or as a sum besides
	return 1 + rows*f.Shape.OutWidth*f.Shape.OutChannels*(f.VectorElements()+sum)/each
}
