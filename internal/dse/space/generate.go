package space

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/convsim/convsim/internal/kind"
)

// maxExact bounds integers of generated axes: all of them are exact as float64 too, as expressions need.
const maxExact = 1 << 53

// maxDivided bounds the number whose divisors an axis lists, so that trial division stays instant.
const maxDivided = 1 << 40

// Range is an axis of the numbers from, from+step, ... up to and including to. A negative step counts down.
// The values are integers if all three are; else floats, rounded to 12 significant digits so that steps of
// 0.1 read as typed.
func Range(name string, from, to, step Value) (Axis, error) {
	values, err := arithmetic(from, to, step)
	if err != nil {
		return Axis{}, fmt.Errorf("axis %s: %w", name, err)
	}
	return List(name, values...)
}

func arithmetic(from, to, step Value) ([]Value, error) {
	var bounds [3]float64
	for i, v := range []Value{from, to, step} {
		x, number := v.Number()
		if !number || !v.finite() || math.Abs(x) > maxExact {
			return nil, fmt.Errorf("range %s is %q, want a number between -2^53 and 2^53", [3]string{"from", "to", "step"}[i], v)
		}
		bounds[i] = x
	}
	if bounds[2] == 0 {
		return nil, fmt.Errorf("range step is 0, want a positive or a negative number")
	}
	integers := from.kind == kind.Integer && to.kind == kind.Integer && step.kind == kind.Integer
	count, err := steps(bounds[0], bounds[1], bounds[2], integers)
	if err != nil {
		return nil, err
	}
	values := make([]Value, count)
	for i := range values {
		if integers {
			values[i] = Int(from.Int() + int64(i)*step.Int())
		} else {
			values[i] = Float(round12(bounds[0] + float64(i)*bounds[2]))
		}
	}
	return values, nil
}

func steps(from, to, step float64, integers bool) (int, error) {
	count := (to - from) / step
	if !integers {
		// (0.3-0)/0.1 is a hair below 3; the last value must not be lost to rounding.
		count += 1e-9
	}
	count = math.Floor(count) + 1
	switch {
	case count < 1:
		return 0, fmt.Errorf("range from %v to %v in steps of %v is empty, want a step towards the end", from, to, step)
	case count > MaxAxis:
		return 0, fmt.Errorf("range from %v to %v in steps of %v has %.0f values, want at most %d", from, to, step, count, MaxAxis)
	}
	return int(count), nil
}

func round12(x float64) float64 {
	text := strconv.FormatFloat(x, 'g', 12, 64)
	rounded, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic("space: cannot read back " + text)
	}
	return rounded
}

// PowersOfTwo is an axis of the powers of two in [from, to], rising.
func PowersOfTwo(name string, from, to int64) (Axis, error) {
	if from < 1 || to > maxExact {
		return Axis{}, fmt.Errorf("axis %s: powers of two from %d to %d, want bounds in 1 .. 2^53", name, from, to)
	}
	var values []Value
	for p := int64(1); p <= to; p *= 2 {
		if p >= from {
			values = append(values, Int(p))
		}
	}
	if len(values) == 0 {
		return Axis{}, fmt.Errorf("axis %s: no power of two from %d to %d", name, from, to)
	}
	return List(name, values...)
}

// Divisors is an axis of the divisors of n in [lo, hi], rising.
func Divisors(name string, n, lo, hi int64) (Axis, error) {
	if n < 1 || n > maxDivided {
		return Axis{}, fmt.Errorf("axis %s: divisors of %d, want a number in 1 .. 2^40", name, n)
	}
	var found []int64
	for d := int64(1); d*d <= n; d++ {
		if n%d == 0 {
			found = append(found, d)
			if d != n/d {
				found = append(found, n/d)
			}
		}
	}
	slices.Sort(found)
	var values []Value
	for _, d := range found {
		if lo <= d && d <= hi {
			values = append(values, Int(d))
		}
	}
	if len(values) == 0 {
		return Axis{}, fmt.Errorf("axis %s: no divisor of %d from %d to %d; its divisors are %v", name, n, lo, hi, found)
	}
	return List(name, values...)
}
