package space

import (
	"fmt"
	"math"
	"strconv"

	"github.com/convsim/convsim/internal/kind"
)

// Value is one scalar of an axis. Values are comparable with ==; the integer 1 and the float 1.0 differ.
type Value struct {
	text string
	bits uint64
	kind kind.Kind
}

// Int returns an integer value.
func Int(v int64) Value { return Value{kind: kind.Integer, bits: uint64(v)} }

// Float returns a floating-point value.
func Float(v float64) Value { return Value{kind: kind.Number, bits: math.Float64bits(v)} }

// String returns a string value.
func String(v string) Value { return Value{kind: kind.String, text: v} }

// Bool returns a boolean value.
func Bool(v bool) Value {
	if v {
		return Value{kind: kind.Bool, bits: 1}
	}
	return Value{kind: kind.Bool}
}

// ValueOf converts a scalar as decoders deliver it: an int, int64, float64, string or bool.
func ValueOf(v any) (Value, error) {
	switch v := v.(type) {
	case int:
		return Int(int64(v)), nil
	case int64:
		return Int(v), nil
	case float64:
		return Float(v), nil
	case string:
		return String(v), nil
	case bool:
		return Bool(v), nil
	}
	return Value{}, fmt.Errorf("%v is a %T, want an integer, a float, a string or a bool", v, v)
}

// Kind is the type of the value.
func (v Value) Kind() kind.Kind { return v.kind }

// Int is the integer; the value must be of kind.Integer.
func (v Value) Int() int64 {
	v.must(kind.Integer)
	return int64(v.bits)
}

// Bool is the boolean; the value must be of kind.Bool.
func (v Value) Bool() bool {
	v.must(kind.Bool)
	return v.bits != 0
}

// Text is the string; the value must be of kind.String.
func (v Value) Text() string {
	v.must(kind.String)
	return v.text
}

// Number is an integer or float as a float64, and whether the value is one of these.
func (v Value) Number() (float64, bool) {
	switch v.kind {
	case kind.Integer:
		return float64(int64(v.bits)), true
	case kind.Number:
		return math.Float64frombits(v.bits), true
	}
	return 0, false
}

// Any is the value as int64, float64, string or bool: what an encoder takes.
func (v Value) Any() any {
	switch v.kind {
	case kind.Integer:
		return v.Int()
	case kind.Number:
		return math.Float64frombits(v.bits)
	case kind.String:
		return v.text
	case kind.Bool:
		return v.bits != 0
	}
	return nil
}

// String is the value as a table shows it: strings without quotes, floats as short as they round-trip.
func (v Value) String() string { return string(v.Append(nil)) }

// Append appends the text of String to dst.
func (v Value) Append(dst []byte) []byte {
	switch v.kind {
	case kind.Integer:
		return strconv.AppendInt(dst, int64(v.bits), 10)
	case kind.Number:
		return strconv.AppendFloat(dst, math.Float64frombits(v.bits), 'g', -1, 64)
	case kind.Bool:
		return strconv.AppendBool(dst, v.bits != 0)
	}
	return append(dst, v.text...)
}

func (v Value) must(want kind.Kind) {
	if v.kind != want {
		panic(fmt.Sprintf("space: value %q is a %s, read as %s", v.String(), v.kind, want))
	}
}

// finite reports whether the value is anything but NaN or an infinity.
func (v Value) finite() bool {
	x, number := v.Number()
	return !number || (!math.IsNaN(x) && !math.IsInf(x, 0))
}

// key appends text that is equal for values that mean the same to a design: 1 and 1.0 do, 1 and "1" do not.
func (v Value) key(dst []byte) []byte {
	if x, number := v.Number(); number && x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.AppendInt(append(dst, 'n'), int64(x), 10)
	}
	if v.kind == kind.String {
		return strconv.AppendQuote(dst, v.text)
	}
	return v.Append(append(dst, "?nfsb"[v.kind]))
}
