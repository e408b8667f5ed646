package flow

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/convsim/convsim/internal/abreast"
	"github.com/convsim/convsim/pipeline"
)

// Span are rows From..To-1 of every frame.
type Span struct{ From, To int }

// Rows come one after the other.
type Rows interface {
	Receive(ctx context.Context) (Slab, error)
}

// Banded is a kernel of a chain that can make some rows of every frame apart from the
// others, from as many rows of its input as they take. So bands of an image go through the
// chain side by side, each from end to end in one goroutine, and nothing is handed over
// on the way.
type Banded interface {
	Kernel
	// Takes says which rows of its input some rows take.
	Takes(made Span) Span
	// Band makes rows from those of the input, nil where there is none.
	Band(made, taken Span, in Rows, frames int) Band
}

// Band makes rows of every frame, in order.
type Band interface {
	// Next makes a row; one that is kept leaves nothing.
	Next(ctx context.Context) (Slab, error)
	// End is called after the last row of a frame: what is left of the input is taken.
	End(ctx context.Context) error
	// Close leaves to others the memory that it took; nobody looks at a row of it any more.
	Close()
}

// Through sends all rows that a kernel makes of a stream.
func Through(ctx context.Context, k Banded, made, taken int, in Rows, out *Stream, frames int) error {
	b := k.Band(Span{0, made}, Span{0, taken}, in, frames)
	for range frames {
		for range made {
			slab, err := b.Next(ctx)
			if err != nil {
				return err
			}
			if out == nil {
				continue
			}
			if err := out.Send(ctx, slab); err != nil {
				return err
			}
		}
		if err := b.End(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ByRow is a band that makes a row of each that comes, in memory of a pool.
func ByRow[T Element](in Rows, made *Pool[T], row func(Slab) Slab) Band {
	return byRow{in, row, made.Close}
}

type byRow struct {
	in    Rows
	row   func(Slab) Slab
	close func()
}

// Next implements Band.
func (b byRow) Next(ctx context.Context) (Slab, error) {
	slab, err := b.in.Receive(ctx)
	if err != nil {
		return slab, err
	}
	return b.row(slab), nil
}

// End implements Band.
func (byRow) End(context.Context) error { return nil }

// Close implements Band.
func (b byRow) Close() { b.close() }

// chain are banded kernels, each with the edge behind it.
type chain struct {
	kernels []Banded
	edges   []int
	rows    []int // of the edges
}

// chain is nil where the plan is something else, or somebody wants to see what moves in it.
func (o *Outcome) chain(p *pipeline.Plan, watched map[int]func(Slab)) *chain {
	in, out := p.Wiring()
	c := &chain{}
	node := -1
	for i := range in {
		if len(in[i]) > 1 || len(out[i]) > 1 || len(watched) > 0 {
			return nil
		}
		if len(in[i]) == 0 {
			node = i
		}
	}
	for ; node >= 0; node = p.Edges[c.edges[len(c.edges)-1]].To.Node {
		k, ok := o.Kernels[node].(Banded)
		if !ok {
			return nil
		}
		if c.kernels = append(c.kernels, k); len(out[node]) == 0 {
			break
		}
		e := out[node][0]
		if chunks(p, e) != nil {
			return nil
		}
		c.edges, c.rows = append(c.edges, e), append(c.rows, int(p.Edges[e].Stream.Rows))
	}
	if len(c.kernels) != len(p.Nodes) || len(c.edges) == 0 {
		return nil
	}
	return c
}

// spans cuts the rows of every edge into bands, by edge: what every one takes. Rows that
// several take are made several times; those that none takes go with the band before them.
func (c *chain) spans(bands int) [][]Span {
	last := len(c.edges) - 1
	list, made := make([][]Span, len(c.edges)), make([]Span, bands)
	for i := range made {
		made[i] = Span{c.rows[last] * i / bands, c.rows[last] * (i + 1) / bands}
	}
	for e := last; e >= 0; e-- {
		taken := make([]Span, bands)
		for i := range taken {
			taken[i] = c.kernels[e+1].Takes(made[i])
		}
		taken[0].From, taken[bands-1].To = 0, c.rows[e]
		for i := bands - 2; i >= 0; i-- {
			next := taken[i+1].From
			taken[i] = Span{min(taken[i].From, next), max(taken[i].To, next)}
		}
		list[e], made = taken, taken
	}
	return list
}

// cut is spans for as many bands as are asked for, or are worth their while on so many processors:
// where there is work enough in each, and not much is made twice.
func (c *chain) cut(p *pipeline.Plan, opt Options) [][]Span {
	const aWhile, pixels = 1 << 17, 64 // nanoseconds, of about one an element that moves; that are turned round together
	processors, work := runtime.GOMAXPROCS(0), opt.Work
	if opt.Bands > 0 || processors == 1 {
		return c.spans(max(1, opt.Bands))
	}
	for _, e := range c.edges {
		s := p.Edges[e].Stream
		work += s.Rows * s.Pixels * s.Beats * int64(s.Lanes)
	}
	out := p.Edges[c.edges[len(c.edges)-1]].Stream
	for bands := int(min(int64(4*processors), out.Rows, max(int64(processors), out.Rows*out.Pixels/pixels), work/aWhile)); bands > 1; bands-- {
		list, twice := c.spans(bands), -c.rows[0]
		for _, s := range list[0] {
			twice += s.To - s.From
		}
		if 8*twice <= c.rows[0] || bands <= processors && 2*twice <= c.rows[0] {
			return list
		}
	}
	return c.spans(1)
}

// run moves all frames through the chain in bands, and counts what moves on the edges.
func (c *chain) run(ctx context.Context, spans [][]Span, frames int, elements []int64) error {
	moved := make([]atomic.Int64, len(c.edges))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	bands := len(spans[0])
	abreast.Do(ctx, bands, bands, func() func(int) {
		return func(i int) {
			if err := c.band(ctx, spans, i, frames, moved); err != nil {
				cancel(err)
			}
		}
	})
	for i, e := range c.edges {
		elements[e] = moved[i].Load()
	}
	return context.Cause(ctx)
}

// band runs a band of all frames.
func (c *chain) band(ctx context.Context, spans [][]Span, number, frames int, moved []atomic.Int64) error {
	bands, edges := make([]Band, len(c.kernels)), make([]crossing, len(c.edges))
	bands[0] = c.kernels[0].Band(spans[0][number], Span{}, nil, frames)
	for e := range c.edges {
		taken, made := spans[e][number], spans[min(e+1, len(c.edges)-1)][number]
		if e == len(c.edges)-1 {
			made = taken
		}
		edges[e] = crossing{from: bands[e], span: taken, own: taken.To, at: taken.From}
		if number+1 < len(spans[e]) {
			edges[e].own = spans[e][number+1].From
		}
		bands[e+1] = c.kernels[e+1].Band(made, taken, &edges[e], frames)
	}
	last := len(bands) - 1
	for range frames {
		for range spans[last-1][number].To - spans[last-1][number].From {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			if _, err := bands[last].Next(ctx); err != nil {
				return err
			}
		}
		for i := last; i >= 0; i-- {
			if err := bands[i].End(ctx); err != nil {
				return err
			}
		}
	}
	for e := range edges {
		moved[e].Add(edges[e].elements)
	}
	for _, b := range bands {
		b.Close()
	}
	return nil
}

// crossing are rows of a band that go from one kernel to the next.
type crossing struct {
	from     Band
	span     Span
	own      int // from here on they are the next band's, too, and counted there
	at       int
	elements int64 // idle lanes included
}

// Receive implements Rows.
func (c *crossing) Receive(ctx context.Context) (Slab, error) {
	slab, err := c.from.Next(ctx)
	if c.at < c.own {
		c.elements += int64(slab.n) + slab.Idle
	}
	if c.at++; c.at == c.span.To {
		c.at = c.span.From
	}
	return slab, err
}
