package sched

import "github.com/convsim/convsim/internal/conv"

// Order is the order in which one array sums up an output: its beats, each with
// the taps on its lanes. A serial window brings one tap per beat and SIMD
// channels of it; a parallel one all taps of SIMD channels. Idle lanes are left
// out.
func (f Fold) Order() conv.Order {
	s := f.Shape
	order := make(conv.Order, 0, f.VectorBeats())
	if f.Style == Parallel {
		for c := range f.ChannelFolds {
			var beat []conv.Tap
			for ky := range s.Kernel.H {
				for kx := range s.Kernel.W {
					beat = f.lanes(beat, ky, kx, c)
				}
			}
			order = append(order, beat)
		}
		return order
	}
	for ky := range s.Kernel.H {
		for kx := range s.Kernel.W {
			for c := range f.ChannelFolds {
				order = append(order, f.lanes(nil, ky, kx, c))
			}
		}
	}
	return order
}

// lanes appends the taps that channel fold c of tap (ky, kx) brings.
func (f Fold) lanes(beat []conv.Tap, ky, kx, c int) []conv.Tap {
	for lane := c * f.Array.SIMD; lane < min((c+1)*f.Array.SIMD, f.Shape.GroupInChannels()); lane++ {
		beat = append(beat, conv.Tap{C: lane, KY: ky, KX: kx})
	}
	return beat
}

// BeatElements is the number of elements of an array's window beat that carry
// data in some beat: SIMD lanes, fewer when a group has fewer channels.
func (f Fold) BeatElements() int {
	lanes := min(f.Array.SIMD, f.Shape.GroupInChannels())
	if f.Style == Parallel {
		lanes *= f.Taps
	}
	return lanes
}

// VectorElements is the length of a vector: BeatElements for every beat.
func (f Fold) VectorElements() int { return f.VectorBeats() * f.BeatElements() }

// IdlePixelLanes is the number of lanes without work in the beats of one pixel.
func (f Fold) IdlePixelLanes() int64 {
	return f.PixelBeats()*int64(f.InLanes()) - int64(f.Shape.InChannels)
}
