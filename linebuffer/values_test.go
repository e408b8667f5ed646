package linebuffer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/sourcegraph/conc/pool"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// drawFolded draws a small legal layer folded onto a small array.
func drawFolded(t *rapid.T) sched.Fold {
	n := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	pair := func(name string, hi int) conv.Pair { return conv.Pair{H: n(name+" h", 1, hi), W: n(name+" w", 1, hi)} }
	groups := n("groups", 1, 4)
	layer := conv.Conv2d{Groups: groups, InChannels: groups * n("channels", 1, 4), OutChannels: groups,
		Kernel: pair("kernel", 3), Stride: pair("stride", 3), Dilation: pair("dilation", 2), PaddingMode: conv.PaddingMode(n("mode", 0, 3)),
		Padding: conv.Padding{Sides: conv.Sides{Top: n("top", 0, 3), Bottom: n("bottom", 0, 3), Left: n("left", 0, 3), Right: n("right", 0, 3)}}}
	shape, err := layer.Resolve(1, n("height", 1, 6), n("width", 1, 6))
	if err != nil {
		t.Skip("what PyTorch refuses")
	}
	array := sched.Array{PE: 1, SIMD: n("simd", 1, 3), GroupParallel: n("parallel groups", 1, 5)}
	return sched.NewFold(shape, array, sched.Style(n("style", 0, 1)))
}

// outside is what padding shows at position i of n, as a walk from the edge;
// -1 is a zero.
func outside(mode conv.PaddingMode, i, n int) int {
	if i >= 0 && i < n {
		return i
	}
	switch mode {
	case conv.Replicate:
		if i < 0 {
			return 0
		}
		return n - 1
	case conv.Circular:
		return ((i % n) + n) % n
	case conv.Reflect:
		for i < 0 || i >= n {
			if i < 0 {
				i = -i
			} else {
				i = n - 1 - (i - (n - 1))
			}
		}
		return i
	}
	return -1
}

// pixel is a number that tells frame, row, column and channel; none is 0.
func pixel(frame, y, x, c int) int32 { return int32(1 + ((frame*10+y)*10+x)*100 + c) }

// paddedPixel is what the padded image shows.
func paddedPixel(s conv.Shape, frame, y, x, c int) int32 {
	row, column := outside(s.PaddingMode, y-s.Pad.Top, s.InHeight), outside(s.PaddingMode, x-s.Pad.Left, s.InWidth)
	if row < 0 || column < 0 {
		return 0
	}
	return pixel(frame, row, column, c)
}

// through streams frames through pad and window and returns what left them, and
// how many elements moved on each stream.
func through(t *rapid.T, f sched.Fold, frames int) (padded, vectors [][]int32, moved []int64) {
	in, between, out, windows := flow.NewStream(2), flow.NewStream(2), flow.NewStream(2), flow.NewStream(2)
	pad, err := padding(f, tensor.Int32, 0)
	if err != nil {
		t.Fatal(err)
	}
	window, err := Window{Fold: f, Elem: tensor.Int32}.Kernel(nil)
	if err != nil {
		t.Fatal(err)
	}
	look := func(from, to *flow.Stream, rows int, seen *[][]int32) func(ctx context.Context) error {
		return func(ctx context.Context) error { // looks at rows on their way
			for range frames * rows {
				slab, err := from.Receive(ctx)
				if err != nil {
					return err
				}
				*seen = append(*seen, slices.Clone(flow.Of[int32](slab)))
				if to != nil {
					if err := to.Send(ctx, slab); err != nil {
						return err
					}
				}
			}
			return nil
		}
	}
	g := pool.New().WithContext(context.Background()).WithCancelOnError().WithFirstError()
	g.Go(func(ctx context.Context) error { return feed(ctx, f, frames, in) })
	g.Go(func(ctx context.Context) error {
		return pad.Run(ctx, []*flow.Stream{in}, []*flow.Stream{between}, frames)
	})
	g.Go(look(between, out, f.Shape.PaddedHeight(), &padded))
	g.Go(func(ctx context.Context) error {
		return window.Run(ctx, []*flow.Stream{out}, []*flow.Stream{windows}, frames)
	})
	g.Go(look(windows, nil, f.Shape.OutHeight, &vectors))
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	return padded, vectors, []int64{in.Elements(), between.Elements(), windows.Elements()}
}

// feed sends the rows of the frames.
func feed(ctx context.Context, f sched.Fold, frames int, in *flow.Stream) error {
	s := f.Shape
	for frame := range frames {
		for y := range s.InHeight {
			var row []int32
			for x := range s.InWidth {
				for c := range s.InChannels {
					row = append(row, pixel(frame, y, x, c))
				}
			}
			if err := in.Send(ctx, flow.NewSlab(row, f.IdlePixelLanes()*int64(s.InWidth))); err != nil {
				return err
			}
		}
	}
	return nil
}

