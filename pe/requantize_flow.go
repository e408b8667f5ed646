package pe

import (
	"context"
	"slices"
	"sync"

	"github.com/convsim/convsim/internal/simd"
	"github.com/convsim/convsim/pipeline/flow"
)

// Kernel makes the activations.
func (r Requantize) Kernel(flow.Constants) (flow.Kernel, error) {
	channels := r.Fold.Shape.OutChannels
	q, err := r.Rule.Requantizer(channels)
	if err != nil {
		return nil, err
	}
	rows := r.Fold.Shape.OutHeight
	return flow.Cases{Int8: newRequantized(applied[int8](q, channels), rows), UInt8: newRequantized(applied[uint8](q, channels), rows),
		Int16: newRequantized(narrowed[int16](q, channels), rows), Int32: newRequantized(narrowed[int32](q, channels), rows)}.For(r.Elem)
}

// requantized turns rows of sums into rows of activations.
type requantized[T int8 | uint8 | int16 | int32] struct {
	apply func(y []T, sums []int32)
	rows  int
	made  *flow.Pool[T]
}

func newRequantized[T int8 | uint8 | int16 | int32](apply func(y []T, sums []int32), rows int) requantized[T] {
	return requantized[T]{apply, rows, flow.NewPool[T]()}
}

// applied is what makes a row of bytes, by the loops of the processor where the rule has
// some.
func applied[T int8 | uint8](q Requantizer, channels int) func(y []T, sums []int32) {
	const exact = 1 << 20 // limits are float32 numbers
	switch rule := q.(type) {
	case *table[float32]:
		if (Span{-exact, exact}).Contains(rule.out.Range) {
			fast := simd.NewRequantizer(rule.parameters, rule.out.ZeroPoint, int32(rule.out.Range.Min), int32(rule.out.Range.Max))
			return func(y []T, sums []int32) { simd.Apply(fast, y, sums) }
		}
	case *table[fixedPoint]:
		factors := make([]simd.FixedPoint, len(rule.parameters))
		for i, p := range rule.parameters {
			factors[i] = simd.FixedPoint{Significand: p.significand, Left: max(p.shift, 0), Right: max(-p.shift, 0)}
		}
		fast := simd.NewFixedPoint(factors, rule.out.ZeroPoint, int32(rule.out.Range.Min), int32(rule.out.Range.Max))
		return func(y []T, sums []int32) { simd.ApplyIntegers(fast, y, sums) }
	case *table[int]:
		fast := simd.NewShifts(rule.parameters, rule.out.ZeroPoint, int32(rule.out.Range.Min), int32(rule.out.Range.Max))
		return func(y []T, sums []int32) { simd.ApplyIntegers(fast, y, sums) }
	}
	return narrowed[T](q, channels)
}

// narrowed applies any rule.
func narrowed[T int8 | uint8 | int16 | int32](q Requantizer, channels int) func(y []T, sums []int32) {
	rooms := sync.Pool{New: func() any { return new([]int32) }}
	return func(y []T, sums []int32) {
		room := rooms.Get().(*[]int32)
		wide := slices.Grow((*room)[:0], len(sums))[:len(sums)] // the row may have other readers
		q.Apply(wide, sums, 0, channels)
		for i, v := range wide {
			y[i] = T(v)
		}
		*room = wide
		rooms.Put(room)
	}
}

// Run requantises all frames.
func (q requantized[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	return flow.Through(ctx, q, q.rows, q.rows, in[0], out[0], frames)
}

// Takes implements flow.Banded.
func (requantized[T]) Takes(made flow.Span) flow.Span { return made }

// Band implements flow.Banded.
func (q requantized[T]) Band(_, _ flow.Span, in flow.Rows, _ int) flow.Band {
	q.made = flow.NewPool[T]()
	return flow.ByRow(in, q.made, q.Row)
}

// Row requantises a row.
func (q requantized[T]) Row(slab flow.Slab) flow.Slab {
	sums := flow.Of[int32](slab)
	made, y := q.made.Take(len(sums), slab.Idle)
	q.apply(y, sums)
	slab.Release()
	return made
}
