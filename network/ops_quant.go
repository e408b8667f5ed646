package network

// QuantizeLinear makes integers of floats. Scales are one, or one for each index
// of Axis (negative: from the end).
type QuantizeLinear struct {
	Y    Quant
	Axis int
}

// DequantizeLinear makes floats of integers, scales as for QuantizeLinear.
type DequantizeLinear struct {
	X    Quant
	Axis int
}

// DynamicQuantizeLinear makes uint8 of floats: outputs y, scale, zero point, which
// follow from the range of the input.
type DynamicQuantizeLinear struct{}

// QLinearAdd is com.microsoft's Add of integers: inputs a, b.
type QLinearAdd struct{ A, B, C Quant } // one scale each

// QLinearMul is com.microsoft's Mul of integers: inputs a, b.
type QLinearMul struct{ A, B, C Quant } // one scale each

// QLinearConcat is com.microsoft's Concat of integers, X[i] of input i.
type QLinearConcat struct {
	Axis int
	X    []Quant // one scale each
	Y    Quant   // one scale
}

// QLinearSigmoid is com.microsoft's Sigmoid of integers.
type QLinearSigmoid struct{ X, Y Quant } // one scale each

// QLinearLeakyRelu is com.microsoft's LeakyRelu of integers.
type QLinearLeakyRelu struct {
	Alpha float32
	X, Y  Quant // one scale each
}
