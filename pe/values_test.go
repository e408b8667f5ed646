package pe

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// drawFolded draws a pointwise layer on arrays, some of which may be left
// without groups.
func drawFolded(t *rapid.T) sched.Fold {
	n := func(name string, hi int) int { return rapid.IntRange(1, hi).Draw(t, name) }
	groups := n("groups", 5)
	layer := conv.Conv2d{Groups: groups, InChannels: groups * n("channels", 3), OutChannels: groups * n("outputs", 5),
		Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}}
	shape, err := layer.Resolve(1, n("height", 3), 1+n("width", 4))
	if err != nil {
		t.Fatal(err)
	}
	return sched.NewFold(shape, sched.Array{PE: n("pe", 4), SIMD: n("simd", 3), GroupParallel: n("parallel groups", 6)}, sched.Style(n("style", 2)-1))
}

// TestArraysPutSumsInPlace multiplies vectors that say where they belong by
// weights that say whose they are: every sum stands at its pixel and channel,
// and the elements moved are the output beats times the lanes.
func TestArraysPutSumsInPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, zero := drawFolded(t), int32(rapid.IntRange(-3, 3).Draw(t, "zero point"))
		s := f.Shape
		weight, err := tensor.New(tensor.Int8, s.WeightShape()...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range weight.Len() { // of output o: o+1 for its first input, 0 for the others
			if i%s.GroupInChannels() == 0 {
				weight.Data.([]int8)[i] = int8(i/s.GroupInChannels() + 1)
			}
		}
		a := Array{Fold: f, Elem: tensor.Int8, Weight: tensor.Int8, Sum: tensor.Int32, Zero: zero,
			Accumulator: conv.Accumulator{Bits: 32}, Latency: 3}
		k, err := a.Kernel(flow.Constants{"weight": weight})
		if err != nil {
			t.Fatal(err)
		}
		in, out := flow.NewStream(s.OutHeight), flow.NewStream(s.OutHeight)
		for y := range s.OutHeight {
			if err := in.Send(t.Context(), vectors(f, y, zero)); err != nil {
				t.Fatal(err)
			}
		}
		if err := k.Run(t.Context(), []*flow.Stream{in}, []*flow.Stream{out}, 1); err != nil {
			t.Fatal(err)
		}
		for y := range s.OutHeight {
			slab, _ := out.Receive(t.Context())
			if diff := cmp.Diff(sums(f, y), flow.Of[int32](slab)); diff != "" {
				t.Fatalf("row %d (-want +got):\n%s", y, diff)
			}
		}
		if got, want := out.Elements(), f.OutputBeats()*int64(f.OutLanes()); got != want {
			t.Fatalf("%d elements moved, want %d", got, want)
		}
	})
}

// label is a number that tells row, group and pixel.
func label(y, group, x int) int32 { return int32((y*5+group)*6 + x) }

// vectors is a row of vectors of labels, group after group.
func vectors(f sched.Fold, y int, zero int32) flow.Slab {
	var row []int8
	for group := range f.Shape.Groups {
		for x := range f.Shape.OutWidth {
			for range f.VectorElements() {
				row = append(row, int8(label(y, group, x)+zero))
			}
		}
	}
	return flow.NewSlab(row, 0)
}

// sums is the row of sums that should come of it.
func sums(f sched.Fold, y int) []int32 {
	var row []int32
	for x := range f.Shape.OutWidth {
		for c := range f.Shape.OutChannels {
			row = append(row, int32(c+1)*label(y, c/f.Shape.GroupOutChannels(), x))
		}
	}
	return row
}

// TestRequantizeStage: every accumulator by the parameters of its channel, idle
// lanes stay idle, and the row that came is left as it is.
func TestRequantizeStage(t *testing.T) {
	f := sched.Fold{Shape: conv.Shape{OutChannels: 3, OutWidth: 2, OutHeight: 1}}
	k, err := Requantize{Fold: f, Sum: tensor.Int32, Elem: tensor.Int8,
		Rule: Rule{Kind: Shift, Shift: []int{0, 1, 2}, Out: Output{ZeroPoint: 1, Range: Span{Min: -128, Max: 127}}}}.Kernel(nil)
	if err != nil {
		t.Fatal(err)
	}
	row := []int32{8, 8, 8, 1000, -20, -20}
	in, out := flow.NewStream(1), flow.NewStream(1)
	if err := in.Send(t.Context(), flow.NewSlab(row, 5)); err != nil {
		t.Fatal(err)
	}
	if err := k.Run(t.Context(), []*flow.Stream{in}, []*flow.Stream{out}, 1); err != nil {
		t.Fatal(err)
	}
	slab, _ := out.Receive(t.Context())
	if diff := cmp.Diff([]int8{9, 5, 3, 127, -9, -4}, flow.Of[int8](slab)); diff != "" || slab.Idle != 5 {
		t.Errorf("idle %d (-want +got):\n%s", slab.Idle, diff)
	}
	if row[3] != 1000 {
		t.Error("the row that came was altered")
	}
}

// TestRowsKeepTheirOrder whatever the number of processors.
func TestRowsKeepTheirOrder(t *testing.T) {
	f := sched.Fold{Shape: conv.Shape{OutChannels: 1, OutWidth: 1, OutHeight: 40, Groups: 1}, Array: sched.Array{PE: 1, GroupParallel: 1}, GroupFolds: 1, OutFolds: 1}
	for _, processors := range []int{1, 2, 7} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		in, out := flow.NewStream(40), flow.NewStream(40)
		for y := range 40 {
			if err := in.Send(t.Context(), flow.NewSlab([]int32{int32(y)}, 0)); err != nil {
				t.Fatal(err)
			}
		}
		err := eachRow(t.Context(), f, in, out, 1, nil, func(dst []int32, slab flow.Slab) {
			for range int(flow.Of[int32](slab)[0]) % 3 {
				runtime.Gosched()
			}
			copy(dst, flow.Of[int32](slab))
		})
		if err != nil {
			t.Fatal(err)
		}
		for y := range 40 {
			if slab, _ := out.Receive(t.Context()); flow.Of[int32](slab)[0] != int32(y) {
				t.Fatalf("%d processors: row %d in place %d", processors, flow.Of[int32](slab)[0], y)
			}
		}
	}
}

// TestStagesEndWhenCancelled: waiting for a slab, or for room for one.
func TestStagesEndWhenCancelled(t *testing.T) {
	f := sched.NewFold(conv.Shape{Batch: 1, InChannels: 1, InHeight: 1, InWidth: 1, OutChannels: 1, OutHeight: 1, OutWidth: 1,
		Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}, Groups: 1},
		sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial)
	weight, err := tensor.New(tensor.Int32, 1, 1, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]flow.Valued{
		"array": Array{Fold: f, Elem: tensor.Int32, Sum: tensor.Int32, Accumulator: conv.Accumulator{Bits: 32}, Latency: 1},
		"requantize": Requantize{Fold: f, Sum: tensor.Int32, Elem: tensor.Int32,
			Rule: Rule{Kind: Shift, Shift: []int{0}, Out: Output{Range: Span{Min: -128, Max: 127}}}},
	} {
		k, err := block.Kernel(flow.Constants{"weight": weight})
		if err != nil {
			t.Fatal(err)
		}
		for _, fed := range []int{0, 50} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				in, out := flow.NewStream(2), flow.NewStream(2)
				ended := make(chan error, 1)
				go func() { ended <- k.Run(ctx, []*flow.Stream{in}, []*flow.Stream{out}, 100) }()
				go func() {
					for range fed {
						if in.Send(ctx, flow.NewSlab([]int32{1}, 0)) != nil {
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
