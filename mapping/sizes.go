package mapping

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/sched"
)

// MaxCycles bounds a run: times must stay far from the end of int64.
const MaxCycles = 1 << 52

// maxVectorBeats bounds the beats of one window: the order of its taps is held
// in memory.
const maxVectorBeats = 1 << 26

// sizes refuses what is too large to simulate, and line buffers too small to
// work.
func sizes(d *Draft) error {
	f := d.Fold
	if beats := d.MostBeats(max(1, f.Shape.Batch)); beats > MaxCycles {
		return d.Layer.Wrong("input", fmt.Sprintf("a stage that moves %.3g beats", beats), fmt.Sprintf("at most 2^52 beats on %s", d.Hardware.Name))
	}
	if f.VectorBeats() > maxVectorBeats {
		return d.Layer.Wrong("kernel_size", fmt.Sprintf("a window of %d beats", f.VectorBeats()), fmt.Sprintf("at most %d beats on %s", maxVectorBeats, d.Hardware.Name))
	}
	if span := float64(f.LastTap()) + float64(f.PixelBeats()); span > math.MaxInt32 {
		return d.Layer.Wrong("kernel_size", fmt.Sprintf("a window that spans %.3g beats", span), "a window of at most 2^31-1 beats")
	}
	if depth := int64(d.Hardware.Window.BufferDepth); depth > 0 && f.Style == sched.Serial {
		if least := f.LeastWindowDepth(); depth < least {
			return d.Hardware.Wrong("window.buffer_depth", fmt.Sprint(depth),
				fmt.Sprintf("at least %d beats for layer %s (%d run without extra stalls), or 0 to compute it", least, d.Layer.Name, f.WindowDepth()))
		}
	}
	return nil
}

// MostBeats is what the busiest stage moves in so many frames, a beat a cycle
// at most.
func (d *Draft) MostBeats(frames int) float64 {
	f := d.Fold
	return float64(max(f.ComputeCycles(), f.PaddedBeats(), f.OutputBeats())) * float64(frames)
}
