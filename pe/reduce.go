package pe

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Reduction says what is made of the pixels of a window.
type Reduction uint8

// The reductions.
const (
	Max  Reduction = iota // the greatest one, of the type of the pixels
	Sum                   // their sum: int32, or float32 in the order of the taps
	Mean                  // their mean, of floats: sum and quotient in float64, rounded once
)

// Reduce is the pooling stage behind a window of single channels: it takes the
// beats of a vector, a cycle each, and hands one result over.
type Reduce struct {
	Fold sched.Fold // of a depthwise window: as many groups as channels
	Elem tensor.DType
	How  Reduction
	// Divisor of a Mean: 0 counts the pixels of the image in the window, -1 those of
	// the padding too, but for what Hang says; otherwise it is this number.
	Divisor int
	Hang    conv.Pair // rows and columns of padding at the bottom and right that never count
}

// Kind returns "pool".
func (Reduce) Kind() string { return "pool" }

// result is the type of a result.
func (h Reduction) result(elem tensor.DType) tensor.DType {
	if h == Sum && !elem.IsFloat() {
		return tensor.Int32
	}
	return elem
}

// check refuses what is no reduction, and means of integers.
func (h Reduction) check(elem tensor.DType) error {
	if h > Mean || h == Mean && !elem.IsFloat() {
		return fmt.Errorf("pe: reduction %d of %s", h, elem)
	}
	return nil
}

// Streams are the vectors and a result for each.
func (r Reduce) Streams() (in, out []sched.Stream) {
	return []sched.Stream{r.Fold.Windows(r.Elem)}, []sched.Stream{r.Fold.Outputs(r.How.result(r.Elem))}
}

// Needs needs all beats of the first vectors.
func (r Reduce) Needs(out []int64) []int64 { return []int64{out[0] * int64(r.Fold.VectorBeats())} }

// Check refuses a window that mixes channels.
func (r Reduce) Check() error {
	if err := checkFold(r.Fold, r.Elem); err != nil {
		return err
	}
	if err := r.How.check(r.Elem); err != nil {
		return err
	}
	s := r.Fold.Shape
	if s.Groups != s.InChannels || s.OutChannels != s.InChannels {
		return fmt.Errorf("pe: pooling of %d channels in %d groups; allowed: a group a channel", s.InChannels, s.Groups)
	}
	return nil
}

// Layouts are those of vectors and of output pixels.
func (r Reduce) Layouts() (in, out sched.Layout) { return r.Fold.WindowLayout(), r.Fold.OutputLayout() }
