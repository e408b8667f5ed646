package expr

import (
	"maps"
	"math"
	"slices"
)

// function is a function on numbers: one of unary and binary is set.
type function struct {
	unary    func(x float64) float64
	binary   func(x, y float64) float64
	variadic bool // takes two or more numbers, combined from left to right by binary
}

var functions = map[string]function{
	"abs":   {unary: math.Abs},
	"ceil":  {unary: math.Ceil},
	"floor": {unary: math.Floor},
	"log2":  {unary: math.Log2},
	"sqrt":  {unary: math.Sqrt},
	"pow":   {binary: math.Pow},
	"max":   {binary: math.Max, variadic: true},
	"min":   {binary: math.Min, variadic: true},
}

// takes reports whether the function takes n arguments, and says how many it takes.
func (f function) takes(n int) (fits bool, want string) {
	switch {
	case f.unary != nil:
		return n == 1, "1 argument"
	case f.variadic:
		return n >= 2, "2 or more arguments"
	}
	return n == 2, "2 arguments"
}

func functionNames() []string { return slices.Sorted(maps.Keys(functions)) }

// arithmetic has the operators from two numbers to one.
var arithmetic = map[string]func(x, y float64) float64{
	"+":  func(x, y float64) float64 { return x + y },
	"-":  func(x, y float64) float64 { return x - y },
	"*":  func(x, y float64) float64 { return x * y },
	"/":  func(x, y float64) float64 { return x / y },
	"//": func(x, y float64) float64 { return math.Floor(x / y) },
	"%":  modulo,
	"**": math.Pow,
}

// modulo is the remainder of the floored quotient: it has the sign of y.
func modulo(x, y float64) float64 {
	rest := math.Mod(x, y)
	if rest != 0 && (rest < 0) != (y < 0) {
		rest += y
	}
	return rest
}

// order has the comparisons of two numbers.
var order = map[string]func(x, y float64) bool{
	"<":  func(x, y float64) bool { return x < y },
	"<=": func(x, y float64) bool { return x <= y },
	">":  func(x, y float64) bool { return x > y },
	">=": func(x, y float64) bool { return x >= y },
}
