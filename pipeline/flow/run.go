package flow

import (
	"context"
	"fmt"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/tensor"
	"github.com/sourcegraph/conc/pool"
)

// Valued is the face of a block that values need.
type Valued interface {
	pipeline.Block
	// Kernel makes what computes the block's values, from the constants it
	// keeps.
	Kernel(c Constants) (Kernel, error)
}

// Constants are the tensors a block keeps, by name: weights, a bias.
type Constants map[string]*tensor.Tensor

// Kernel computes what a block computes: it takes the rows of all frames from
// its inputs and sends those of its outputs, each stream in its own order.
type Kernel interface {
	Run(ctx context.Context, in, out []*Stream, frames int) error
}

// Outcome is a run that has come to its end.
type Outcome struct {
	Kernels  []Kernel // by node; some keep results
	Elements []int64  // moved, by edge, idle lanes included
}

// Options say how much runs.
type Options struct {
	Frames   int
	Progress func(done, total int) // called per row a sink takes; nil for none
	// Watch are called with every slab of an edge, by number, in the order they
	// are sent; each from one goroutine. They must not alter the slab.
	Watch map[int]func(Slab)
}

// Reporting is a kernel that tells how far it is.
type Reporting interface {
	Report(progress func(done, total int))
}

// Run streams frames through a plan; constants are by node.
// It ends early, with the error, when ctx does or a kernel fails.
func Run(ctx context.Context, p *pipeline.Plan, constants []Constants, opt Options) (*Outcome, error) {
	o := &Outcome{Kernels: make([]Kernel, len(p.Nodes)), Elements: make([]int64, len(p.Edges))}
	for i, n := range p.Nodes {
		valued, ok := n.Block.(Valued)
		if !ok {
			return nil, fmt.Errorf("flow: %s has no values", n.Name())
		}
		var err error
		if o.Kernels[i], err = valued.Kernel(constants[i]); err != nil {
			return nil, err
		}
		if k, ok := o.Kernels[i].(Reporting); ok && opt.Progress != nil {
			k.Report(opt.Progress)
		}
	}
	streams := make([]*Stream, len(p.Edges))
	for i, slabs := range Capacities(p) {
		streams[i] = NewStream(slabs)
		streams[i].watch = opt.Watch[i]
	}
	ends := func(streams []*Stream, numbers []int) []*Stream {
		list := make([]*Stream, len(numbers))
		for i, n := range numbers {
			list[i] = streams[n]
		}
		return list
	}
	in, out := p.Wiring()
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	ins := streams
	for i := range p.Edges {
		if c := chunks(p, i); c != nil {
			if len(ins) > 0 && &ins[0] == &streams[0] {
				ins = append([]*Stream(nil), streams...)
			}
			ins[i] = NewStream(cap(streams[i].ch))
			group.Go(func(ctx context.Context) error { return c(ctx, streams[i], ins[i], opt.Frames) })
		}
	}
	for i, k := range o.Kernels {
		group.Go(func(ctx context.Context) error {
			return k.Run(ctx, ends(ins, in[i]), ends(streams, out[i]), opt.Frames)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, s := range streams {
		o.Elements[i] = s.elements
	}
	return o, nil
}
