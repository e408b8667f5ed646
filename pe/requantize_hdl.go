package pe

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/hdl"
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
	m.Int("OB", r.Elem.Bits())
	m.Int("ZP", int(r.Rule.Out.ZeroPoint))
	m.Int("MIN", int(r.Rule.Out.Range.Min))
	m.Int("MAX", int(r.Rule.Out.Range.Max))
	m.Int("PIPELINE", r.Pipeline)
	m.Int("CREDITS", r.Pipeline+spareCredits)
	switch r.Rule.Kind {
	case Shift:
		m.Name = "convsim_requantize_shift"
		constantsOf(&m, r, spread(r.Rule.Shift, channels), func(shift int) []field { return []field{{"SHIFT", int64(shift), 6}} })
	case TFLite:
		m.Name = "convsim_requantize_tflite"
		multipliers := make([]fixedPoint, len(r.Rule.Scales.Weight))
		for i, w := range r.Rule.Scales.Weight {
			multipliers[i] = newFixedPoint(float64(r.Rule.Scales.Input) * float64(w) / float64(r.Rule.Scales.Output))
		}
		constantsOf(&m, r, spread(multipliers, channels), fixedPoint.fields)
	case ONNX:
		m.Name = "convsim_requantize_onnx"
		multipliers := make([]float32, len(r.Rule.Scales.Weight))
		for i, w := range r.Rule.Scales.Weight {
			multipliers[i] = float32(r.Rule.Scales.Input*w) / r.Rule.Scales.Output
		}
		constantsOf(&m, r, spread(multipliers, channels), singleFields)
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

// field is a constant of a requantiser: a parameter, or bits of its word.
type field struct {
	name  string
	value int64
	bits  int
}

// constantsOf adds the constants of all channels.
func constantsOf[P comparable](m *hdl.Module, r Requantize, list []P, fields func(P) []field) {
	if !slices.ContainsFunc(list, func(p P) bool { return p != list[0] }) {
		for _, f := range fields(list[0]) {
			m.Int(f.name, int(f.value))
		}
		return
	}
	width := 0
	for _, f := range fields(list[0]) {
		width += f.bits
	}
	words := eachResult(r.Fold, width, func(w *hdl.Word, channel int) {
		for _, f := range fields(list[channel]) {
			w.Put(f.value, f.bits)
		}
	})
	m.Int("WORDS", len(words))
	m.Load("FILE", "requantize", words)
}

// fields are the constants of TFLite's rule.
func (p fixedPoint) fields() []field {
	return []field{{"SIGNIFICAND", int64(p.significand), 31}, {"LEFT", int64(max(p.shift, 0)), 5}, {"RIGHT", int64(max(-p.shift, 0)), 5}}
}

// singleFields are the constants of ONNX's rule: a factor as MANTISSA / 2^SHIFT.
// One of 2^24 or more makes every sum but 0 leave any range, which the largest
// mantissa does, too; one so small that the shift does not reach makes all 0.
func singleFields(m float32) []field {
	fraction, exponent := math.Frexp(float64(m))
	mantissa, shift := int64(math.Ldexp(fraction, 24)), 24-exponent
	switch {
	case mantissa == 0 || shift > 127:
		mantissa, shift = 0, 0
	case shift < 0:
		mantissa, shift = 1<<24-1, 0
	}
	return []field{{"MANTISSA", mantissa, 24}, {"SHIFT", int64(shift), 7}}
}
