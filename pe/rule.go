package pe

import "fmt"

// RuleKind says by which arithmetic sums become activations.
type RuleKind uint8

// The rules.
const (
	ONNX   RuleKind = iota // a float32 factor, half to even
	TFLite                 // a fixed-point factor, rounded twice
	Shift                  // a power of two, half to even
)

// Rule says how sums become activations, as plain data.
type Rule struct {
	Kind   RuleKind
	Scales Scales // of ONNX and TFLite
	Shift  []int  // of Shift: one, or one an output channel
	Out    Output
}

// Requantizer makes what applies the rule to a layer of so many channels.
func (r Rule) Requantizer(channels int) (Requantizer, error) {
	switch r.Kind {
	case ONNX:
		return NewONNX(r.Scales, channels, r.Out)
	case TFLite:
		return NewTFLite(r.Scales, channels, r.Out)
	case Shift:
		return NewShift(r.Shift, channels, r.Out)
	}
	return nil, fmt.Errorf("pe: requantisation rule %d", r.Kind)
}
