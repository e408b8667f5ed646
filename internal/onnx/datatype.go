package onnx

import (
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// DataType is ONNX's number of a type of elements.
type DataType int32

// The types of elements that can be read.
const (
	Float    DataType = 1
	Uint8    DataType = 2
	Int8     DataType = 3
	Uint16   DataType = 4
	Int16    DataType = 5
	Int32    DataType = 6
	Int64    DataType = 7
	Bool     DataType = 9
	Float16  DataType = 10
	Double   DataType = 11
	Uint32   DataType = 12
	Uint64   DataType = 13
	BFloat16 DataType = 16
	Uint4    DataType = 21
	Int4     DataType = 22
)

// dataTypes holds what the types are called, the bits of an element in a file, and
// what it becomes: the narrowest type that holds all its values. Those without one
// cannot be read.
var dataTypes = map[DataType]struct {
	name string
	bits int64
	as   tensor.DType
}{
	Float: {"float32", 32, tensor.Float32}, Double: {"float64", 64, tensor.Float64},
	Float16: {"float16", 16, tensor.Float32}, BFloat16: {"bfloat16", 16, tensor.Float32},
	Int4: {"int4", 4, tensor.Int4}, Int8: {"int8", 8, tensor.Int8}, Int16: {"int16", 16, tensor.Int16},
	Int32: {"int32", 32, tensor.Int32}, Int64: {"int64", 64, tensor.Int64},
	Uint4: {"uint4", 4, tensor.UInt4}, Uint8: {"uint8", 8, tensor.UInt8}, Uint16: {"uint16", 16, tensor.Int32},
	Uint32: {"uint32", 32, tensor.Int64}, Uint64: {"uint64", 64, tensor.Int64}, Bool: {"bool", 8, tensor.UInt8},
	8: {name: "string"}, 14: {name: "complex64"}, 15: {name: "complex128"}, 17: {name: "float8e4m3fn"},
	18: {name: "float8e4m3fnuz"}, 19: {name: "float8e5m2"}, 20: {name: "float8e5m2fnuz"},
	23: {name: "float4e2m1"}, 24: {name: "float8e8m0"},
}

// readable lists the types of elements that can be read.
const readable = "int4, uint4, int8, uint8, int16, uint16, int32, uint32, int64, uint64, bool, " +
	"float16, bfloat16, float32, float64"

// String returns the name of the type.
func (d DataType) String() string {
	if t, ok := dataTypes[d]; ok {
		return t.name
	}
	return fmt.Sprintf("type %d", int32(d))
}

// DataTypeOf returns the type whose elements are those of a tensor, 0 if there is none.
func DataTypeOf(d tensor.DType) DataType {
	for t, known := range dataTypes {
		if known.bits > 0 && known.as == d && known.name == d.String() {
			return t
		}
	}
	return 0
}

// DType returns the type that holds the elements in memory.
func (d DataType) DType() (tensor.DType, error) {
	if t := dataTypes[d]; t.bits > 0 {
		return t.as, nil
	}
	return 0, fmt.Errorf("elements of %s; supported: %s", d, readable)
}
