package sched

import "github.com/convsim/convsim/tensor"

// Layout says where the elements of beats lie among those of some pixels, as values
// carry them. A beat has its lanes, a pixel its beats, one after the other.
type Layout struct {
	Pixels   int
	Elements int   // of all the pixels
	At       []int // where a lane of a beat of the first pixel lies; -1 where the lane is idle
	Step     int   // how much further the same lane of the next pixel does
}

// Layout is that of a stream whose lanes carry elements in their order.
func (s Stream) Layout() Layout {
	if s.Idle == 0 {
		return Layout{Pixels: 1, Elements: s.Lanes, At: counted(s.Lanes)}
	}
	channels := int((s.Pixels*s.Beats*int64(s.Lanes) - s.Idle) / s.Pixels)
	at := counted(int(s.Beats) * s.Lanes)
	for c := channels; c < len(at); c++ {
		at[c] = -1
	}
	return Layout{Pixels: 1, Elements: channels, At: at}
}

func counted(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// InputLayout is that of input pixels.
func (f Fold) InputLayout() Layout {
	return layoutOf(f.InputChannels(), f.Image(tensor.Int8).Layout(), f.Shape.InChannels)
}

// OutputLayout is that of output pixels.
func (f Fold) OutputLayout() Layout {
	return layoutOf(f.OutputChannels(), f.Outputs(tensor.Int8).Layout(), f.Shape.OutChannels)
}

// layoutOf is that of channels in another order than values have them, if they are.
func layoutOf(channels []int, inOrder Layout, all int) Layout {
	if channels == nil {
		return inOrder
	}
	return Layout{Pixels: 1, Elements: all, At: channels}
}

// WindowLayout is that of a row of vectors: values have all vectors of one group before
// those of the next, hardware all groups of one pixel, of every tap all arrays.
func (f Fold) WindowLayout() Layout {
	s, vector := f.Shape, f.VectorElements()
	l := Layout{Pixels: s.OutWidth, Elements: s.Groups * s.OutWidth * vector, Step: vector}
	taps := f.SumLanes() / f.Array.SIMD
	for turn := range f.GroupFolds * f.VectorBeats() {
		fold, beat := turn/f.VectorBeats(), turn%f.VectorBeats()
		left := s.GroupInChannels() - beat%f.ChannelFolds*f.Array.SIMD // channels of this beat and later ones
		for lane := range taps * f.InLanes() {
			tap, array, c := lane/f.InLanes(), lane/f.Array.SIMD%f.Array.GroupParallel, lane%f.Array.SIMD
			group := fold*f.Array.GroupParallel + array
			if group >= s.Groups || c >= left {
				l.At = append(l.At, -1)
				continue
			}
			within := tap*min(f.Array.SIMD, left) + c
			l.At = append(l.At, group*s.OutWidth*vector+beat*f.BeatElements()+within)
		}
	}
	return l
}