// TestWindowsShowThePaddedImage: every padded row, and every element of every
// vector of every group, is the pixel its place says; lanes without a tap are 0;
// and the elements moved are the beats times the lanes.
func TestWindowsShowThePaddedImage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFolded(t)
		frames := rapid.IntRange(0, 2).Draw(t, "frames")
		padded, vectors, moved := through(t, f, frames)
		if diff := cmp.Diff(wantPadded(f.Shape, frames), padded); diff != "" {
			t.Fatalf("padded rows (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(wantVectors(f, frames), vectors); diff != "" {
			t.Fatalf("rows of vectors (-want +got):\n%s", diff)
		}
		lanes, n := int64(f.InLanes()), int64(frames)
		want := []int64{n * f.InputBeats() * lanes, n * f.PaddedBeats() * lanes, n * f.WindowBeats() * int64(f.WindowLanes())}
		if diff := cmp.Diff(want, moved); diff != "" {
			t.Fatalf("elements moved (-want +got):\n%s", diff)
		}
	})
}

func wantPadded(s conv.Shape, frames int) [][]int32 {
	var rows [][]int32
	for frame := range frames {
		for y := range s.PaddedHeight() {
			var row []int32
			for x := range s.PaddedWidth() {
				for c := range s.InChannels {
					row = append(row, paddedPixel(s, frame, y, x, c))
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func wantVectors(f sched.Fold, frames int) [][]int32 {
	s := f.Shape
	var rows [][]int32
	for frame := range frames {
		for oy := range s.OutHeight {
			row := []int32{}
			for group := range s.Groups {
				for ox := range s.OutWidth {
					vector := make([]int32, f.VectorElements())
					for b, beat := range f.Order() {
						for lane, tap := range beat {
							vector[b*f.BeatElements()+lane] = paddedPixel(s, frame, oy*s.Stride.H+tap.KY*s.Dilation.H,
								ox*s.Stride.W+tap.KX*s.Dilation.W, group*s.GroupInChannels()+tap.C)
						}
					}
					row = append(row, vector...)
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// TestRowsAreShownLast: an image row is let go of with the last padded row that
// shows it, exactly once.
func TestRowsAreShownLast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawFolded(t).Shape
		want := make([][]int, s.PaddedHeight())
		for row := range s.InHeight {
			last := -1
			for y := range s.PaddedHeight() {
				if outside(s.PaddingMode, y-s.Pad.Top, s.InHeight) == row {
					last = y
				}
			}
			want[last] = append(want[last], row)
		}
		if diff := cmp.Diff(want, shownLast(s)); diff != "" {
			t.Fatalf("mismatch (-want +got):\n%s", diff)
		}
	})
}

// TestStagesEndWhenCancelled: waiting for a row, or for room for one.
func TestStagesEndWhenCancelled(t *testing.T) {
	layer := conv.Conv2d{Groups: 1, InChannels: 1, OutChannels: 1, Kernel: conv.Pair{H: 2, W: 2}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, PaddingMode: conv.Circular, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Left: 1}}}
	shape, err := layer.Resolve(1, 9, 9)
	if err != nil {
		t.Fatal(err)
	}
	f := sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial)
	pad, err := padding(f, tensor.Int32, 0)
	if err != nil {
		t.Fatal(err)
	}
	window, err := Window{Fold: f, Elem: tensor.Int32}.Kernel(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, rows := range []int{0, 1, 9, 30} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			in, between, out := flow.NewStream(2), flow.NewStream(2), flow.NewStream(2)
			ended := make(chan error, 3)
			go func() {
				var err error
				for range rows {
					if err = in.Send(ctx, flow.NewSlab(make([]int32, 9), 0)); err != nil {
						break
					}
				}
				ended <- errors.Join(err, ctx.Err())
			}()
			go func() { ended <- pad.Run(ctx, []*flow.Stream{in}, []*flow.Stream{between}, 5) }()
			go func() { ended <- window.Run(ctx, []*flow.Stream{between}, []*flow.Stream{out}, 5) }()
			synctest.Wait()
			cancel()
			sender := 0
			for range 3 {
				if err := <-ended; err == nil {
					sender++
				} else if !errors.Is(err, context.Canceled) {
					t.Errorf("after %d rows a stage ends with %v", rows, err)
				}
			}
			if sender > 1 {
				t.Errorf("after %d rows %d ends of 3 without an error", rows, sender)
			}
		})
	}
}

// TestZeroPointPads: zero padding shows the zero point, in every element type.
func TestZeroPointPads(t *testing.T) {
	layer := conv.Conv2d{Groups: 1, InChannels: 2, OutChannels: 1, Kernel: conv.Pair{H: 2, W: 2}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Left: 1}}}
	shape, err := layer.Resolve(1, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	f := sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial)
	for elem, row := range map[tensor.DType]flow.Slab{
		tensor.Int8:  flow.NewSlab([]int8{3, 4}, 0),
		tensor.UInt8: flow.NewSlab([]uint8{3, 4}, 0),
		tensor.Int16: flow.NewSlab([]int16{3, 4}, 0),
		tensor.Int32: flow.NewSlab([]int32{3, 4}, 0),
	} {
		k, err := Pad{Fold: f, Elem: elem, Zero: 7}.Kernel(nil)
		if err != nil {
			t.Fatal(err)
		}
		in, out := flow.NewStream(1), flow.NewStream(2)
		if err := in.Send(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		if err := k.Run(t.Context(), []*flow.Stream{in}, []*flow.Stream{out}, 1); err != nil {
			t.Fatal(err)
		}
		var got []string
		for range 2 {
			slab, _ := out.Receive(t.Context())
			got = append(got, fmt.Sprint(slab.Data))
		}
		if diff := cmp.Diff([]string{"[7 7 7 7]", "[7 7 3 4]"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", elem, diff)
		}
	}
}
