package expr

import (
	"strconv"

	"github.com/convsim/convsim/internal/kind"
)

// Type is the type of a value or of an expression: Number, Bool or String. The zero Type is that of a value that is not
// known.
type Type = kind.Kind

// The types.
const (
	Number = kind.Number
	Bool   = kind.Bool
	String = kind.String
)

// Value is a number, a bool or a string. The zero Value stands for one that is not known; reading it is an error.
type Value struct {
	text   string
	number float64
	kind   Type
}

// NumberValue returns a number.
func NumberValue(x float64) Value { return Value{kind: Number, number: x} }

// BoolValue returns a bool.
func BoolValue(b bool) Value {
	if b {
		return Value{kind: Bool, number: 1}
	}
	return Value{kind: Bool}
}

// StringValue returns a string.
func StringValue(s string) Value { return Value{kind: String, text: s} }

// Type is the type of the value, 0 if it is not known.
func (v Value) Type() Type { return v.kind }

// Number is the number; the value must be of type Number.
func (v Value) Number() float64 {
	v.must(Number)
	return v.number
}

// Bool is the bool; the value must be of type Bool.
func (v Value) Bool() bool {
	v.must(Bool)
	return v.number != 0
}

// Text is the string; the value must be of type String.
func (v Value) Text() string {
	v.must(String)
	return v.text
}

// String is the value as an expression writes it.
func (v Value) String() string {
	switch v.kind {
	case Number:
		return formatNumber(v.number)
	case Bool:
		return strconv.FormatBool(v.number != 0)
	case String:
		return strconv.Quote(v.text)
	}
	return "not known"
}

func (v Value) must(want Type) {
	if v.kind != want {
		panic("expr: the value is " + v.kind.Phrase() + ", read as " + want.Phrase())
	}
}

// formatNumber writes whole numbers without an exponent as long as that is exact.
func formatNumber(x float64) string {
	const exact = 1 << 53
	if x > -exact && x < exact && x == float64(int64(x)) {
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
