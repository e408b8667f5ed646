package mapping

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/sched"
)

// MaxCycles bounds a run: times must stay far from the end of int64.
const MaxCycles = 1 << 52

// maxVectorBeats bounds the beats of one window: the order of its taps is held
// in memory.
const maxVectorBeats = 1 << 26

// maxPixelCycles bounds the cycles and the results of one output pixel: nothing in
// it can be skipped. VGG's first fully connected layer takes 103 million on one
// multiplier.
const maxPixelCycles = 1 << 27

// maxRows bounds the rows and the columns of what is read by address: where each
// begins is held in memory.
const maxRows = 1 << 24

// maxHeld bounds the beats in a buffer: when each arrived is held in memory.
const maxHeld = 1 << 26

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
	if err := d.nests(); err != nil {
		return err
	}
	if cycles := float64(f.GroupFolds) * float64(f.VectorBeats()) * float64(f.OutFolds); cycles > maxPixelCycles {
		return d.Layer.Wrong("out_channels", fmt.Sprintf("an output pixel of %.3g cycles", cycles), fmt.Sprintf("at most %d on %s", maxPixelCycles, d.Hardware.Name))
	}
	if depth := int64(d.Hardware.Window.BufferDepth); depth > 0 && f.Style == sched.Serial {
		if least := f.LeastWindowDepth(); depth < least {
			return d.Hardware.Wrong("window.buffer_depth", fmt.Sprint(depth),
				fmt.Sprintf("at least %d beats for layer %s (%d run without extra stalls), or 0 to compute it", least, d.Layer.Name, f.WindowDepth()))
		}
	}
	return d.CheckHeld(int64(max(1, f.Shape.Batch)))
}

// MostBeats is what the busiest stage moves in so many frames, a beat a cycle
// at most.
func (d *Draft) MostBeats(frames int) float64 {
	f := d.Fold
	return float64(max(f.ComputeCycles(), f.PaddedBeats(), f.OutputBeats())) * float64(frames)
}

// nests refuses loops whose tables do not fit in memory.
func (d *Draft) nests() error {
	f, s := d.Fold, d.Fold.Shape
	rows, columns, inner := 0, 0, 0.
	if f.Style == sched.Serial {
		rows, columns, inner = s.OutHeight, s.OutWidth, float64(f.GroupFolds)*float64(f.VectorBeats())
	}
	if d.storesImage() {
		rows, columns, inner = max(rows, s.PaddedHeight()), max(columns, s.PaddedWidth()), max(inner, float64(f.PixelBeats()))
	}
	if long := max(rows, columns); long > maxRows {
		return d.Layer.Wrong("input", fmt.Sprintf("%d rows or columns to read one by one", long), fmt.Sprintf("at most %d on %s", maxRows, d.Hardware.Name))
	}
	if inner > maxVectorBeats {
		return d.Layer.Wrong("groups", fmt.Sprintf("a pixel of %.3g beats", inner), fmt.Sprintf("at most %d beats on %s", maxVectorBeats, d.Hardware.Name))
	}
	return nil
}

// storesImage reports whether the padding stage shows beats again.
func (d *Draft) storesImage() bool {
	s := d.Fold.Shape
	return s.Pad != conv.Sides{} && s.PaddingMode != conv.Zeros
}

// CheckHeld refuses buffers that would have to hold more beats of a run of so
// many frames than there is memory to follow.
func (d *Draft) CheckHeld(frames int64) error {
	f := d.Fold
	all := float64(f.PaddedBeats()) * float64(frames)
	if depth := int64(d.Hardware.Window.BufferDepth); f.Style == sched.Serial && min(float64(depth), all) > maxHeld {
		return d.Hardware.Wrong("window.buffer_depth", fmt.Sprint(depth), heldText(frames))
	} else if depth == 0 && f.Style == sched.Serial && f.WindowDepth() > maxHeld {
		return d.Layer.Wrong("kernel_size", fmt.Sprintf("a line buffer of %d beats", f.WindowDepth()), heldText(frames))
	}
	if d.storesImage() && f.InputBeats() > maxHeld {
		return d.Layer.Wrong("padding_mode", fmt.Sprintf("an image of %d beats to show again", f.InputBeats()), heldText(frames))
	}
	return nil
}

func heldText(frames int64) string {
	if frames == 1 {
		return fmt.Sprintf("at most %d beats held, or a frame of at most as many", maxHeld)
	}
	return fmt.Sprintf("at most %d beats held, or %d frames of at most as many", maxHeld, frames)
}
