package mapping

import (
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/sched"
)

// Places lists, for every element of a tensor in the order in which its axes
// cross an edge, where it lies in memory within its frame.
func Places(shape, axes []int) []int32 {
	steps := make([]int, len(shape))
	step := 1
	for a := len(shape) - 1; a >= 1; a-- {
		steps[a] = step
		step *= shape[a]
	}
	out := []int32{0}
	for _, a := range axes {
		next := make([]int32, 0, len(out)*shape[a])
		for _, base := range out {
			for i := range shape[a] {
				next = append(next, base+int32(i*steps[a]))
			}
		}
		out = next
	}
	return out
}

// ordered brings a feed into an order of axes, by a memory where it is in another
// one.
func (n *net) ordered(f feed, axes []int) feed {
	if sameOrder(f.typ, f.axes, axes) {
		s, _ := streamOf(f.typ, axes, 1)
		f.axes = axes
		return n.reshaped(f, f.typ, axes, gcd(int(s.Beats), f.stream.Lanes))
	}
	return n.rearranged(f, scalar.Gather{From: Places(f.typ.Shape, axes)}, f.typ, axes)
}

// rearranged makes a frame of another type of elements of a feed, which From counts
// as they lie in memory.
func (n *net) rearranged(f feed, g scalar.Gather, t network.Type, axes []int) feed {
	places := Places(f.typ.Shape, f.axes)
	crossing := make([]int32, len(places))
	for i, p := range places {
		crossing[p] = int32(i)
	}
	from := make([]int32, len(g.From))
	for i, p := range g.From {
		if from[i] = p; p >= 0 {
			from[i] = crossing[p]
		}
	}
	g.From = from
	return n.gathered(f, g, t, axes)
}

// reshaped sees a feed as a tensor of another type in the same order of elements,
// with a number of lanes that divides the innermost axes of both.
func (n *net) reshaped(f feed, t network.Type, axes []int, lanes int) feed {
	f = n.lanes(f, lanes)
	s, err := streamOf(t, axes, lanes)
	if err != nil {
		n.errs = append(n.errs, err)
		return f
	}
	s.Elem = f.stream.Elem
	f.typ, f.axes, f.stream = t, axes, s
	return f
}

// batched makes a frame of another type of a frame.
func (n *net) batched(f feed, g scalar.Vector, t network.Type, axes []int) feed {
	return n.inBatches(f, 1, func(sched.Stream, sched.Stream) int64 { return 1 }, g, t, axes)
}

// inBatches makes a frame of another type of a frame, batch by batch: in so many as their
// streams, of so many lanes, say.
func (n *net) inBatches(f feed, lanes int, batches func(in, out sched.Stream) int64, g scalar.Vector, t network.Type, axes []int) feed {
	f = n.lanes(f, lanes)
	s, err := streamOf(t, axes, lanes)
	if err != nil {
		n.errs = append(n.errs, err)
		return f
	}
	f = n.chain(f, wiring.Batch{In: f.stream, Out: s, Batches: batches(f.stream, s), F: g})
	f.typ, f.axes = t, axes
	return f
}

// natural brings a feed into the order in which its elements lie in memory.
func (n *net) natural(f feed) feed { return n.ordered(f, naturalAxes(len(f.typ.Shape))) }

// image brings a feed into the order of images.
func (n *net) image(f feed) feed { return n.ordered(f, imageAxes(len(f.typ.Shape))) }
