package network

import (
	"errors"
	"fmt"
	"math"

	"github.com/convsim/convsim/tensor"
)

// Quant says which numbers the elements of an integer tensor stand for:
// (q - Zero) * Scale. Scale and Zero have one entry for the whole tensor or one
// for each index of an axis that the operator names.
type Quant struct {
	DType tensor.DType
	Scale []float32
	Zero  []int32
}

// Clamp is a range that results are limited to after they are requantised: a
// Relu or Clip within an integer operator, in units of its output.
type Clamp struct{ Lo, Hi int32 }

// check finds what is wrong with scales for a tensor of that type, which may
// have n entries instead of one.
func (q Quant) check(name string, dtype tensor.DType, n int) error {
	if dtype != q.DType {
		return fmt.Errorf("%s is %s; allowed with its zero point: %s", name, dtype, q.DType)
	}
	return q.checkScales(name, n)
}

// checkScales finds what is wrong with the scales themselves.
func (q Quant) checkScales(name string, n int) error {
	if !q.DType.Valid() || q.DType.IsFloat() {
		return fmt.Errorf("%s has zero points of %s; allowed: integers", name, q.DType)
	}
	var errs []error
	if len(q.Scale) != 1 && len(q.Scale) != n {
		errs = append(errs, fmt.Errorf("%s has %d scales; allowed: 1 or %d", name, len(q.Scale), n))
	}
	errs = append(errs, checkZeros(name, q.Zero, q.DType, n))
	for i, scale := range q.Scale {
		if !(scale > 0) || math.IsInf(float64(scale), 0) {
			errs = append(errs, fmt.Errorf("scale %d of %s is %v; allowed: positive numbers", i, name, scale))
		}
	}
	return errors.Join(errs...)
}

// checkZeros finds what is wrong with zero points, one or n, of an integer type.
func checkZeros(name string, zeros []int32, dtype tensor.DType, n int) error {
	var errs []error
	if len(zeros) != 1 && len(zeros) != n {
		errs = append(errs, fmt.Errorf("%s has %d zero points; allowed: 1 or %d", name, len(zeros), n))
	}
	if dtype.IsFloat() {
		return errors.Join(errs...) // a mistake of another kind
	}
	lo, hi := dtype.Range()
	for i, zero := range zeros {
		if int64(zero) < lo || int64(zero) > hi {
			errs = append(errs, fmt.Errorf("zero point %d of %s is %d; allowed for %s: %d..%d", i, name, zero, dtype, lo, hi))
		}
	}
	return errors.Join(errs...)
}

// scale returns the scale of index i.
func (q Quant) scale(i int) float32 { return q.Scale[i%len(q.Scale)] }

// zero returns the zero point of index i.
func (q Quant) zero(i int) int32 { return q.Zero[i%len(q.Zero)] }
