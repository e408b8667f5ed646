package sim

import (
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

	Timeline *Timeline // where asked for
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

func (l *Layerwise) frames(o Options) int {
	if o.Frames > 0 || len(l.Graph.Inputs) == 0 {
		return max(1, o.Frames)
	}
	return l.Graph.Inputs[0].Type.Shape[0]
}

// machine is the plan of a step, with the constants of the next one loaded beside it.
func (l *Layerwise) machine(step int) *pipeline.Plan {
	beside := int64(0)
	if next := step + 1; l.Hardware.DRAM.Overlap && next < len(l.Steps) {
		beside = l.Steps[next].Constants
	}
	return l.Steps[step].Loading(beside)
}

// Machines are the plans of all steps.
func (l *Layerwise) Machines() (list []*pipeline.Plan) {
	for i := range l.Steps {
		list = append(list, l.machine(i))
	}
	return list
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
