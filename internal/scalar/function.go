package scalar

import "math"

// Function is a function of one number.
type Function interface {
	// Of is what an element of a channel becomes.
	Of(x float64, channel int) float64
}

// single rounds to float32.
func single(x float64) float64 { return float64(float32(x)) }

// at is the entry of a channel, of a list of one or one a channel.
func at(list []float64, channel int) float64 {
	if len(list) == 1 {
		return list[0]
	}
	return list[channel]
}

// Relu is x where it is above 0, 0 elsewhere; a nan stays.
type Relu struct{}

// Of implements Function.
func (Relu) Of(x float64, _ int) float64 { return max(x, 0) }

// Leaky is x where it is not below 0, slope*x elsewhere, with one slope or one a
// channel.
type Leaky struct{ Slope []float64 }

// Of implements Function.
func (f Leaky) Of(x float64, channel int) float64 {
	if x < 0 {
		return single(x * at(f.Slope, channel))
	}
	return x
}

// Clip limits to Lo..Hi; 0 is more than -0.
type Clip struct{ Lo, Hi float64 }

// Of implements Function.
func (f Clip) Of(x float64, _ int) float64 {
	return min(max(x, f.Lo), f.Hi)
}

// HardSigmoid is alpha*x + beta, limited to 0..1.
type HardSigmoid struct{ Alpha, Beta float64 }

// Of implements Function.
func (f HardSigmoid) Of(x float64, _ int) float64 {
	return Clip{0, 1}.Of(single(single(f.Alpha*x)+f.Beta), 0)
}

// HardSwish is x * HardSigmoid(x) with ONNX's constants.
type HardSwish struct{}

// Of implements Function.
func (HardSwish) Of(x float64, _ int) float64 {
	return single(x * HardSigmoid{single(1.0 / 6), 0.5}.Of(x, 0))
}

// Math is a function of the standard library, computed in float64 and rounded once
// to float32. The names are ONNX's.
type Math struct{ Name string }

// maths are the functions by name.
var maths = map[string]func(float64) float64{
	"Sin":   math.Sin,
	"Cos":   math.Cos,
	"Tan":   math.Tan,
	"Asin":  math.Asin,
	"Acos":  math.Acos,
	"Atan":  math.Atan,
	"Sinh":  math.Sinh,
	"Cosh":  math.Cosh,
	"Asinh": math.Asinh,
	"Acosh": math.Acosh,
	"Atanh": math.Atanh,
	"Abs":   math.Abs,
	"Ceil":  math.Ceil,
	"Erf":   math.Erf,
	"Exp":   math.Exp,
	"Floor": math.Floor,
	"Gelu":  func(x float64) float64 { return x * (1 + math.Erf(x/math.Sqrt2)) / 2 },
	"GeluTanh": func(x float64) float64 {
		return x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x))) / 2
	},
	"Log":        math.Log,
	"Mish":       func(x float64) float64 { return x * math.Tanh(softplus(x)) },
	"Neg":        func(x float64) float64 { return -x },
	"Reciprocal": func(x float64) float64 { return 1 / x },
	"Round":      math.RoundToEven,
	"Sigmoid":    func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
	"Sign":       sign,
	"Softplus":   softplus,
	"Softsign":   func(x float64) float64 { return x / (1 + math.Abs(x)) },
	"Sqrt":       math.Sqrt,
	"Tanh":       math.Tanh,
}

// Known reports whether there is a function of that name.
func Known(name string) bool { return maths[name] != nil }

// softplus is log(1 + exp(x)) without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// Of implements Function.
func (f Math) Of(x float64, _ int) float64 { return single(maths[f.Name](x)) }

// Elu is x where it is not below 0, alpha*(exp(x)-1) elsewhere.
type Elu struct{ Alpha float64 }

// Of implements Function.
func (f Elu) Of(x float64, _ int) float64 {
	if x < 0 {
		return single(f.Alpha * math.Expm1(x))
	}
	return x
}

// Selu is gamma times Elu.
type Selu struct{ Alpha, Gamma float64 }

// Of implements Function.
func (f Selu) Of(x float64, _ int) float64 {
	if x < 0 {
		return single(f.Gamma * (f.Alpha * math.Expm1(x)))
	}
	return single(f.Gamma * x)
}

// Celu is x where it is not below 0, alpha*(exp(x/alpha)-1) elsewhere.
type Celu struct{ Alpha float64 }

// Of implements Function.
func (f Celu) Of(x float64, _ int) float64 {
	if x < 0 {
		return single(f.Alpha * math.Expm1(x/f.Alpha))
	}
	return x
}

// Thresholded is x where it is above a limit, 0 elsewhere.
type Thresholded struct{ Above float64 }

// Of implements Function.
func (f Thresholded) Of(x float64, _ int) float64 {
	if x > f.Above {
		return x
	}
	return 0
}

// Chain is one function after the other.
type Chain []Function

// Of implements Function.
func (f Chain) Of(x float64, channel int) float64 {
	for _, g := range f {
		x = g.Of(x, channel)
	}
	return x
}

// With is a function of two numbers, one of which is a constant, or one a
// channel.
type With struct {
	Combine  Combination
	Constant []float64
	First    bool // the constant is the first of the two
}

// Of implements Function.
func (f With) Of(x float64, channel int) float64 {
	c := at(f.Constant, channel)
	if f.First {
		return f.Combine.Of(c, x)
	}
	return f.Combine.Of(x, c)
}

// Uniform reports whether a function is the same for all channels.
func Uniform(f Function) bool {
	one := func(lists ...[]float64) bool {
		for _, l := range lists {
			if len(l) != 1 {
				return false
			}
		}
		return true
	}
	switch f := f.(type) {
	case Chain:
		for _, g := range f {
			if !Uniform(g) {
				return false
			}
		}
		return true
	case Leaky:
		return one(f.Slope)
	case With:
		return one(f.Constant)
	case Quantize:
		return one(f.To.Scale, f.To.Zero)
	case Dequantize:
		return one(f.From.Scale, f.From.Zero)
	case Rescale:
		return one(f.Factor)
	case Affine:
		return one(f.Mean, f.Deviation, f.Scale, f.Bias)
	}
	return true
}
