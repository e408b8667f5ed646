package expr

import (
	"fmt"
	"math"
)

// load reads a name's value.
func (c *compiler) load(slot, column int) code {
	want := c.env.list[slot]
	read := func(values []Value) (Value, error) {
		v := values[slot]
		if v.kind == want.Type && finite(v.number) {
			return v, nil
		}
		return v, c.unusable(want, v, column)
	}
	switch want.Type {
	case Number:
		return code{kind: Number, number: func(values []Value) (float64, error) {
			v, err := read(values)
			return v.number, err
		}}
	case Bool:
		return code{kind: Bool, truth: func(values []Value) (bool, error) {
			v, err := read(values)
			return v.number != 0, err
		}}
	}
	return code{kind: String, text: func(values []Value) (string, error) {
		v, err := read(values)
		return v.text, err
	}}
}

func (c *compiler) unusable(want Name, v Value, column int) error {
	switch v.kind {
	case 0:
		return c.fault(column, "%s is not known here", want.Name)
	case want.Type:
		return c.fault(column, "%s is %v, want a finite number", want.Name, v.number)
	}
	panic(fmt.Sprintf("expr: the value of %s is %s, declared as %s", want.Name, v.kind.Phrase(), want.Type.Phrase()))
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// apply computes a function of one number.
func (c *compiler) apply(n *node, f func(float64) float64, arg code) code {
	return code{kind: Number, number: func(values []Value) (float64, error) {
		x, err := arg.number(values)
		if err != nil {
			return 0, err
		}
		y := f(x)
		if !finite(y) {
			return 0, c.fault(n.column, "%s(%s) is not a finite number", n.text, formatNumber(x))
		}
		return y, nil
	}}
}

// combine computes a function of two numbers.
func (c *compiler) combine(n *node, f func(x, y float64) float64, left, right code) code {
	return code{kind: Number, number: func(values []Value) (float64, error) {
		x, err := left.number(values)
		if err != nil {
			return 0, err
		}
		y, err := right.number(values)
		if err != nil {
			return 0, err
		}
		z := f(x, y)
		if !finite(z) {
			return 0, c.noResult(n, x, y)
		}
		return z, nil
	}}
}

func (c *compiler) noResult(n *node, x, y float64) error {
	switch {
	case n.kind == nodeCall:
		return c.fault(n.column, "%s(%s, %s) is not a finite number", n.text, formatNumber(x), formatNumber(y))
	case y == 0 && (n.text == "/" || n.text == "//" || n.text == "%"):
		return c.fault(n.column, "division by zero: %s %s 0 (%s)", formatNumber(x), n.text, n)
	}
	return c.fault(n.column, "%s %s %s is not a finite number (%s)", formatNumber(x), n.text, formatNumber(y), n)
}

func compare(holds func(x, y float64) bool, left, right code) code {
	return code{kind: Bool, truth: func(values []Value) (bool, error) {
		x, err := left.number(values)
		if err != nil {
			return false, err
		}
		y, err := right.number(values)
		return err == nil && holds(x, y), err
	}}
}

// same compares two values of one type.
func same(left, right code) code {
	switch left.kind {
	case Number:
		return code{kind: Bool, truth: equal(left.number, right.number)}
	case Bool:
		return code{kind: Bool, truth: equal(left.truth, right.truth)}
	}
	return code{kind: Bool, truth: equal(left.text, right.text)}
}

func equal[T comparable](left, right func([]Value) (T, error)) func([]Value) (bool, error) {
	return func(values []Value) (bool, error) {
		x, err := left(values)
		if err != nil {
			return false, err
		}
		y, err := right(values)
		return err == nil && x == y, err
	}
}

func not(arg code) code {
	return code{kind: Bool, truth: func(values []Value) (bool, error) {
		b, err := arg.truth(values)
		return err == nil && !b, err
	}}
}

// logic is || if the left operand decides when true, && if it decides when false.
func logic(decides bool, left, right code) code {
	return code{kind: Bool, truth: func(values []Value) (bool, error) {
		b, err := left.truth(values)
		if err != nil || b == decides {
			return b, err
		}
		return right.truth(values)
	}}
}

func choose(condition, yes, no code) code {
	switch yes.kind {
	case Number:
		return code{kind: Number, number: either(condition, yes.number, no.number)}
	case Bool:
		return code{kind: Bool, truth: either(condition, yes.truth, no.truth)}
	}
	return code{kind: String, text: either(condition, yes.text, no.text)}
}

func either[T any](condition code, yes, no func([]Value) (T, error)) func([]Value) (T, error) {
	return func(values []Value) (result T, err error) {
		b, err := condition.truth(values)
		switch {
		case err != nil:
			return result, err
		case b:
			return yes(values)
		}
		return no(values)
	}
}
