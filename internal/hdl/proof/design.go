package proof

import (
	"context"
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
)

// Design is a plan with the constants of its blocks, the images of its sources
// among them.
type Design struct {
	Name      string
	Plan      *pipeline.Plan
	Constants []flow.Constants // by node
	Frames    int
	Operators map[string]string // by layer, of a network
	ClockMHz  float64           // 0: not known
	DSP       resources.DSPKind // of the board
	Files     map[string][]byte // what the design was made of, to go with it
}

// Project is a design as a folder, and what the simulation of it must show.
type Project struct {
	Name    string
	Files   map[string][]byte // by path within the folder
	Circuit *hdl.Circuit
	Cycles  int64 // of the run
	Ends    []End
	Outputs []Output
}

// End is one end of an edge. On a wire both are one.
type End struct {
	Edge  string `json:"edge"`
	End   string `json:"end"`   // "in", "out", or "move" on a wire
	Beats int64  `json:"beats"` // of the run
	Frame int64  `json:"frame"` // beats of one
}

// Output is the data that leaves at a port.
type Output struct {
	Port  string `json:"port"`
	Edge  string `json:"edge"`
	Beats int64  `json:"beats"`
	Frame int64  `json:"frame"`
}

// New makes a project. The error says what cannot be emitted, all of it, or why the
// design does not run.
func New(ctx context.Context, d Design) (*Project, error) {
	if d.Frames < 1 {
		return nil, fmt.Errorf("%d frames; allowed: 1 or more", d.Frames)
	}
	constants := make([]hdl.Constants, len(d.Constants))
	for i, c := range d.Constants {
		constants[i] = c
	}
	c, err := hdl.Emit(d.Name, d.Plan, constants)
	if err := errors.Join(err, ends(d.Plan)); err != nil {
		d.nameOperators(err)
		return nil, err
	}
	t, err := clock.Solve(d.Plan, clock.Options{Frames: int64(d.Frames), Record: true, Done: ctx.Done()})
	if err != nil {
		return nil, err
	}
	v, err := values(ctx, d, c)
	if err != nil {
		return nil, err
	}
	p := &Project{Name: c.Name, Files: map[string][]byte{}, Circuit: c, Cycles: int64(t.Total)}
	p.sources(c)
	p.bench(d, t, v)
	p.about(d)
	p.manifest()
	return p, nil
}

// nameOperators says of all that is refused what the model calls it.
func (d Design) nameOperators(err error) {
	switch err := err.(type) {
	case *hdl.Refused:
		err.Operator = d.Operators[err.Layer]
	case interface{ Unwrap() []error }:
		for _, one := range err.Unwrap() {
			d.nameOperators(one)
		}
	}
}

// ends refuses ends that a testbench cannot be.
func ends(p *pipeline.Plan) error {
	var errs []error
	for _, n := range p.Nodes {
		if end, ok := wiring.EndOf(n.Block); ok && end.Once {
			errs = append(errs, &hdl.Refused{Node: n.Name(), Layer: n.Layer, Why: "a " + n.Block.Kind() + " whose beats come once"})
		}
	}
	return errors.Join(errs...)
}
