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

// WeightLayout is that of weights as they are loaded, a row of them at a time.
func (f Fold) WeightLayout() Layout {
	return Layout{Pixels: 1, Elements: len(f.WeightOrder()), At: f.WeightLanes()}
}

// TileWeightLayout is that of weights as arrays take them that work on tiles of so many
// output pixels: every pass as often as there are pixels.
func (f Fold) TileWeightLayout(tile int) Layout {
	all := f.WeightLanes()
	l := Layout{Pixels: 1, Elements: tile * len(f.WeightOrder()), At: make([]int, 0, tile*len(all))}
	per, first := len(all)/(f.GroupFolds*f.OutFolds), 0
	for ; len(all) > 0; all = all[per:] {
		pass, n := all[:per], 0
		for _, at := range pass {
			if at >= 0 {
				n++
			}
		}
		for pixel := range tile {
			for _, at := range pass {
				if at >= 0 {
					at += (tile-1)*first + pixel*n
				}
				l.At = append(l.At, at)
			}
		}
		first += n
	}
	return l
}

// TileOutputLayout is that of the results of such arrays, pass by pass.
func (f Fold) TileOutputLayout(tile int) Layout {
	if f.OutFolds == 1 || tile <= 1 {
		return f.OutputLayout()
	}
	l := Layout{Pixels: 1, Elements: tile * f.Shape.OutChannels}
	next := 0
	for beat := range f.OutFolds * tile {
		for lane := range f.OutLanes() {
			if lane/f.Array.PE >= f.Shape.Groups || beat/tile*f.Array.PE+lane%f.Array.PE >= f.Shape.GroupOutChannels() {
				l.At = append(l.At, -1)
				continue
			}
			l.At = append(l.At, next)
			next++
		}
	}
	return l
}
