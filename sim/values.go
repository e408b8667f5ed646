package sim

import (
	"context"
	"fmt"
	"sync"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// operands are a layer's data as the arrays get them: NCHW activations and OIHW
// weights, zero points taken off, and bias, nil if there is none.
type operands[T linebuffer.Element] struct {
	row     func(dst []T, image, channel, y int) []T // appends one row of activations
	weights []T
	bias    []T
}

// plane is the value plane of one layer.
type plane[T linebuffer.Element] struct {
	fold   sched.Fold
	frames int
	data   operands[T]
	kernel func(rows [][]T, bias []T, beats pe.Beats) pe.Kernel[T]
	// requantize is the stage after the arrays, nil for none.
	requantize func(ctx context.Context, rows int, in, out *flow.Stream[T]) error

	progress func(done, total int)

	group *flow.Group
	moved map[string]func() int64 // elements per edge
}

// run streams all frames through the stages and returns the output in NCHW.
func (p *plane[T]) run(ctx context.Context) ([]T, error) {
	s := p.fold.Shape
	p.group = flow.NewGroup(ctx)
	p.moved = map[string]func() int64{}
	rows := p.frames * s.OutHeight

	input := flow.NewStream[T]()
	p.group.Go(func(ctx context.Context) error { return p.source(ctx, input) })
	pixels := input
	if s.Pad != (conv.Sides{}) {
		p.moved["source.pad"] = input.Elements
		pixels = flow.NewStream[T]()
		p.group.Go(func(ctx context.Context) error {
			return linebuffer.PadValues(ctx, p.fold, p.frames, input, pixels)
		})
		p.moved["pad.window"] = pixels.Elements
	} else {
		p.moved["source.window"] = input.Elements
	}
	sums := p.arrays(pixels, rows)
	last := "array.sink"
	if p.requantize != nil {
		p.moved["array.requantize"], last = sums.Elements, "requantize.sink"
		accumulators, out := sums, flow.NewStream[T]()
		sums = out
		p.group.Go(func(ctx context.Context) error { return p.requantize(ctx, rows, accumulators, out) })
	}
	p.moved[last] = sums.Elements
	output := make([]T, int64(p.frames)*int64(s.OutChannels)*int64(s.OutHeight)*int64(s.OutWidth))
	p.group.Go(func(ctx context.Context) error { return p.sink(ctx, sums, output) })
	return output, p.group.Wait()
}

// arrays starts the window, an array per GroupParallel, and what merges them.
func (p *plane[T]) arrays(pixels *flow.Stream[T], rows int) *flow.Stream[T] {
	f := p.fold
	n := f.Array.GroupParallel
	windows, parts := make([]*flow.Stream[T], n), make([]*flow.Stream[T], n)
	for a := range n {
		windows[a], parts[a] = flow.NewStream[T](), flow.NewStream[T]()
		p.group.Go(func(ctx context.Context) error {
			return pe.ArrayValues(ctx, f, rows, p.kernels(a), windows[a], parts[a])
		})
	}
	p.moved["window.array"] = func() int64 {
		var sum int64
		for _, w := range windows {
			sum += w.Elements()
		}
		return sum
	}
	p.group.Go(func(ctx context.Context) error {
		return linebuffer.WindowValues(ctx, f, p.frames, pixels, windows)
	})
	merged := flow.NewStream[T]()
	p.group.Go(func(ctx context.Context) error { return pe.MergeValues(ctx, f, rows, parts, merged) })
	return merged
}

// kernels arranges the weights of the groups one array works on in the order in
// which its vectors come.
func (p *plane[T]) kernels(array int) []pe.Kernel[T] {
	f, s := p.fold, p.fold.Shape
	order := f.Order()
	beats := pe.Beats{Lanes: f.BeatElements()}
	for _, beat := range order {
		beats.Real = append(beats.Real, len(beat))
	}
	outputs, inputs := s.GroupOutChannels(), s.GroupInChannels()
	var kernels []pe.Kernel[T]
	for _, group := range f.GroupsOf(array) {
		rows := make([][]T, outputs)
		for o := range rows {
			rows[o] = make([]T, f.VectorElements())
			of := p.data.weights[(group*outputs+o)*inputs*f.Taps:]
			for b, beat := range order {
				for lane, tap := range beat {
					rows[o][b*beats.Lanes+lane] = of[(tap.C*s.Kernel.H+tap.KY)*s.Kernel.W+tap.KX]
				}
			}
		}
		var bias []T
		if p.data.bias != nil {
			bias = p.data.bias[group*outputs : (group+1)*outputs]
		}
		kernels = append(kernels, p.kernel(rows, bias, beats))
	}
	return kernels
}

// source sends the image row by row, channels innermost.
func (p *plane[T]) source(ctx context.Context, out *flow.Stream[T]) error {
	s := p.fold.Shape
	var row []T
	for image := range p.frames {
		for y := range s.InHeight {
			pixels := make([]T, s.InWidth*s.InChannels)
			for c := range s.InChannels {
				row = p.data.row(row[:0], image, c, y)
				for x, v := range row {
					pixels[x*s.InChannels+c] = v
				}
			}
			slab := flow.Slab[T]{Data: pixels, Idle: p.fold.IdlePixelLanes() * int64(s.InWidth)}
			if err := out.Send(ctx, slab); err != nil {
				return err
			}
		}
	}
	return nil
}

// sink puts rows of output pixels into NCHW order.
func (p *plane[T]) sink(ctx context.Context, in *flow.Stream[T], output []T) error {
	s := p.fold.Shape
	plane := s.OutHeight * s.OutWidth
	for image := range p.frames {
		for y := range s.OutHeight {
			slab, err := in.Receive(ctx)
			if err != nil {
				return err
			}
			for c := range s.OutChannels {
				row := output[(image*s.OutChannels+c)*plane+y*s.OutWidth:][:s.OutWidth]
				for x := range row {
					row[x] = slab.Data[x*s.OutChannels+c]
				}
			}
			if p.progress != nil {
				p.progress(image*s.OutHeight+y+1, p.frames*s.OutHeight)
			}
		}
	}
	return nil
}

// moves checks that, on every edge, the value plane moved as many elements as
// the time plane moved beats, times the lanes of a beat. Beats of the last
// frame that no output needs may come after the end of the run's time.
func (p *plane[T]) moves(plan *pipeline.Plan, t *clock.Result) error {
	for i, e := range t.Edges {
		lanes := int64(plan.Edges[i].Stream.Lanes)
		if elements := p.moved[e.Name](); elements != (e.Beats+e.Unneeded)*lanes {
			return fmt.Errorf("sim: on %s %d elements moved, but %d beats of %d lanes", e.Name, elements, e.Beats+e.Unneeded, lanes)
		}
	}
	return nil
}

// spanOf collects the range of values the accumulators of all arrays held.
type spanOf struct {
	mu   sync.Mutex
	span pe.Span
}

func (s *spanOf) add(v pe.Span) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.span = s.span.Union(v)
}
