package network

import "github.com/convsim/convsim/tensor"

// Function is a function of one number without attributes, by ONNX's name of it.
type Function string

// The functions an Unary may apply.
const (
	Abs        Function = "Abs"
	Ceil       Function = "Ceil"
	Erf        Function = "Erf"
	Exp        Function = "Exp"
	Floor      Function = "Floor"
	HardSwish  Function = "HardSwish"
	Log        Function = "Log"
	Mish       Function = "Mish"
	Neg        Function = "Neg"
	Reciprocal Function = "Reciprocal"
	Relu       Function = "Relu"
	Round      Function = "Round" // half to even
	Sigmoid    Function = "Sigmoid"
	Sign       Function = "Sign"
	Softplus   Function = "Softplus"
	Softsign   Function = "Softsign"
	Sqrt       Function = "Sqrt"
	Tanh       Function = "Tanh"
)

// Unary applies a function to every element.
type Unary struct{ Function Function }

// LeakyRelu is x where x >= 0, Alpha*x elsewhere.
type LeakyRelu struct{ Alpha float32 }

// Elu is x where x >= 0, Alpha*(exp(x)-1) elsewhere.
type Elu struct{ Alpha float32 }

// HardSigmoid is Alpha*x + Beta, limited to 0..1.
type HardSigmoid struct{ Alpha, Beta float32 }

// Gelu is x times the normal distribution's probability of less than x.
type Gelu struct{ Tanh bool } // Tanh: the approximation by that function

// Clip limits elements to Lo..Hi; nil is no limit. A limit of integers is whole.
type Clip struct{ Lo, Hi *float64 }

// PRelu is x where x >= 0, slope*x elsewhere: inputs x, slope, which is broadcast to
// x.
type PRelu struct{}

// Combination combines tensors element by element, by ONNX's name of it.
type Combination string

// The ways to combine. Sum, Mean, Max and Min take one input or more, from the
// left; the others two.
const (
	Add  Combination = "Add"
	Sub  Combination = "Sub"
	Mul  Combination = "Mul"
	Div  Combination = "Div"
	Pow  Combination = "Pow"
	Sum  Combination = "Sum"
	Mean Combination = "Mean"
	Max  Combination = "Max"
	Min  Combination = "Min"
)

// Combine combines its inputs element by element with NumPy's broadcasting.
// Integers wrap round; their quotients are cut off towards zero.
type Combine struct{ How Combination }

// Identity is its input.
type Identity struct{}

// Cast converts to another type. Floats are cut off towards zero when they become
// integers, which wrap round.
type Cast struct{ To tensor.DType }

// Table looks every element of an 8-bit tensor up: entry i is the result of the
// element whose byte is i. It stands for DequantizeLinear, functions of one number,
// QuantizeLinear.
type Table struct {
	In, Out tensor.DType // Int8 or UInt8
	Entries [256]int16
}
