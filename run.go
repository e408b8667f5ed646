package convsim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// Tensors are tensors by name. A layer's are input (NCHW), weight (OIHW with the
// channels of a group) and bias (one an output channel), a model's are its inputs.
// Those left out are made up from a fixed seed. A layer may have expect beside them:
// what is to come out (NCHW).
type Tensors map[string]*tensor.Tensor

// Tensor is a dense tensor in C order.
type Tensor = tensor.Tensor

// Deadlock says that a design cannot finish: who waits for whom, and what would
// free it.
type Deadlock = clock.Deadlock

// Mismatch is an output element that is not what the reference says.
type Mismatch = sim.Mismatch

// Overflow says that the accumulators were too narrow, so that the outputs are not
// Conv2d's.
type Overflow = sim.Overflow

// Outcome is a finished run.
type Outcome struct {
	*sim.Report
	Output *Tensor // NCHW
}

// Stage returns how a stage spent its cycles; the zero StageUse if there is none of
// that name.
func (o *Outcome) Stage(name string) StageUse {
	for _, s := range o.Stages {
		if s.Name == name {
			return s
		}
	}
	return StageUse{}
}

// StageUse is how one stage spent its cycles.
type StageUse = sim.StageUse

// Run moves the tensors through the plan and checks what comes out: cycles first,
// then values. Outputs that are not accepted are a *Mismatch or an *Overflow, beside
// the outcome; tensors that do not fit the layer are an *Invalid.
func Run(ctx context.Context, p *Plan, t Tensors) (*Outcome, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	frames := p.design.Fold.Shape.Batch
	data, err := p.design.LoadData(ctx, sim.Paths{}, 1, frames)
	if err != nil {
		return nil, invalid(err)
	}
	if err := p.replace(data, t); err != nil {
		return nil, err
	}
	out, err := p.design.Run(ctx, data, frames, sim.Options{})
	if err != nil {
		return nil, err
	}
	return &Outcome{out.Report, out.Output}, out.Failure()
}

// Time finds the cycles of a plan for a number of frames in a row, without values.
func Time(ctx context.Context, p *Plan, frames int) (*Outcome, error) {
	if err := cmp.Or(p.check(), checkFrames(frames)); err != nil {
		return nil, err
	}
	out, err := p.design.Run(ctx, nil, frames, sim.Options{})
	if err != nil {
		return nil, err
	}
	return &Outcome{Report: out.Report}, nil
}

func checkFrames(frames int) error {
	if frames < 1 || frames > sim.MaxFrames {
		return &Invalid{[]string{fmt.Sprintf("frames: got %d; allowed: 1..%d", frames, sim.MaxFrames)}}
	}
	return nil
}

// replace puts tensors in the place of those made up, which they have to be like.
func (p *Plan) replace(data *sim.Data, t Tensors) error {
	var wrong []string
	for name, place := range map[string]**tensor.Tensor{"input": &data.Input, "weight": &data.Weight, "bias": &data.Bias, "expect": &data.Expect} {
		allowed := "none for this layer"
		switch {
		case name == "expect":
			allowed = fmt.Sprint(p.design.Layer.DType.Output, " ", p.design.Fold.Shape.OutputShape())
		case *place != nil:
			allowed = (*place).String()
		}
		switch given := t[name]; {
		case given == nil:
		case given.String() != allowed:
			wrong = append(wrong, fmt.Sprintf("%s: got %s; allowed: %s", name, given, allowed))
		default:
			*place = given
		}
	}
	for name := range t {
		if !slices.Contains([]string{"input", "weight", "bias", "expect"}, name) {
			wrong = append(wrong, name+": no such tensor; allowed: input, weight, bias, expect")
		}
	}
	if len(wrong) > 0 {
		return &Invalid{slices.Sorted(slices.Values(wrong))}
	}
	return nil
}

// IsInvalid reports whether an error lists mistakes, and returns them.
func IsInvalid(err error) ([]string, bool) {
	var e *Invalid
	if errors.As(err, &e) {
		return e.Mistakes, true
	}
	return nil, false
}
