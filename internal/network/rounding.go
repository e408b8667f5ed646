package network

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// RoundingRule is a way to requantise other than ONNX's.
type RoundingRule string

// The rules: that of TensorFlow Lite's reference kernels, a fixed-point factor rounded
// twice, and a power of two, rounded half to even.
const (
	TFLite RoundingRule = "tflite"
	Shift  RoundingRule = "shift"
)

// Rounding says how accumulators become elements. The zero Rounding is ONNX's.
type Rounding struct {
	Rule  RoundingRule
	Shift []int // of Shift: accumulators are divided by 2^Shift; one, or one an output channel
}

// check finds what is wrong with a rule for so many channels.
func (r Rounding) check(channels int) error {
	switch r.Rule {
	case Shift:
		if len(r.Shift) != 1 && len(r.Shift) != channels {
			return fmt.Errorf("%d shifts; allowed: 1 or %d", len(r.Shift), channels)
		}
		var errs []error
		for _, s := range r.Shift {
			if s < 0 || s > 31 {
				errs = append(errs, fmt.Errorf("a shift of %d; allowed: 0..31", s))
			}
		}
		return errors.Join(errs...)
	case TFLite, "":
		if len(r.Shift) > 0 {
			return fmt.Errorf("shifts %v with rule %q; allowed: with rule %q", r.Shift, r.Rule, Shift)
		}
		return nil
	}
	return fmt.Errorf("rule %q; allowed: none, which is ONNX's, or %q, %q", r.Rule, TFLite, Shift)
}

// requantized makes a tensor of accumulators of products of x and w; there is one channel
// for every run of them, from the first again after the last.
func (r Rounding) requantized(x, w, y Quant, shape []int, acc []int32, run int, clamp *Clamp) ([]*tensor.Tensor, error) {
	element := r.element(x, w, y, clamp)
	return single(ints(y.DType, shape, func(i int) int64 { return element(i/run, acc[i]) }))
}

// element makes an element of an accumulator of a channel, from the first again after the last.
func (r Rounding) element(x, w, y Quant, clamp *Clamp) func(channel int, acc int32) int64 {
	if r.Rule == "" {
		m := multipliers(x, w, y)
		return func(channel int, acc int32) int64 { return y.requantize(acc, m[channel%len(m)], clamp) }
	}
	scale := conv.ScaleShift(r.Shift)
	if r.Rule == TFLite {
		scale = conv.ScaleTFLite(x.scale(0), y.scale(0), w.Scale)
	}
	q := conv.Requantization{Scale: scale, ZeroPoint: int64(y.zero(0))}
	q.Lowest, q.Highest = y.DType.Range()
	return func(channel int, acc int32) int64 { return clamp.limit(q.Of(channel, int64(acc))) }
}

// otherwise is a kind of operator that is not ONNX's by its rounding.
func (r Rounding) otherwise(kind, name string) string {
	if r.Rule == "" {
		return kind
	}
	return "convsim." + name
}
