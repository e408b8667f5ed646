package sim

import (
	"cmp"
	"context"
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/tensor"
)

// Layerwise is a network on a hardware that all its layers share, one after the other.
// Every tensor lies in DRAM between two steps; all frames go through a step before the
// next one begins.
type Layerwise struct {
	Hardware *configs.Hardware
	Graph    *network.Graph
	Steps    []*mapping.Step

	plain map[string]network.Type // as mapping.Net.Plain
}

// NewLayerwise plans a network step by step. The error holds every operator that has no
// stage, by node.
func NewLayerwise(hw *configs.Hardware, g *network.Graph) (*Layerwise, error) {
	steps, whole, err := mapping.Steps(hw, g)
	if err != nil {
		return nil, err
	}
	return &Layerwise{hw, whole.Graph, steps, whole.Plain}, nil
}

// LayerwiseOutcome is a finished run.
type LayerwiseOutcome struct {
	First   clock.Cycle // cycles in which the constants of the first step are loaded
	Steps   []StepTime
	Outputs map[string]*tensor.Tensor
	Tensors map[string]*tensor.Tensor // that crossed an edge, by name, when values ran
	Wrong   *WrongNode                // the first node that is not what it should be
	Checked int                       // nodes verified
	Second  int                       // of them, by the second implementation
}

// StepTime is a step's time.
type StepTime struct {
	Plan    *pipeline.Plan // with its ends at the port
	Load    clock.Cycle    // in which nothing is done but to load its constants
	Time    *clock.Result
	Compute clock.Cycle // what it would take with a port that is never busy
}

// Cycles is how long a step holds up what comes after it.
func (s StepTime) Cycles() clock.Cycle { return s.Load + s.Time.Total }

// Total is the cycles of the whole run.
func (o *LayerwiseOutcome) Total() clock.Cycle {
	total := o.First
	for _, s := range o.Steps {
		total += s.Cycles()
	}
	return total
}

// Run runs all steps: first their times, then values, compared node by node with the
// definitions. Inputs are by name; the first axis of each are the frames.
func (l *Layerwise) Run(ctx context.Context, inputs map[string]*tensor.Tensor, o Options) (*LayerwiseOutcome, error) {
	frames := l.frames(o)
	out := &LayerwiseOutcome{}
	if err := l.times(ctx, out, frames, o); err != nil {
		return nil, err
	}
	if o.NoValues {
		return out, ctx.Err()
	}
	out.Tensors, out.Outputs = map[string]*tensor.Tensor{}, map[string]*tensor.Tensor{}
	for name, x := range inputs {
		out.Tensors[name] = x
	}
	for i, s := range l.Steps {
		if err := l.values(ctx, s, out.Steps[i].Time, out, frames, o); err != nil {
			return nil, err
		}
	}
	out.Tensors = asModel(l.plain, out.Tensors, frames)
	for _, name := range l.Graph.Outputs {
		out.Outputs[name] = out.Tensors[name]
	}
	return out, ctx.Err()
}

func (l *Layerwise) frames(o Options) int {
	if o.Frames > 0 || len(l.Graph.Inputs) == 0 {
		return max(1, o.Frames)
	}
	return l.Graph.Inputs[0].Type.Shape[0]
}

// times solves every step twice: at the port, and with one that is never busy.
func (l *Layerwise) times(ctx context.Context, out *LayerwiseOutcome, frames int, o Options) error {
	options := clock.Options{Frames: int64(frames), EveryBeat: o.EveryBeat, Done: ctx.Done(), Work: &clock.Workspace{}}
	atPort := options
	atPort.Histories = o.Histories
	for i, s := range l.Steps {
		var t StepTime
		beside := int64(0)
		switch next := i + 1; {
		case !l.Hardware.DRAM.Overlap:
			t.Load = load(s)
		case next < len(l.Steps):
			beside = l.Steps[next].Constants
		}
		if i == 0 && l.Hardware.DRAM.Overlap {
			out.First = load(s)
		}
		var err error
		t.Plan = s.Loading(beside)
		if t.Time, err = clock.Solve(t.Plan, atPort); err == nil {
			t.Compute, err = unhindered(s, options)
		}
		if err != nil {
			return cmp.Or(context.Cause(ctx), fmt.Errorf("layer %s: %w", s.Name(), err))
		}
		out.Steps = append(out.Steps, t)
	}
	return nil
}

// load is how long the constants of a step take when nothing else uses the port.
func load(s *mapping.Step) clock.Cycle {
	if s.Constants == 0 {
		return 0
	}
	stream := mapping.Load(s.Port, s.Constants)
	return s.Port.Alone(stream.Beats, int64(stream.Lanes))
}

// unhindered is how long a step takes with a port that is never busy.
func unhindered(s *mapping.Step, o clock.Options) (clock.Cycle, error) {
	r, err := clock.Solve(s.Plan, o)
	if err != nil {
		return 0, err
	}
	return r.Total, nil
}

// values runs the value plane of a step on the tensors made so far.
func (l *Layerwise) values(ctx context.Context, s *mapping.Step, t *clock.Result, out *LayerwiseOutcome, frames int, o Options) error {
	n := &Network{l.Hardware, s.Net}
	part := &NetworkOutcome{}
	inputs := map[string]*tensor.Tensor{}
	for _, in := range s.Graph.Inputs {
		inputs[in.Name] = out.Tensors[in.Name]
	}
	if err := n.values(ctx, inputs, frames, t, part, o, nil); err != nil {
		return fmt.Errorf("layer %s: %w", s.Name(), err)
	}
	for name, x := range part.Tensors {
		out.Tensors[name] = x
	}
	if o.NoVerify {
		return nil
	}
	wrong, checked, err := n.verify(ctx, part, o.Naive)
	out.Checked, out.Second = out.Checked+checked, out.Second+part.Second
	if out.Wrong == nil {
		out.Wrong = wrong
	}
	return err
}
