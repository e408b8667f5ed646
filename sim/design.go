package sim

import (
	"cmp"
	"errors"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Design is one layer on one hardware, checked, folded and planned: what the
// time plane needs, without data.
type Design struct{ *mapping.Draft }

// NewDesign checks that the layer is legal and the hardware can hold it, and
// plans the pipeline. Mistakes name file, line and column.
func NewDesign(hw *configs.Hardware, layer *configs.Layer) (*Design, error) {
	d, err := mapping.Map(hw, layer, mapping.Streaming)
	if err != nil {
		return nil, err
	}
	return &Design{d}, nil
}

// ArrayLatency is the pipeline depth of the array in cycles.
func (d *Design) ArrayLatency() int { return d.Hardware.ArrayLatency(d.Fold.SumLanes()) }

// TimeOptions say how the time plane runs.
type TimeOptions struct {
	EveryBeat bool            // no fast-forward
	Record    bool            // keep every handshake; implies EveryBeat
	Histories int             // most runs of the history of every stage and edge; 0: none
	Done      <-chan struct{} // closed: give up with context.Canceled; nil: never
	Progress  func(done, total int64)
	Work      *clock.Workspace // nil: a new one
}

// clock is the same for the clock.
func (*Design) clock(frames int64, o TimeOptions) clock.Options {
	return clock.Options{Frames: frames, EveryBeat: o.EveryBeat, Record: o.Record, Histories: o.Histories, Done: o.Done, Progress: o.Progress, Work: o.Work}
}

// Time solves the time plane for the given number of frames.
func (d *Design) Time(frames int64, o TimeOptions) (*clock.Result, error) {
	if frames == 0 {
		return &clock.Result{Sources: make([][]clock.FrameTimes, 1), Sinks: make([][]clock.FrameTimes, 1)}, nil
	}
	if err := d.CheckHeld(frames); err != nil {
		return nil, err
	}
	co := d.clock(frames, o)
	r, err := clock.Solve(d.Plan, co)
	return r, relieved(d.Plan, co, err)
}

// relieved adds to a deadlock what frees the plan.
func relieved(p *pipeline.Plan, o clock.Options, err error) error {
	var dead *clock.Deadlock
	if !errors.As(err, &dead) {
		return err
	}
	o.Record, o.Histories = false, 0
	relief, err := clock.Relieve(p, o, dead)
	dead.Relief = relief
	return cmp.Or[error](err, dead)
}
