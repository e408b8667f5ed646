package proof

import (
	"context"
	"fmt"
	"math"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// data are the elements that crossed the ports, by edge, pixel by pixel, channels
// innermost.
type data map[int][]int64

// values runs the value plane and keeps what crosses the ports.
func values(ctx context.Context, d Design, c *hdl.Circuit) (data, error) {
	kept := data{}
	watch := map[int]func(flow.Slab){}
	edges := make([]int, 0, len(c.Inputs)+len(c.Outputs))
	for _, p := range append(append([]hdl.Port(nil), c.Inputs...), c.Outputs...) {
		edges = append(edges, p.Edge)
	}
	lists := make([][]int64, len(d.Plan.Edges))
	for _, e := range edges {
		watch[e] = func(s flow.Slab) { lists[e] = append(lists[e], elements(s)...) }
	}
	if _, err := flow.Run(ctx, d.Plan, d.Constants, flow.Options{Frames: d.Frames, Watch: watch}); err != nil {
		return nil, err
	}
	for _, e := range edges {
		kept[e] = lists[e]
	}
	return kept, nil
}

// elements are those of a slab; of floats, their bits.
func elements(s flow.Slab) []int64 {
	switch x := s.Data.(type) {
	case []int8:
		return widened(x)
	case []uint8:
		return widened(x)
	case []int16:
		return widened(x)
	case []int32:
		return widened(x)
	case []float32:
		list := make([]int64, len(x))
		for i, v := range x {
			list[i] = int64(math.Float32bits(v))
		}
		return list
	}
	panic(fmt.Sprintf("proof: a slab of %T", s.Data))
}

func widened[T int8 | uint8 | int16 | int32](x []T) []int64 {
	list := make([]int64, len(x))
	for i, v := range x {
		list[i] = int64(v)
	}
	return list
}

// junk is what an idle lane carries: hardware must not look at it.
const junk = 0x5a5a5a5a5a5a5a5

// beats makes the beats of a port of its elements, and of each which bits matter.
func beats(s sched.Stream, p hdl.Port, list []int64, width int) (words, masks []*hdl.Word) {
	perPixel := int(s.Beats) * s.Lanes
	pixels := max(1, len(p.Channels)/perPixel)
	channels := int((s.Pixels*int64(perPixel) - s.Idle) * int64(pixels) / s.Pixels)
	bits := s.Elem.Bits()
	for pixel := 0; pixel+channels <= len(list); pixel += channels {
		for beat := range pixels * int(s.Beats) {
			w, m := hdl.NewWord(width), hdl.NewWord(width)
			for lane := range s.Lanes {
				c := beat*s.Lanes + lane
				if p.Channels != nil {
					c = p.Channels[c]
				}
				if c < 0 || c >= channels {
					w.Put(junk, bits)
					m.Put(0, bits)
					continue
				}
				w.Put(list[pixel+c], bits)
				m.Put(-1, bits)
			}
			words, masks = append(words, w), append(masks, m)
		}
	}
	return words, masks
}
