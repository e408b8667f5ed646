package pe

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
)

// Requantizer turns accumulators into activations of a narrower type.
type Requantizer interface {
	// Apply writes to dst the activations of acc, which holds channels
	// accumulators per pixel; accumulator i belongs to channel
	// first + i%channels of the layer. dst and acc have equal length and may be
	// the same slice. Lengths that do not match panic.
	Apply(dst, acc []int32, first, channels int)
}

// Output is what requantised values are fitted into: y = clamp(q + ZeroPoint).
type Output struct {
	ZeroPoint int32
	// Range is where y is clamped: the span of the output's element type, or
	// part of it to fuse an activation (ReLU: Min = ZeroPoint).
	Range Span
}

// fit adds the zero point to q and clamps the sum; |q| must be below 2^62.
func (o Output) fit(q int64) int32 {
	return int32(max(o.Range.Min, min(q+int64(o.ZeroPoint), o.Range.Max)))
}

// table is a Requantizer with one parameter per channel and a rule that scales
// and rounds. The rules differ in nothing else.
type table[P any] struct {
	parameters []P
	rule       func(acc int32, p P) int64
	out        Output
}

// Apply implements Requantizer.
func (t *table[P]) Apply(dst, acc []int32, first, channels int) {
	if channels < 1 || len(dst) != len(acc) || len(acc)%channels != 0 {
		panic(fmt.Sprintf("pe: Apply to %d accumulators, %d a pixel, into %d activations", len(acc), channels, len(dst)))
	}
	for c, p := range t.parameters[first : first+channels] {
		for i := c; i < len(acc); i += channels {
			dst[i] = t.out.fit(t.rule(acc[i], p))
		}
	}
}

// spread returns one value per channel: values as they are, or the only one for
// all channels.
func spread[P any](values []P, channels int) []P {
	if len(values) == channels {
		return append([]P(nil), values...)
	}
	all := make([]P, channels)
	for i := range all {
		all[i] = values[0]
	}
	return all
}

// checks collects the mistakes of a requantisation. Keys are those of a
// layer's file.
type checks struct{ problems conv.Problems }

func (c *checks) add(ok bool, key string, value any, allowed string) {
	if !ok {
		c.problems = append(c.problems, conv.Problem{Key: "requantize." + key, Value: fmt.Sprint(value), Allowed: allowed})
	}
}

// output checks that the range is one of int32 and holds the zero point.
func (c *checks) output(o Output) {
	inInt32 := Signed(32).Contains(o.Range) && o.Range.Min <= o.Range.Max
	c.add(inInt32, "dtype", o.Range, "a range within int32")
	zero := int64(o.ZeroPoint)
	c.add(!inInt32 || o.Range.Contains(Span{zero, zero}), "output_zero_point", zero, "within "+o.Range.String())
}

// count checks that there is a value per channel or one for all.
func (c *checks) count(key string, values, channels int) {
	allowed := "1"
	if channels != 1 {
		allowed = fmt.Sprintf("1 or %d (one per output channel)", channels)
	}
	c.add(values == 1 || values == channels, key, fmt.Sprintf("a list of %d", values), "a list of "+allowed)
}

// err returns the mistakes, nil if there are none.
func (c *checks) err() error {
	if len(c.problems) == 0 {
		return nil
	}
	return c.problems
}
