package sched

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
)

type folded struct {
	Style                                               Style
	GroupFolds, ChannelFolds, OutFolds                  int
	PixelBeats, VectorBeats, Vectors                    int64
	Input, Padded, Window, Output, Compute, Built, Idle int64
	InLanes, WindowLanes, OutLanes                      int
}

func TestFoldsByHand(t *testing.T) {
	conv2d := func(in, out, kernel, groups, pad int) conv.Conv2d {
		return conv.Conv2d{InChannels: in, OutChannels: out, Kernel: conv.Pair{H: kernel, W: kernel}, Groups: groups,
			Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1},
			Padding: conv.Padding{Sides: conv.Sides{Top: pad, Bottom: pad, Left: pad, Right: pad}}}
	}
	for _, c := range []struct {
		name  string
		layer conv.Conv2d
		size  int
		array Array
		style Style
		want  folded
	}{
		{"pointwise, folds that do not divide", conv2d(10, 20, 1, 1, 0), 7, Array{8, 8, 1}, Serial,
			folded{Parallel, 1, 2, 3, 2, 2, 49, 98, 98, 98, 147, 294, 64, 294*64 - 49*20*10, 8, 8, 8}},
		{"two groups one after the other", conv2d(10, 20, 3, 2, 0), 7, Array{4, 5, 1}, Serial,
			folded{Serial, 2, 1, 3, 2, 9, 50, 98, 98, 450, 150, 1350, 20, 1350*20 - 25*20*5*9, 5, 5, 4}},
		{"two groups side by side", conv2d(10, 20, 3, 2, 0), 7, Array{5, 5, 2}, Serial,
			folded{Serial, 1, 1, 2, 1, 9, 25, 49, 49, 225, 50, 450, 50, 0, 10, 10, 10}},
		{"depthwise with multiplier, parallel window", conv2d(10, 20, 3, 10, 0), 7, Array{1, 1, 5}, Parallel,
			folded{Parallel, 2, 1, 2, 2, 1, 50, 98, 98, 50, 100, 100, 45, 0, 5, 45, 5}},
		{"depthwise on more arrays than groups", conv2d(10, 10, 3, 10, 0), 7, Array{1, 1, 16}, Serial,
			folded{Serial, 1, 1, 1, 1, 9, 25, 49, 49, 225, 25, 225, 16, 225*16 - 25*10*9, 16, 16, 16}},
		{"VGG", conv2d(64, 64, 3, 1, 1), 224, Array{8, 8, 1}, Serial,
			folded{Serial, 1, 8, 8, 8, 72, 50176, 401408, 408608, 3612672, 401408, 28901376, 64, 0, 8, 8, 8}},
	} {
		t.Run(c.name, func(t *testing.T) {
			shape, err := c.layer.Resolve(1, c.size, c.size)
			if err != nil {
				t.Fatal(err)
			}
			f := NewFold(shape, c.array, c.style)
			got := folded{f.Style, f.GroupFolds, f.ChannelFolds, f.OutFolds, f.PixelBeats(), int64(f.VectorBeats()), f.Vectors(),
				f.InputBeats(), f.PaddedBeats(), f.WindowBeats(), f.OutputBeats(), f.ComputeCycles(), f.MultipliersBuilt(),
				f.IdleMACs(), f.InLanes(), f.WindowLanes(), f.OutLanes()}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestFoldsCoverTheLayer: no multiplication is left out, and none is idle when
// every fold divides.
func TestFoldsCoverTheLayer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFold(t, conv.Zeros)
		s, a := f.Shape, f.Array
		divides := s.Groups%a.GroupParallel == 0 && s.InChannels/s.Groups%a.SIMD == 0 && s.OutChannels/s.Groups%a.PE == 0
		if idle := f.IdleMACs(); idle < 0 || (idle == 0) != divides {
			t.Fatalf("%d idle multiplications; every fold divides: %v", idle, divides)
		}
	})
}
