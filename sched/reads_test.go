package sched

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
)

// TestWindowReadsShowTheTaps: per output pixel and group fold, the beats under
// the kernel taps in order.
func TestWindowReadsShowTheTaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFold(t, conv.Zeros)
		f.Style = Serial
		s := f.Shape
		var want []int64
		for oy := range s.OutHeight {
			for ox := range s.OutWidth {
				for g := range f.GroupFolds {
					for ky := range s.Kernel.H {
						for kx := range s.Kernel.W {
							pixel := int64(oy*s.Stride.H+ky*s.Dilation.H)*int64(s.PaddedWidth()) + int64(ox*s.Stride.W+kx*s.Dilation.W)
							for c := range f.ChannelFolds {
								want = append(want, pixel*f.PixelBeats()+int64(g*f.ChannelFolds+c))
							}
						}
					}
				}
			}
		}
		r := f.WindowReads()
		if got := r.addresses(); !slices.Equal(got, want) || r.Steps() != int64(len(want)) || r.FrameBeats() != f.PaddedBeats() {
			t.Fatalf("%d of %d steps, frame %d: %v, want %v", r.Steps(), len(want), r.FrameBeats(), got, want)
		}
	})
}

// TestPadReadsShowTheImage: every padded beat in raster order names the image
// beat it shows.
func TestPadReadsShowTheImage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFold(t, conv.Reflect, conv.Replicate, conv.Circular)
		s := f.Shape
		var want []int64
		for y := range s.PaddedHeight() {
			for x := range s.PaddedWidth() {
				iy, _ := conv.SourceIndex(s.PaddingMode, y-s.Pad.Top, s.InHeight)
				ix, _ := conv.SourceIndex(s.PaddingMode, x-s.Pad.Left, s.InWidth)
				for c := range f.PixelBeats() {
					want = append(want, int64(iy*s.InWidth+ix)*f.PixelBeats()+c)
				}
			}
		}
		if got := f.PadReads().addresses(); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// TestReadTables compares every table with a walk over all steps.
func TestReadTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawReads(t)
		at := r.addresses()
		if newest, n := int64(-1), rapid.IntRange(0, len(at)).Draw(t, "steps"); true {
			for _, a := range at[:n] {
				newest = max(newest, a)
			}
			if got := r.Arrived(int64(n)); got != newest+1 {
				t.Fatalf("Arrived(%d) = %d, want %d", n, got, newest+1)
			}
		}
		after := r.frame // smallest address of the steps after i
		pixel := len(r.Inner)
		deepest := int64(0)
		for i := len(at) - 1; i >= 0; i-- {
			if p := i / pixel; i%pixel == pixel-1 {
				if got := r.PixelAfter(p/len(r.Col), p%len(r.Col)); got != after {
					t.Fatalf("PixelAfter of pixel %d = %d, want %d", p, got, after)
				}
			} else if want := slices.Min(r.Inner[i%pixel+1:]); r.InnerAfter()[i%pixel] != want {
				t.Fatalf("InnerAfter()[%d] = %d, want %d", i%pixel, r.InnerAfter()[i%pixel], want)
			}
			after = min(after, at[i])
			deepest = max(deepest, slices.Max(at[:i+1])-after+1)
		}
		if got := r.Depth(); got != deepest {
			t.Fatalf("Depth() = %d, want %d", got, deepest)
		}
	})
}

// TestLeastWindowDepth: what a walk over the window's nest finds, and no more
// than the depth FINN builds.
func TestLeastWindowDepth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFold(t, conv.Zeros)
		f.Style = Serial
		least := f.LeastWindowDepth()
		if want := f.WindowReads().Depth(); least != want {
			t.Fatalf("LeastWindowDepth() = %d, the nest's depth is %d", least, want)
		}
		if built := f.WindowDepth(); built < least {
			t.Fatalf("WindowDepth() = %d below the least, %d", built, least)
		}
	})
}

