package pe

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// drawFolded draws a layer on arrays, some of which may be left without groups.
func drawFolded(t *rapid.T) sched.Fold {
	n := func(name string, hi int) int { return rapid.IntRange(1, hi).Draw(t, name) }
	groups := n("groups", 5)
	layer := conv.Conv2d{Groups: groups, InChannels: groups * n("channels", 3), OutChannels: groups * n("outputs", 5),
		Kernel: conv.Pair{H: 1, W: n("kernel", 2)}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}}
	shape, err := layer.Resolve(1, n("height", 3), 1+n("width", 4))
	if err != nil {
		t.Fatal(err)
	}
	return sched.NewFold(shape, sched.Array{PE: n("pe", 4), SIMD: n("simd", 3), GroupParallel: n("parallel groups", 6)}, sched.Style(n("style", 2)-1))
}

// sum is a number that tells row, group, pixel and output of the group.
func sum(row, group, x, out int) int32 { return int32(((row*10+group)*10+x)*10 + out) }

// TestArraysAndMergePutSumsInPlace: kernels get the vectors of their group, in
// their order; the sums of all arrays come together with channels innermost;
// and the elements moved are the output beats times the lanes.
func TestArraysAndMergePutSumsInPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFolded(t)
		s := f.Shape
		g := flow.NewGroup(context.Background())
		parts := make([]*flow.Stream[int32], f.Array.GroupParallel)
		for a := range parts {
			in := flow.NewStream[int32]()
			parts[a] = flow.NewStream[int32]()
			g.Go(func(ctx context.Context) error { return feed(ctx, f, a, in) })
			g.Go(func(ctx context.Context) error {
				return ArrayValues(ctx, f, s.OutHeight, labelling(f, a), in, parts[a])
			})
		}
		merged, rows := flow.NewStream[int32](), [][]int32{}
		g.Go(func(ctx context.Context) error { return MergeValues(ctx, f, s.OutHeight, parts, merged) })
		g.Go(func(ctx context.Context) error {
			for range s.OutHeight {
				slab, err := merged.Receive(ctx)
				if err != nil {
					return err
				}
				rows = append(rows, slab.Data)
			}
			return nil
		})
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		want := [][]int32{}
		for y := range s.OutHeight {
			var row []int32
			for x := range s.OutWidth {
				for c := range s.OutChannels {
					row = append(row, sum(y, c/s.GroupOutChannels(), x, c%s.GroupOutChannels()))
				}
			}
			want = append(want, row)
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Fatalf("rows (-want +got):\n%s", diff)
		}
		if got, want := merged.Elements(), f.OutputBeats()*int64(f.OutLanes()); got != want {
			t.Fatalf("%d elements moved, want %d", got, want)
		}
	})
}

// feed sends rows of vectors whose elements say where they belong.
func feed(ctx context.Context, f sched.Fold, array int, in *flow.Stream[int32]) error {
	for y := range f.Shape.OutHeight {
		var row []int32
		for _, group := range f.GroupsOf(array) {
			for x := range f.Shape.OutWidth {
				for range f.VectorElements() {
					row = append(row, sum(y, group, x, 0))
				}
			}
		}
		if err := in.Send(ctx, flow.Slab[int32]{Data: row}); err != nil {
			return err
		}
	}
	return nil
}

// labelling are kernels that pass on what their vectors say; those of another
// group become negative.
func labelling(f sched.Fold, array int) []Kernel[int32] {
	var kernels []Kernel[int32]
	for _, group := range f.GroupsOf(array) {
		kernels = append(kernels, func(dst, x []int32, vectors int) {
			outputs := f.Shape.GroupOutChannels()
			for v := range vectors {
				for o := range outputs {
					dst[v*outputs+o] = x[v*f.VectorElements()] + int32(o)
					if int(x[v*f.VectorElements()])/100%10 != group {
						dst[v*outputs+o] = -1
					}
				}
			}
		})
	}
	return kernels
}

// TestRequantizeStage: every accumulator by the parameters of its channel, and
// idle lanes stay idle.
func TestRequantizeStage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := sched.Fold{Shape: conv.Shape{OutChannels: 3, OutWidth: 2}}
		r, err := NewShift([]int{0, 1, 2}, 3, Output{ZeroPoint: 1, Range: Span{Min: -128, Max: 127}})
		if err != nil {
			t.Fatal(err)
		}
		in, out := flow.NewStream[int32](), flow.NewStream[int32]()
		g := flow.NewGroup(context.Background())
		g.Go(func(ctx context.Context) error { return RequantizeValues(ctx, f, 1, r, in, out) })
		if err := in.Send(context.Background(), flow.Slab[int32]{Data: []int32{8, 8, 8, 1000, -20, -20}, Idle: 5}); err != nil {
			t.Fatal(err)
		}
		slab, err := out.Receive(context.Background())
		if err != nil || g.Wait() != nil {
			t.Fatal(err)
		}
		want := flow.Slab[int32]{Data: []int32{9, 5, 3, 127, -9, -4}, Idle: 5}
		if diff := cmp.Diff(want, slab); diff != "" {
			t.Errorf("mismatch (-want +got):\n%s", diff)
		}
	})
}

// TestStagesEndWhenCancelled: waiting for a slab, or for room for one.
func TestStagesEndWhenCancelled(t *testing.T) {
	f := sched.NewFold(conv.Shape{Batch: 1, InChannels: 1, InHeight: 1, InWidth: 1, OutChannels: 1, OutHeight: 1, OutWidth: 1,
		Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}, Groups: 1},
		sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial)
	r, err := NewShift([]int{0}, 1, Output{Range: Span{Min: -128, Max: 127}})
	if err != nil {
		t.Fatal(err)
	}
	pass := []Kernel[int32]{func(dst, x []int32, _ int) { copy(dst, x) }}
	stages := map[string]func(ctx context.Context, in, out *flow.Stream[int32]) error{
		"array": func(ctx context.Context, in, out *flow.Stream[int32]) error {
			return ArrayValues(ctx, f, 100, pass, in, out)
		},
		"merge": func(ctx context.Context, in, out *flow.Stream[int32]) error {
			return MergeValues(ctx, f, 100, []*flow.Stream[int32]{in}, out)
		},
		"requantize": func(ctx context.Context, in, out *flow.Stream[int32]) error {
			return RequantizeValues(ctx, f, 100, r, in, out)
		},
	}
	for name, stage := range stages {
		for _, fed := range []int{0, 50} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				in, out := flow.NewStream[int32](), flow.NewStream[int32]()
				ended := make(chan error, 1)
				go func() { ended <- stage(ctx, in, out) }()
				go func() {
					for range fed {
						if in.Send(ctx, flow.Slab[int32]{Data: []int32{1}}) != nil {
							return
						}
					}
				}()
				synctest.Wait()
				cancel()
				if err := <-ended; !errors.Is(err, context.Canceled) {
					t.Errorf("%s, fed %d slabs, ends with %v", name, fed, err)
				}
			})
		}
	}
}
