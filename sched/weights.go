package sched

import (
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// Weights is the stream of a layer's weights as they are loaded: all of them, in the
// order in which the arrays take them, for every tile of so many output pixels.
func (f Fold) Weights(elem tensor.DType, tile int64) Stream {
	s := f.Shape
	out := Stream{Elem: elem, Lanes: f.OutLanes() * f.SumLanes(), Rows: f.Tiles(tile),
		Pixels: int64(f.GroupFolds) * int64(f.OutFolds), Beats: int64(f.VectorBeats())}
	real := int64(s.OutChannels) * int64(s.GroupInChannels()) * int64(f.Taps)
	out.Idle = out.Pixels*out.Beats*int64(out.Lanes) - real
	return out
}

// TileWeights is the same as the arrays take them: those of a pass for every pixel of
// the tile, then those of the next pass.
func (f Fold) TileWeights(elem tensor.DType, tile int64) Stream {
	out := f.Weights(elem, tile)
	out.Pixels, out.Idle = out.Pixels*tile, out.Idle*tile
	return out
}

// TileOutputs is the stream of results of arrays that work on tiles of so many output
// pixels: those of a pass for every pixel of the tile, then those of the next pass.
func (f Fold) TileOutputs(elem tensor.DType, tile int64) Stream {
	out := f.Outputs(elem)
	if f.OutFolds > 1 && tile > 1 {
		out.Idle = out.Idle / out.Pixels * tile
		out.Rows, out.Pixels = f.Tiles(tile), tile
	}
	return out
}

// Tiles is how many tiles of so many output pixels a frame has.
func (f Fold) Tiles(tile int64) int64 {
	return int64(f.Shape.OutHeight) * int64(f.Shape.OutWidth) / max(1, tile)
}

// CheckTile refuses tiles of output pixels that do not make up a frame, and those of
// more than one where groups take turns: these use other weights.
func (f Fold) CheckTile(tile int) error {
	if tile < 1 || f.Shape.OutHeight*f.Shape.OutWidth%tile > 0 || tile > 1 && f.GroupFolds > 1 {
		return fmt.Errorf("sched: tiles of %d pixels in a frame of %d x %d in %d turns of groups", tile, f.Shape.OutHeight, f.Shape.OutWidth, f.GroupFolds)
	}
	return nil
}

// WeightOrder says which weight, by its place in OIHW, comes when: pass by pass, of
// each its beats, of each of these its rows of lanes, one of a PE after the other.
// Lanes without work are left out.
func (f Fold) WeightOrder() []int32 {
	s := f.Shape
	inputs, outputs, order := s.GroupInChannels(), s.GroupOutChannels(), f.Order()
	list := make([]int32, 0, s.OutChannels*inputs*f.Taps)
	for g := range f.GroupFolds {
		for pass := range f.OutFolds {
			for _, beat := range order {
				for array := range f.Array.GroupParallel {
					for row := range f.Array.PE {
						group, out := g*f.Array.GroupParallel+array, pass*f.Array.PE+row
						if group >= s.Groups || out >= outputs {
							continue
						}
						of := int32((group*outputs + out) * inputs * f.Taps)
						for _, tap := range beat {
							list = append(list, of+int32((tap.C*s.Kernel.H+tap.KY)*s.Kernel.W+tap.KX))
						}
					}
				}
			}
		}
	}
	return list
}

// PassChannels are the output channels that a pass makes, of all groups.
func (f Fold) PassChannels(pass int) []int {
	outputs := f.Shape.GroupOutChannels()
	var list []int
	for g := range f.Shape.Groups {
		for o := pass * f.Array.PE; o < min((pass+1)*f.Array.PE, outputs); o++ {
			list = append(list, g*outputs+o)
		}
	}
	return list
}

// WeightLanes says which of a row of weights, counted as in WeightOrder, comes on which
// lane of which beat, -1 on lanes without work.
func (f Fold) WeightLanes() []int {
	s := f.Shape
	taps, inputs, outputs := f.SumLanes()/f.Array.SIMD, s.GroupInChannels(), s.GroupOutChannels()
	list := make([]int, 0, f.GroupFolds*f.OutFolds*f.VectorBeats()*f.OutLanes()*f.SumLanes())
	next := 0
	for at := range f.GroupFolds * f.OutFolds * f.VectorBeats() * f.OutLanes() {
		row, beat := at%f.OutLanes(), at/f.OutLanes()
		pass, g := beat/f.VectorBeats()%f.OutFolds, beat/f.VectorBeats()/f.OutFolds
		works := g*f.Array.GroupParallel+row/f.Array.PE < s.Groups && pass*f.Array.PE+row%f.Array.PE < outputs
		for lane := range taps * f.Array.SIMD {
			if !works || beat%f.ChannelFolds*f.Array.SIMD+lane%f.Array.SIMD >= inputs {
				list = append(list, -1)
				continue
			}
			list = append(list, next)
			next++
		}
	}
	return list
}