// TestAlike: rows and pixels called alike are shifted copies, in what they read
// and in what they set free.
func TestAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawReads(t)
		y := rapid.IntRange(0, len(r.Row)-1).Draw(t, "y")
		first, last := r.AlikeRows(y)
		if y < first || y > last {
			t.Fatalf("row %d is not in [%d, %d]", y, first, last)
		}
		for i := first + 1; i <= last; i++ {
			step := r.Row[first+1] - r.Row[first]
			freed := r.PixelAfter(first+1, 0) - r.PixelAfter(first, 0) // step, or nothing
			for x := range r.Col {
				if r.Row[i]-r.Row[i-1] != step || freed != step && freed != 0 || r.PixelAfter(i, x)-r.PixelAfter(i-1, x) != freed {
					t.Fatalf("row %d is no copy of row %d shifted by %d at pixel %d", i, i-1, step, x)
				}
			}
		}
		x := rapid.IntRange(0, len(r.Col)-1).Draw(t, "x")
		first, last = r.AlikePixels(y, x)
		if x < first || x > last {
			t.Fatalf("pixel %d is not in [%d, %d]", x, first, last)
		}
		for i := first + 1; i <= last; i++ {
			step := r.Col[first+1] - r.Col[first]
			freed := r.PixelAfter(y, first+1) - r.PixelAfter(y, first)
			if r.Col[i]-r.Col[i-1] != step || freed != step && freed != 0 || r.PixelAfter(y, i)-r.PixelAfter(y, i-1) != freed {
				t.Fatalf("row %d: pixel %d is no copy of pixel %d shifted by %d", y, i, i-1, step)
			}
		}
	})
}

// TestAlikeLinear: vectors of a row called alike are shifted copies, in what they read and in what each
// read of them sets free, and some go on into the last pixel of a row.
func TestAlikeLinear(t *testing.T) {
	ends := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawFold(t, conv.Zeros).WindowReads()
		if !r.Linear() {
			return
		}
		y, x := rapid.IntRange(0, len(r.Row)-1).Draw(t, "y"), rapid.IntRange(0, len(r.Col)-1).Draw(t, "x")
		first, last := r.AlikeLinear(y, x)
		if x < first || x > last {
			t.Fatalf("pixel %d is not in [%d, %d]", x, first, last)
		}
		if last == len(r.Col)-1 && first < last {
			ends++
		}
		var reads, frees []int64
		for p := first; p <= last; p++ {
			for i, at := range r.Inner {
				base := r.Row[y] + r.Col[p]
				reads = append(reads, base+int64(at))
				frees = append(frees, min(r.PixelAfter(y, p), base+int64(r.InnerAfter()[i])))
			}
		}
		if first == last { // of one pixel alone AlikeVectors says more
			return
		}
		step := int64(r.Inner[r.Vector()] - r.Inner[0])
		for i := r.Vector(); i < len(reads)-r.Vector(); i++ {
			if reads[i]-reads[i-r.Vector()] != step || frees[i]-frees[i-r.Vector()] != step {
				t.Fatalf("row %d, pixels [%d, %d]: read %d is no copy of the one a vector before", y, first, last, i)
			}
		}
	})
	if ends == 0 {
		t.Error("no row goes on into its last pixel")
	}
}

// TestBodyIsAlike: in a plain window all rows but the last are alike, and all
// pixels of such a row but its last; otherwise little could be skipped.
func TestBodyIsAlike(t *testing.T) {
	layer := conv.Conv2d{InChannels: 4, OutChannels: 4, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Groups: 1}
	shape, err := layer.Resolve(1, 12, 10)
	if err != nil {
		t.Fatal(err)
	}
	r := NewFold(shape, Array{2, 2, 1}, Serial).WindowReads()
	if first, last := r.AlikeRows(4); first != 0 || last != 8 {
		t.Errorf("AlikeRows(4) = %d, %d, want 0, 8", first, last)
	}
	if first, last := r.AlikePixels(4, 4); first != 0 || last != 6 {
		t.Errorf("AlikePixels(4, 4) = %d, %d, want 0, 6", first, last)
	}
}
