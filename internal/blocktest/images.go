package blocktest

import (
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// accumulator is wide enough for every sum drawn.
var accumulator = conv.Accumulator{Bits: 32}

// drawFold draws a small layer folded onto small arrays, often with lanes that
// stay without work.
func drawFold(c Choice) sched.Fold {
	for {
		pair := func(hi int) conv.Pair { return conv.Pair{H: between(c, 1, hi), W: between(c, 1, hi)} }
		groups := between(c, 1, 3)
		side := func() int { return max(0, c.IntN(5)-2) }
		l := conv.Conv2d{Groups: groups, InChannels: groups * between(c, 1, 4), OutChannels: groups * between(c, 1, 4),
			Kernel: pair(3), Stride: pair(3), Dilation: pair(2), PaddingMode: conv.PaddingMode(c.IntN(4)),
			Padding: conv.Padding{Sides: conv.Sides{Top: side(), Bottom: side(), Left: side(), Right: side()}}}
		if shape, err := l.Resolve(1, between(c, 1, 7), between(c, 1, 7)); err == nil {
			return sched.NewFold(shape, sched.Array{PE: between(c, 1, 3), SIMD: between(c, 1, 3), GroupParallel: between(c, 1, 3)}, sched.Style(c.IntN(2)))
		}
	}
}

// elem draws a type of activations.
func elem(c Choice) tensor.DType {
	return []tensor.DType{tensor.Int8, tensor.Int8, tensor.UInt8, tensor.Int16}[c.IntN(4)]
}

// convolution is a layer's stages with any array, requantised now and then.
func convolution(c Choice, f sched.Fold) Specimen {
	m := mapping.Conv{Fold: f, Elem: elem(c), Weight: tensor.Int8, Sum: tensor.Int32, Accumulator: accumulator,
		Overlap: chance(c, 50), ArrayLatency: between(c, 1, 9)}
	if f.Style == sched.Serial && chance(c, 30) {
		least := int(f.LeastWindowDepth())
		m.BufferDepth = int64(between(c, least, max(least, int(f.WindowDepth())+2)))
	}
	if chance(c, 50) {
		m.Requantize = requantize()
	}
	return styled(c, m.Blocks())
}

// loading is a layer's stages where weights come by a port.
func loading(c Choice) Specimen {
	f := drawFold(c)
	m := mapping.Conv{Fold: f, Elem: elem(c), Weight: tensor.Int8, Sum: tensor.Int32, Accumulator: accumulator,
		Overlap: chance(c, 50), ArrayLatency: between(c, 1, 9), Load: bandwidth(c), Tile: tile(c, f)}
	return styled(c, m.Blocks())
}

// bandwidth is a port that is often too narrow for what uses it.
func bandwidth(c Choice) clock.Share {
	return clock.Share{Name: "dram", Num: int64(between(c, 1, 40)), Den: int64(between(c, 1, 3))}
}

// tile is how many pixels share weights: any part of the frame, or one.
func tile(c Choice, f sched.Fold) int {
	if f.GroupFolds > 1 || chance(c, 30) {
		return 1
	}
	return divisor(c, f.Shape.OutHeight*f.Shape.OutWidth)
}

// requantize divides by 32.
func requantize() *pe.Requantize {
	return &pe.Requantize{Sum: tensor.Int32, Elem: tensor.Int8,
		Rule: pe.Rule{Kind: pe.Shift, Shift: []int{5}, Out: pe.Output{Range: pe.SpanOf(tensor.Int8)}}}
}

// styled gives the array one of the styles of cores now and then.
func styled(c Choice, blocks []pipeline.Block) Specimen {
	for i, b := range blocks {
		if a, ok := b.(pe.Array); ok && chance(c, 30) {
			a.Style = pe.Style(c.IntN(3))
			if a.Style == pe.Frozen {
				a.Latency = 5
			}
			blocks[i] = a
		}
	}
	return blocks
}

// pad draws either padding stage alone.
func pad(c Choice) Specimen {
	f := drawFold(c)
	if f.Shape.PaddingMode == conv.Zeros {
		return Specimen{linebuffer.Pad{Fold: f, Elem: elem(c), Zero: int32(c.IntN(3))}}
	}
	return Specimen{linebuffer.AddressedPad{Fold: f, Elem: elem(c), Overlap: chance(c, 50)}}
}

// pooling draws a window of single channels and what reduces it.
func pooling(c Choice) Specimen {
	f := drawFold(c)
	s := f.Shape
	s.Groups, s.OutChannels = s.InChannels, s.InChannels
	a := f.Array
	a.PE, a.SIMD = 1, 1
	return pool(c, sched.NewFold(s, a, f.Style), elem(c))
}

func pool(c Choice, f sched.Fold, e tensor.DType) Specimen {
	how := pe.Reduction(c.IntN(2))
	m := mapping.Conv{Fold: f, Elem: e, Overlap: chance(c, 50)}
	var list Specimen
	switch {
	case f.Shape.Pad == conv.Sides{}:
	case f.Shape.PaddingMode == conv.Zeros:
		list = Specimen{linebuffer.Pad{Fold: f, Elem: e, Least: how == pe.Max}}
	default:
		list = Specimen{linebuffer.AddressedPad{Fold: f, Elem: e, Overlap: m.Overlap}}
	}
	return append(list, m.Window(), pe.Reduce{Fold: f, Elem: e, How: how})
}
