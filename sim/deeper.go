package sim

import (
	"cmp"
	"context"
	"errors"

	"github.com/convsim/convsim/internal/abreast"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Deeper is a FIFO that makes a run shorter when it is deeper.
type Deeper struct {
	Edge    string  `json:"edge"`
	Depth   int     `json:"depth"`   // beats, a power of two
	Cycles  int64   `json:"cycles"`  // of the same run with it
	Percent float64 `json:"percent"` // by how much the run is shorter
}

const (
	worthwhile  = 0.01    // of the cycles: less is no advice
	mostOfGain  = 0.95    // what a depth has to keep of the gain of any depth
	longestTry  = 1 << 24 // cycles of a run that is tried again
	deepestFIFO = 1 << 16 // beats
)

// deeper tries each FIFO deeper, alone, and returns the one that takes most cycles
// off: among those that take about as much off, the one of fewest bits. It returns
// nil where none is worth it, or the run is too long to be tried again and again.
func (d *Design) deeper(ctx context.Context, r *Report, o TimeOptions) (*Deeper, error) {
	worth := int64(worthwhile*float64(r.Cycles)) + 1
	if r.Cycles-r.Estimate.BoundCycles < worth || r.Cycles > longestTry {
		return nil, nil
	}
	edges := d.Plan.Edges
	found, errs := make([]*Deeper, len(edges)), make([]error, len(edges))
	abreast.Do(ctx, len(edges), abreast.All, func() func(int) {
		t := trial{ctx: ctx, design: d, options: o, frames: r.Frames}
		t.options.Work = &clock.Workspace{}
		return func(i int) { found[i], errs[i] = t.edge(edges[i], r.Cycles, worth) }
	})
	if err := cmp.Or(context.Cause(ctx), errors.Join(errs...)); err != nil {
		return nil, err
	}
	var best *Deeper
	var bestBits int64
	for i, e := range edges {
		if found[i] == nil {
			continue
		}
		bits := int64(found[i].Depth) * int64(e.Stream.Bits())
		if best == nil || better(found[i], best, bits, bestBits, r.Cycles) {
			best, bestBits = found[i], bits
		}
	}
	return best, nil
}

// better reports whether a is better advice than b: more cycles off, or about as
// many with fewer bits.
func better(a, b *Deeper, aBits, bBits, cycles int64) bool {
	gainA, gainB := float64(cycles-a.Cycles), float64(cycles-b.Cycles)
	switch {
	case gainA < mostOfGain*gainB:
		return false
	case gainB < mostOfGain*gainA:
		return true
	}
	return cmp.Or(cmp.Compare(aBits, bBits), cmp.Compare(a.Cycles, b.Cycles)) < 0
}

// trial runs a design with FIFOs of other depths.
type trial struct {
	ctx     context.Context
	design  *Design
	options TimeOptions
	frames  int64
}

// edge is the least depth of an edge that takes off most of what any does, nil where none
// takes off what is worth it.
func (t *trial) edge(e pipeline.Edge, cycles, worth int64) (*Deeper, error) {
	most := deepestFIFO
	for most > 2 && int64(most/2) >= e.Stream.Frame()*t.frames {
		most /= 2
	}
	if most <= e.Depth {
		return nil, nil
	}
	gain, err := t.gain(e, most, cycles)
	if err != nil || gain < worth {
		return nil, err
	}
	return t.shallowest(e, most, cycles, max(worth, int64(mostOfGain*float64(gain))))
}

// gain is how many cycles a run with another depth of an edge is shorter; one that
// does not end is none.
func (t *trial) gain(e pipeline.Edge, depth int, cycles int64) (int64, error) {
	r, err := clock.Solve(t.design.Plan.WithDepth(e.Name, depth),
		clock.Options{Frames: t.frames, EveryBeat: t.options.EveryBeat, Done: t.options.Done, Work: t.options.Work})
	if t.ctx.Err() != nil {
		return 0, context.Cause(t.ctx)
	}
	if err != nil {
		return 0, nil
	}
	return cycles - int64(r.Total), nil
}

// shallowest halves a depth for as long as the gain stays.
func (t *trial) shallowest(e pipeline.Edge, depth int, cycles, worth int64) (*Deeper, error) {
	found := &Deeper{Edge: e.Name}
	for ; depth > e.Depth; depth /= 2 {
		gain, err := t.gain(e, depth, cycles)
		if err != nil {
			return nil, err
		}
		if gain < worth {
			break
		}
		found.Depth, found.Cycles, found.Percent = depth, cycles-gain, 100*float64(gain)/float64(cycles)
	}
	return found, nil
}
