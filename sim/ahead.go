package sim

import (
	"context"
	"sync"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// made is what the value plane has made.
type made struct {
	*flow.Outcome
	output *tensor.Tensor
	hash   func() string // of it
}

// values runs the value plane.
func (d *Design) values(ctx context.Context, data *Data, frames int, w watches, beside *comparing, talk *later) (*made, error) {
	o, err := flow.Run(ctx, d.Plan, d.Constants(data), beside.told(flow.Options{Frames: frames, Watch: w, Progress: talk.progress}))
	if err != nil {
		return nil, d.Layer.Locate(err)
	}
	beside.alone()
	m := &made{Outcome: o}
	for _, k := range o.Kernels {
		if k, ok := k.(wiring.Collector); ok {
			if m.output, err = k.Sink().Tensor().Reshape(d.outputShape(data, frames)...); err != nil {
				return nil, err
			}
		}
	}
	m.hash = sync.OnceValue(func() string { return sha(m.output) })
	go m.hash() // while it is compared, which leaves it as it is
	return m, nil
}

// besides solves time while values are computed, since neither needs the other. What is wrong
// with time is told first, and ends values.
func besides(ctx context.Context, solve func() error, values func(context.Context, watches) (*made, error)) (*made, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	solved := make(chan error, 1)
	go func() {
		err := solve()
		if err != nil {
			cancel()
		}
		solved <- err
	}()
	m, err := values(ctx, nil)
	if wrong := <-solved; wrong != nil {
		if m != nil {
			m.hash()
		}
		return nil, wrong
	}
	return m, err
}

// later is progress that is told once it is its turn, first of all that was done before.
type later struct {
	tell        func(done, total int) // nil for nobody
	mu          sync.Mutex
	turn        bool
	done, total int
}

// progress says that so many are done, one more than before.
func (l *later) progress(done, total int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done, l.total = done, total; l.turn && l.tell != nil {
		l.tell(done, total)
	}
}

// now says that it is the turn.
func (l *later) now() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn = true
	for done := 1; done <= l.done && l.tell != nil; done++ {
		l.tell(done, l.total)
	}
}
