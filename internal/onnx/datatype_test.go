package onnx

import (
	"testing"

	"github.com/convsim/convsim/tensor"
)

// TestDataTypeOf goes there and back.
func TestDataTypeOf(t *testing.T) {
	for _, d := range []tensor.DType{tensor.Int4, tensor.UInt4, tensor.Int8, tensor.UInt8, tensor.Int16, tensor.Int32, tensor.Int64, tensor.Float32, tensor.Float64} {
		if back, err := DataTypeOf(d).DType(); err != nil || back != d {
			t.Errorf("%s became %s (%s, %v)", d, back, DataTypeOf(d), err)
		}
	}
}
