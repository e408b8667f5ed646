package pe

import (
	"fmt"
	"math"
)

// Scales are the scales of a layer's tensors: real value = scale * integer.
type Scales struct {
	Input, Output float32
	Weight        []float32 // one per output channel, or one for all
}

// check notes every scale that is not finite and above 0.
func (s Scales) check(c *checks, channels int) {
	const allowed = "a finite number above 0"
	positive := func(v float32) bool { return v > 0 && !math.IsInf(float64(v), 0) }
	c.add(positive(s.Input), "input_scale", s.Input, allowed)
	c.add(positive(s.Output), "output_scale", s.Output, allowed)
	c.count("weight_scale", len(s.Weight), channels)
	for i, w := range s.Weight {
		c.add(positive(w), fmt.Sprintf("weight_scale[%d]", i), w, allowed)
	}
}

// NewONNX makes the requantisation of ONNX's QLinearConv for a layer of so many
// output channels: multiplication by float32(float32(input*weight)/output),
// otherwise as NewMultiplier. Mistakes are conv.Problems.
func NewONNX(s Scales, channels int, out Output) (Requantizer, error) {
	var c checks
	s.check(&c, channels)
	c.output(out)
	if err := c.err(); err != nil {
		return nil, err
	}
	multipliers := make([]float32, len(s.Weight))
	for i, w := range s.Weight {
		multipliers[i] = float32(s.Input*w) / s.Output
	}
	return NewMultiplier(multipliers, channels, out)
}

// NewMultiplier makes y = clamp(roundHalfToEven(float32(acc)*M) + zeroPoint)
// with one multiplier M per output channel, or one for all. The accumulator and
// the product are rounded to float32, and the zero point comes after rounding,
// so that an odd one does not turn the ties round. Mistakes are conv.Problems.
func NewMultiplier(multipliers []float32, channels int, out Output) (Requantizer, error) {
	var c checks
	c.count("multiplier", len(multipliers), channels)
	for i, m := range multipliers {
		ok := m >= 0 && !math.IsInf(float64(m), 0)
		c.add(ok, fmt.Sprintf("multiplier[%d]", i), m, "a finite number, not negative")
	}
	c.output(out)
	if err := c.err(); err != nil {
		return nil, err
	}
	return &table[float32]{spread(multipliers, channels), scale, out}, nil
}

// scale returns float32(acc)*m, rounded half to even; results beyond any output
// range come out as some number beyond any output range.
func scale(acc int32, m float32) int64 {
	const beyond = 1 << 40
	rounded := math.RoundToEven(float64(float32(float32(acc) * m)))
	switch { // min and max would cost more than the rest: they order NaN and -0
	case rounded > beyond:
		return beyond
	case rounded < -beyond:
		return -beyond
	}
	return int64(rounded)
}
