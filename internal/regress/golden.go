package regress

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// mismatch is a run that ended in another result than the case's.
type mismatch struct {
	note  string
	diffs []Diff
}

func (m *mismatch) Error() string { return m.note }

// convolution streams a case through the pipeline, which holds its output to
// the reference and the beats of the time plane to the elements moved, and
// compares the output with the case's.
func convolution(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) error {
	layer, data, err := operands(c)
	if err != nil {
		return err
	}
	d, err := sim.NewDesign(hw, layer)
	if err != nil {
		return err
	}
	if err := fits(d.Fold.Shape, data); err != nil {
		return err
	}
	out, err := d.Run(ctx, data, layer.Batch, sim.Options{EveryBeat: o.EveryBeat})
	if err != nil {
		return err
	}
	defer out.Release()
	if out.Wrong != nil {
		return out.Wrong
	}
	return compared(c, out.Output, overflow(out.Report))
}

// compared compares an output with the case's; what else is to be said of one that differs follows.
func compared(c golden.Case, got *tensor.Tensor, more string) error {
	if err := golden.Compare(c, got); err != nil {
		return &mismatch{note: strings.TrimPrefix(err.Error(), c.String()+": ") + more}
	}
	return nil
}

// overflow says that the hardware's accumulator is to blame.
func overflow(r *sim.Report) string {
	a := r.Accumulator
	if a == nil || !a.Overflowed {
		return ""
	}
	return fmt.Sprintf(" (the accumulator of %d bits overflows: %s; this layer needs %d)", a.Bits, a.Overflow, a.NeededBits)
}

// acceptance holds a case that has shapes only: a layer that is to be refused,
// or accepted with an output of a certain shape, made from seeded data.
func acceptance(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) error {
	shape, err := outputShape(ctx, c, hw, o)
	return accepted(c, shape, err)
}

// accepted compares what became of a layer that is to be refused or accepted.
func accepted(c golden.Case, shape []int, err error) error {
	var refused conv.Problems
	switch {
	case err != nil && !errors.As(err, &refused):
		return err
	case refused != nil && c.Accepts:
		return &mismatch{"refused: " + refused.Error(), []Diff{{"output shape", fmt.Sprint(c.OutShape), "refused"}}}
	case refused == nil && !c.Accepts:
		return &mismatch{"accepted", []Diff{{"output shape", "refused", fmt.Sprint(shape)}}}
	case refused == nil && !slices.Equal(shape, c.OutShape):
		return &mismatch{"", []Diff{{"output shape", fmt.Sprint(c.OutShape), fmt.Sprint(shape)}}}
	}
	return nil
}

func outputShape(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) ([]int, error) {
	attributes, err := c.Layer()
	if err != nil {
		return nil, err
	}
	layer := &configs.Layer{Name: c.ID, Conv: attributes, DType: configs.DTypes{
		Input: tensor.Int8, Weight: tensor.Int8, Accumulator: tensor.Int32, Output: tensor.Int32}}
	unbatched := false
	if layer.Batch, layer.Height, layer.Width, unbatched, err = attributes.CheckInputShape(c.XShape); err != nil {
		return nil, err
	}
	d, err := sim.NewDesign(hw, layer)
	if err != nil {
		return nil, err
	}
	data, err := d.LoadData(ctx, sim.Paths{}, 1, layer.Batch)
	if err != nil {
		return nil, err
	}
	data.Unbatched = unbatched
	out, err := d.Run(ctx, data, layer.Batch, sim.Options{EveryBeat: o.EveryBeat})
	if err != nil {
		return nil, err
	}
	if out.Wrong != nil {
		return nil, out.Wrong
	}
	return out.Output.Shape(), nil
}

// requantize runs a case of bare requantisation, for which no pipeline is
// needed.
func requantize(_ context.Context, c golden.Case, _ *configs.Hardware, _ Options) error {
	var attrs struct {
		ZeroPoint int32 `json:"zero_point"`
		DType     string
	}
	if err := c.DecodeAttrs(&attrs); err != nil {
		return err
	}
	dtype, err := tensor.ParseDType(attrs.DType)
	if err != nil {
		return err
	}
	in := inputs{c: c}
	acc := in.tensor("acc", tensor.Int32)
	multiplier := in.floats("multiplier")
	if in.err != nil {
		return in.err
	}
	r, err := pe.NewMultiplier(multiplier, 1, pe.Output{ZeroPoint: attrs.ZeroPoint, Range: pe.SpanOf(dtype)})
	if err != nil {
		return err
	}
	y := acc.Int32s(nil, 0, acc.Len())
	r.Apply(y, y, 0, 1)
	got, err := tensor.FromInt32s(dtype, y, acc.Shape()...)
	if err != nil {
		return err
	}
	return compared(c, got, "")
}
