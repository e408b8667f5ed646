package flow

import (
	"context"
	"fmt"
	"slices"

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
	Work     int64                 // about how many nanoseconds it takes beside moving elements; 0 where nobody knows
	Bands    int                   // that a chain is cut into; 0: as many as are worth their while
	Progress func(done, total int) // called per row a sink takes, by one at a time; nil for none
	// Watch are called with every slab of an edge, by number, in the order they
	// are sent; each from one goroutine. They must not alter the slab, and who keeps it
	// takes it Again.
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
	if c := o.chain(p, opt.Watch); c != nil {
		defer o.release()
		return o, c.run(ctx, c.cut(p, opt), opt.Frames, o.Elements)
	}
	return o, o.stream(ctx, p, opt)
}

// Releasing is a kernel with memory that only its run needs.
type Releasing interface{ Release() }

// release leaves to others what kernels do not need any more.
func (o *Outcome) release() {
	for _, k := range o.Kernels {
		if k, ok := k.(Releasing); ok {
			k.Release()
		}
	}
}

// stream runs every kernel in a goroutine of its own.
func (o *Outcome) stream(ctx context.Context, p *pipeline.Plan, opt Options) error {
	streams := make([]*Stream, len(p.Edges))
	for i, slabs := range Capacities(p) {
		streams[i] = NewStream(slabs + more(p, i))
		streams[i].patience = patience(p, i, len(streams[i].ring))
		streams[i].watch = opt.Watch[i]
	}
	next, between := o.goAhead(p, opt.Watch)
	kernels := o.running(p, streams, next, opt.Frames)
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, k := range kernels {
		group.Go(func(ctx context.Context) error {
			defer k.settle()
			return k.run(ctx)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, s := range streams {
		if o.Elements[i] = s.elements; between[i] != nil {
			o.Elements[i] = between[i].Load()
		}
	}
	return nil
}

// running is a kernel with its streams.
type running struct {
	*neighbours
	run func(ctx context.Context) error
}

// running joins kernels to streams, and to what cuts rows anew between two of them. A
// kernel that does the work of the next one sends where that would.
func (o *Outcome) running(p *pipeline.Plan, streams []*Stream, next []int, frames int) (list []running) {
	in, out := p.Wiring()
	ins := slices.Clone(streams)
	for i := range p.Edges {
		if c := chunks(p, i); c != nil {
			ins[i] = NewStream(len(streams[i].ring))
			ins[i].patience = streams[i].patience
			list = append(list, running{join(streams[i:i+1], ins[i:i+1]), func(ctx context.Context) error { return c(ctx, streams[i], ins[i], frames) }})
		}
	}
	for i, k := range o.Kernels {
		if slices.Contains(next, i) {
			continue
		}
		last := i
		if next[i] >= 0 {
			last = next[i]
		}
		n := join(pick(ins, in[i]), pick(streams, out[last]))
		list = append(list, running{n, func(ctx context.Context) error { return k.Run(ctx, n.in, n.out, frames) }})
	}
	return list
}

// pick lists streams by number.
func pick(streams []*Stream, numbers []int) []*Stream {
	list := make([]*Stream, len(numbers))
	for i, n := range numbers {
		list[i] = streams[n]
	}
	return list
}

// join tells streams that they are of one kernel.
func join(in, out []*Stream) *neighbours {
	n := &neighbours{in, out}
	for _, s := range in {
		s.to = n
	}
	for _, s := range out {
		s.from = n
	}
	return n
}
