package pe

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/convsim/convsim/internal/hdl"
)

// Module is the requantiser of the rule: constants where all channels share them,
// else a word of them a beat.
func (r Requantize) Module(hdl.Constants) (hdl.Module, error) {
	f := r.Fold
	m := hdl.Module{In: f.OutputChannels(), Out: f.OutputChannels()}
	channels := f.Shape.OutChannels
	if _, err := r.Rule.Requantizer(channels); err != nil {
		return m, err
	}
	if err := errors.Join(hdl.Integers(r.Sum, r.Elem), r.narrow()); err != nil {
		return m, err
	}
	m.Int("LANES", f.OutLanes())
	m.Int("IB", r.Sum.Bits())
	m.Int("AB", r.sumBits())
	m.Int("OB", r.Elem.Bits())
	m.Int("ZP", int(r.Rule.Out.ZeroPoint))
	m.Int("MIN", int(r.Rule.Out.Range.Min))
	m.Int("MAX", int(r.Rule.Out.Range.Max))
	m.Int("LATENCY", max(1, r.Latency))
	switch r.Rule.Kind {
	case Shift:
		m.Name = "convsim_requantize_shift"
		constantsOf(&m, r, shifts(spread(r.Rule.Shift, channels)))
	case TFLite:
		m.Name = "convsim_requantize_tflite"
		constantsOf(&m, r, fixedPoints(spread(r.Rule.fixedPoints(), channels)))
	case ONNX:
		m.Name = "convsim_requantize_onnx"
		constantsOf(&m, r, singles(spread(r.Rule.singles(), channels), r.Elem.Bits(), r.sumBits()))
	}
	return m, nil
}

// narrow refuses results beyond which a factor could not reach.
func (r Requantize) narrow() error {
	if r.Elem.Bits() > 16 {
		return fmt.Errorf("requantisation to %s; allowed: 16 bits at most", r.Elem)
	}
	return nil
}

// constants are those of a requantiser: parameters, and words by channel, nil where
// all channels share what the parameters say.
type constants struct {
	shared []hdl.Parameter
	width  int // of a channel's word
	words  [][]field
	shift  int // of all, to the right
	lift   int // to the left at most, in front of that
	left   int // to the left at most, in front of the product
}

// field is a part of a word, the lowest first.
type field struct {
	value int64
	bits  int
}

// constantsOf adds the constants of all channels.
func constantsOf(m *hdl.Module, r Requantize, c constants) {
	m.Parameters = append(m.Parameters, c.shared...)
	if c.words == nil {
		return
	}
	words := eachResult(r.Fold, c.width, func(w *hdl.Word, channel int) {
		for _, f := range c.words[channel] {
			w.Put(f.value, f.bits)
		}
	})
	m.Int("WORDS", len(words))
	m.Load("FILE", "requantize", words)
}

// set adds a parameter.
func (c *constants) set(name string, value int) {
	c.shared = append(c.shared, hdl.Parameter{Name: name, Value: fmt.Sprint(value)})
}

// alike reports whether all channels have the same constants.
func alike[P comparable](list []P) bool {
	return !slices.ContainsFunc(list, func(p P) bool { return p != list[0] })
}

// lifts are what is missing from a channel's shift to the greatest one: sums are
// shifted to the left by as much, so that all are rounded at the same place.
func lifts(shift []int) (greatest int, lift []int, most int) {
	greatest = slices.Max(shift)
	lift = make([]int, len(shift))
	for i, s := range shift {
		lift[i] = greatest - s
	}
	return greatest, lift, slices.Max(lift)
}

// shifts are the constants of the rule of powers of two.
func shifts(list []int) constants {
	var c constants
	shift, lift, most := lifts(list)
	c.shift, c.lift = shift, most
	c.set("SHIFT", shift)
	if most == 0 {
		return c
	}
	c.set("LIFT", most)
	c.width = bits.Len(uint(most))
	for _, l := range lift {
		c.words = append(c.words, []field{{int64(l), c.width}})
	}
	return c
}

// fixedPoints are the multipliers of TFLite's rule.
func (r Rule) fixedPoints() []fixedPoint {
	list := make([]fixedPoint, len(r.Scales.Weight))
	for i, w := range r.Scales.Weight {
		list[i] = newFixedPoint(float64(r.Scales.Input) * float64(w) / float64(r.Scales.Output))
	}
	return list
}

// fixedPoints are the constants of TFLite's rule.
func fixedPoints(list []fixedPoint) constants {
	var c constants
	left, right := make([]int, len(list)), make([]int, len(list))
	for i, p := range list {
		left[i], right[i] = max(p.shift, 0), max(-p.shift, 0)
	}
	shift, lift, most := lifts(right)
	c.shift, c.lift, c.left = shift, most, slices.Max(left)
	c.set("LEFT", slices.Max(left))
	c.set("RIGHT", shift)
	if alike(list) {
		c.set("SIGNIFICAND", int(list[0].significand))
		return c
	}
	c.set("LIFT", most)
	leftBits, liftBits := bits.Len(uint(slices.Max(left))), bits.Len(uint(most))
	c.width = significandBits + leftBits + liftBits
	for i, p := range list {
		c.words = append(c.words, []field{{int64(p.significand), significandBits}, {int64(left[i]), leftBits}, {int64(lift[i]), liftBits}})
	}
	return c
}

const (
	significandBits = 31
	mantissaBits    = 24
)

// single is a factor as mantissa / 2^shift.
type single struct {
	mantissa int64
	shift    int
}

// singles are the factors of ONNX's rule.
func (r Rule) singles() []float32 {
	list := make([]float32, len(r.Scales.Weight))
	for i, w := range r.Scales.Weight {
		list[i] = float32(r.Scales.Input*w) / r.Scales.Output
	}
	return list
}

// singleOf is a factor for sums of so many bits that become so many. One so great
// that every sum but 0 leaves any range may be as much as the mantissa holds, and one
// by which every sum is less than a half is 0.
func singleOf(m float32, out, sum int) single {
	fraction, exponent := math.Frexp(float64(m))
	s := single{int64(math.Ldexp(fraction, mantissaBits)), mantissaBits - exponent}
	least := max(0, mantissaBits-1-out) // by 2^out at least
	switch {
	case s.mantissa == 0 || s.shift > sum+mantissaBits:
		return single{}
	case s.shift < least:
		return single{1<<mantissaBits - 1, least}
	}
	return s
}

// singles are the constants of ONNX's rule. A factor of 0 is so by any shift.
func singles(factors []float32, out, sum int) constants {
	var c constants
	list, shift := make([]single, len(factors)), make([]int, len(factors))
	for i, f := range factors {
		list[i] = singleOf(f, out, sum)
		shift[i] = list[i].shift
	}
	least := slices.Max(shift)
	for i, s := range list {
		if s.mantissa == 0 {
			shift[i] = least
		}
	}
	greatest, lift, most := lifts(shift)
	c.shift, c.lift = greatest, most
	c.set("SHIFT", greatest)
	if alike(list) {
		c.set("MANTISSA", int(list[0].mantissa))
		return c
	}
	c.set("LIFT", most)
	liftBits := bits.Len(uint(most))
	c.width = mantissaBits + liftBits
	for i, s := range list {
		c.words = append(c.words, []field{{s.mantissa, mantissaBits}, {int64(lift[i]), liftBits}})
	}
	return c
}
