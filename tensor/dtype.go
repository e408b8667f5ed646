package tensor

import (
	"fmt"
	"math"
	"strings"
)

// DType is the type of a tensor's elements. The zero DType is invalid.
type DType uint8

// The element types.
const (
	Int4 DType = iota + 1
	UInt4
	Int8
	UInt8
	Int16
	Int32
	Int64
	Float32
	Float64
)

// dtypes describes every DType; index 0 is the invalid one.
var dtypes = [...]struct {
	name     string
	bits     int
	size     int
	min, max int64
}{
	{name: "invalid"},
	Int4:    {"int4", 4, 1, -8, 7},
	UInt4:   {"uint4", 4, 1, 0, 15},
	Int8:    {"int8", 8, 1, math.MinInt8, math.MaxInt8},
	UInt8:   {"uint8", 8, 1, 0, math.MaxUint8},
	Int16:   {"int16", 16, 2, math.MinInt16, math.MaxInt16},
	Int32:   {"int32", 32, 4, math.MinInt32, math.MaxInt32},
	Int64:   {"int64", 64, 8, math.MinInt64, math.MaxInt64},
	Float32: {"float32", 32, 4, 0, 0},
	Float64: {"float64", 64, 8, 0, 0},
}

// ParseDType returns the type of that name. The error lists the names allowed.
func ParseDType(name string) (DType, error) {
	var names []string
	for d := Int4; d.Valid(); d++ {
		if d.String() == name {
			return d, nil
		}
		names = append(names, d.String())
	}
	return 0, fmt.Errorf("unknown element type %q; allowed: %s", name, strings.Join(names, ", "))
}

// Valid reports whether d is one of the element types above.
func (d DType) Valid() bool { return d != 0 && int(d) < len(dtypes) }

// String returns the name as ParseDType reads it.
func (d DType) String() string {
	if !d.Valid() {
		return fmt.Sprintf("invalid(%d)", uint8(d))
	}
	return dtypes[d].name
}

// Bits returns the width of an element in hardware: 4 for int4.
func (d DType) Bits() int { return dtypes[d.must()].bits }

// Size returns the bytes an element takes in memory and in files: 1 for int4.
func (d DType) Size() int { return dtypes[d.must()].size }

// IsFloat reports whether the type is a floating point type.
func (d DType) IsFloat() bool { return d.must() == Float32 || d == Float64 }

// Range returns the smallest and largest value of an integer type.
// It panics for floats, whose range is no range of integers.
func (d DType) Range() (lo, hi int64) {
	if d.IsFloat() {
		panic("tensor: " + d.String() + " has no integer range")
	}
	return dtypes[d].min, dtypes[d].max
}

// must returns d, or panics if d is no element type.
func (d DType) must() DType {
	if !d.Valid() {
		panic("tensor: " + d.String() + " is no element type")
	}
	return d
}
