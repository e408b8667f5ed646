package network

import (
	"maps"
	"math"
	"slices"
)

// function is what a Function computes. For float32 the result of float64 is
// rounded once where there is no function of its own.
type function struct {
	float64 func(float64) float64
	float32 func(float32) float32
	int64   func(int64) int64 // nil: none of whole numbers
}

// functions holds every Function.
var functions = map[Function]function{
	Sin:        {float64: math.Sin},
	Cos:        {float64: math.Cos},
	Tan:        {float64: math.Tan},
	Asin:       {float64: math.Asin},
	Acos:       {float64: math.Acos},
	Atan:       {float64: math.Atan},
	Sinh:       {float64: math.Sinh},
	Cosh:       {float64: math.Cosh},
	Asinh:      {float64: math.Asinh},
	Acosh:      {float64: math.Acosh},
	Atanh:      {float64: math.Atanh},
	Abs:        {float64: math.Abs, int64: func(x int64) int64 { return max(x, -x) }},
	Ceil:       {float64: math.Ceil},
	Erf:        {float64: math.Erf},
	Exp:        {float64: math.Exp},
	Floor:      {float64: math.Floor},
	HardSwish:  {float64: hardSwish64, float32: hardSwish32},
	Log:        {float64: math.Log},
	Mish:       {float64: func(x float64) float64 { return x * math.Tanh(softplus(x)) }},
	Neg:        {float64: func(x float64) float64 { return -x }, int64: func(x int64) int64 { return -x }},
	Reciprocal: {float64: func(x float64) float64 { return 1 / x }},
	Relu:       {float64: func(x float64) float64 { return max(x, 0) }, int64: func(x int64) int64 { return max(x, 0) }},
	Round:      {float64: math.RoundToEven},
	Sigmoid:    {float64: sigmoid},
	Sign:       {float64: sign, int64: func(x int64) int64 { return max(-1, min(x, 1)) }},
	Softplus:   {float64: softplus},
	Softsign:   {float64: func(x float64) float64 { return x / (1 + math.Abs(x)) }},
	Sqrt:       {float64: math.Sqrt},
	Tanh:       {float64: math.Tanh},
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

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

func elu(alpha, x float64) float64 {
	if x >= 0 {
		return x
	}
	return alpha * math.Expm1(x)
}

func gelu(x float64) float64 { return 0.5 * x * (1 + math.Erf(x/math.Sqrt2)) }

func geluTanh(x float64) float64 {
	cubic := float64(0.044715 * x * x * x)
	return 0.5 * x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+cubic)))
}

// hardSwish32 is x * max(0, min(1, x/6 + 1/2)), each operation rounded.
func hardSwish32(x float32) float32 {
	return x * HardSigmoid{Alpha: 1.0 / 6, Beta: 0.5}.apply(x)
}

func hardSwish64(x float64) float64 {
	return x * max(0, min(1, float64(x*(1.0/6))+0.5))
}

// Functions returns all functions of one number, sorted.
func Functions() []Function { return slices.Sorted(maps.Keys(functions)) }
