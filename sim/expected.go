package sim

import (
	"context"
	"fmt"
	"math"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// Expectation is how the output compares with the one that the layer's file
// expects.
type Expectation struct {
	Tolerance string   `json:"tolerance"`          // in words: "exact", "error bound", or a sum of two
	Unequal   int      `json:"unequal"`            // elements that differ at all
	Beyond    int      `json:"beyond"`             // that differ by more than the tolerance
	Largest   *float64 `json:"largest_difference"` // nil if it is infinite
	At        []int    `json:"at"`                 // of the largest, in the output; nil if none differs

	first int // the first beyond
	at    int // of the largest, in order
}

// The tolerances that have no numbers.
const (
	exactly    = "exact"
	errorBound = "error bound"
)

// expectation compares frame after frame with the images of the expected output
// in turn, nil if none is given.
func (d *Design) expectation(ctx context.Context, data *Data, frames int, got *tensor.Tensor) (*Expectation, error) {
	t := d.Layer.Tensors.Tolerance
	switch {
	case data.Expect == nil:
		return nil, nil
	case !got.DType().IsFloat():
		t = nil
	case t == nil && data.Expect.Len() > 0:
		c := &expecting{want: data.Expect, got: got, found: Expectation{Tolerance: errorBound}}
		if err := d.withinBound(ctx, data, frames, c); err != nil {
			return nil, err
		}
		return c.result(), ctx.Err()
	}
	return compared(t, data.Expect, got), ctx.Err()
}

// compared compares frame after frame with the expected images in turn.
func compared(t *configs.Tolerance, want, got *tensor.Tensor) *Expectation {
	c := &expecting{want: want, got: got, found: Expectation{Tolerance: exactly}}
	if want.Len() == 0 {
		return c.result()
	}
	if t == nil {
		t = &configs.Tolerance{}
	} else {
		c.found.Tolerance = fmt.Sprintf("%g + %g * |expected|", t.Absolute, t.Relative)
	}
	for i := range got.Len() {
		c.add(i, t.Absolute+t.Relative*math.Abs(want.Float(i%want.Len())))
	}
	return c.result()
}

// withinBound compares two float32 sums, of which each may have its rounding
// errors.
func (d *Design) withinBound(ctx context.Context, data *Data, frames int, c *expecting) error {
	batch := d.batch(data, frames)
	if batch.Batch == 0 {
		return nil
	}
	operands := d.floats(data)
	return eachPart(ctx, batch, frames, nil, func(p part) func(at, length int) {
		x, w, bias := operands.of(p, batch)
		bound := conv.ErrorBound(p.shape, x, w, bias)
		return func(at, length int) {
			for i, b := range bound[:length] {
				c.add(at+i, 2*b)
			}
		}
	})
}

// expecting is a comparison under way.
type expecting struct {
	want, got *tensor.Tensor
	found     Expectation
	largest   float64
}

// add compares output element i, which may be off by so much.
func (c *expecting) add(i int, tolerance float64) {
	w := i % c.want.Len()
	want, got := c.want.Float(w), c.got.Float(i)
	if want == got || want != want && got != got {
		return
	}
	f, off := &c.found, math.Abs(got-want)
	if off != off {
		off = math.Inf(1) // one is no number
	}
	if f.Unequal == 0 || off > c.largest || off == c.largest && i < f.at {
		c.largest, f.at = off, i
	}
	f.Unequal++
	if off <= tolerance && !math.IsInf(off, 1) {
		return
	}
	if f.Beyond == 0 || i < f.first {
		f.first = i
	}
	f.Beyond++
}

func (c *expecting) result() *Expectation {
	f := &c.found
	if !math.IsInf(c.largest, 1) {
		f.Largest = &c.largest
	}
	if f.Unequal > 0 {
		f.At = c.got.Coordinates(f.at)
	}
	return f
}

// String says how far off the output is, and where.
func (e *Expectation) String() string {
	if e.Largest == nil {
		return fmt.Sprintf("largest difference infinite, at output%v", e.At)
	}
	return fmt.Sprintf("largest difference %s at output%v", plain(*e.Largest), e.At)
}

// met says that the output is as expected, and how far off that allows it to be.
func (e *Expectation) met() string {
	words := ", and the expected output of the layer's file"
	if e != nil && e.Unequal > 0 {
		words += " within its tolerance, " + e.Tolerance + ": " + e.String()
	}
	return words
}

// plain writes a number without an exponent if it is a whole one of some size.
func plain(v float64) string {
	if v == math.Trunc(v) && v < 1<<53 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
