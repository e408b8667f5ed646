package linebuffer

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
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
func through(t *rapid.T, f sched.Fold, frames int) (padded [][]int32, vectors [][][]int32, moved []int64) {
	s := f.Shape
	in, between, out := flow.NewStream[int32](), flow.NewStream[int32](), flow.NewStream[int32]()
	windows := make([]*flow.Stream[int32], f.Array.GroupParallel)
	vectors = make([][][]int32, len(windows))
	g := flow.NewGroup(context.Background())
	g.Go(func(ctx context.Context) error { return feed(ctx, f, frames, in) })
	g.Go(func(ctx context.Context) error { return PadValues(ctx, f, frames, in, between) })
	g.Go(func(ctx context.Context) error { // looks at the padded rows on their way
		for range frames * s.PaddedHeight() {
			slab, err := between.Receive(ctx)
			if err != nil {
				return err
			}
			padded = append(padded, slices.Clone(slab.Data))
			if err := out.Send(ctx, slab); err != nil {
				return err
			}
		}
		return nil
	})
	for a := range windows {
		windows[a] = flow.NewStream[int32]()
		g.Go(func(ctx context.Context) error {
			for range frames * s.OutHeight {
				slab, err := windows[a].Receive(ctx)
				if err != nil {
					return err
				}
				vectors[a] = append(vectors[a], slab.Data)
			}
			return nil
		})
	}
	g.Go(func(ctx context.Context) error { return WindowValues(ctx, f, frames, out, windows) })
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	moved = []int64{in.Elements(), between.Elements(), 0}
	for _, w := range windows {
		moved[2] += w.Elements()
	}
	return padded, vectors, moved
}

// feed sends the rows of the frames.
func feed(ctx context.Context, f sched.Fold, frames int, in *flow.Stream[int32]) error {
	s := f.Shape
	for frame := range frames {
		for y := range s.InHeight {
			var row []int32
			for x := range s.InWidth {
				for c := range s.InChannels {
					row = append(row, pixel(frame, y, x, c))
				}
			}
			if err := in.Send(ctx, flow.Slab[int32]{Data: row, Idle: f.IdlePixelLanes() * int64(s.InWidth)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// TestWindowsShowThePaddedImage: every padded row, and every element of every
// vector of every array, is the pixel its place says; lanes without a tap are 0;
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
		for a := range vectors {
			if diff := cmp.Diff(wantVectors(f, frames, a), vectors[a]); diff != "" {
				t.Fatalf("rows of vectors for array %d (-want +got):\n%s", a, diff)
			}
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

func wantVectors(f sched.Fold, frames, array int) [][]int32 {
	s := f.Shape
	var rows [][]int32
	for frame := range frames {
		for oy := range s.OutHeight {
			row := []int32{}
			for group := array; group < s.Groups; group += f.Array.GroupParallel {
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
	for _, rows := range []int{0, 1, 9, 30} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			in, between, out := flow.NewStream[int32](), flow.NewStream[int32](), flow.NewStream[int32]()
			ended := make(chan error, 3)
			go func() {
				var err error
				for range rows {
					if err = in.Send(ctx, flow.Slab[int32]{Data: make([]int32, 9)}); err != nil {
						break
					}
				}
				ended <- errors.Join(err, ctx.Err())
			}()
			go func() { ended <- PadValues(ctx, f, 5, in, between) }()
			go func() { ended <- WindowValues(ctx, f, 5, between, []*flow.Stream[int32]{out}) }()
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
