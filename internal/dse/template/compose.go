package template

import (
	"maps"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/space"
)

// leaf copies what one key sets from one hardware to another.
type leaf func(to, from *configs.Hardware)

var leaves = map[string]leaf{
	"clock_mhz":            func(to, from *configs.Hardware) { to.ClockMHz = from.ClockMHz },
	"array.pe":             func(to, from *configs.Hardware) { to.Array.PE = from.Array.PE },
	"array.simd":           func(to, from *configs.Hardware) { to.Array.SIMD = from.Array.SIMD },
	"array.group_parallel": func(to, from *configs.Hardware) { to.Array.GroupParallel = from.Array.GroupParallel },
	"array.latency":        func(to, from *configs.Hardware) { to.Array.Latency = from.Array.Latency },
	"window.style":         func(to, from *configs.Hardware) { to.Window.Style = from.Window.Style },
	"window.frame_overlap": func(to, from *configs.Hardware) { to.Window.FrameOverlap = from.Window.FrameOverlap },
	"window.buffer_depth":  func(to, from *configs.Hardware) { to.Window.BufferDepth = from.Window.BufferDepth },
	"accumulator.bits":     func(to, from *configs.Hardware) { to.Accumulator.Bits = from.Accumulator.Bits },
	"fifo.depth":           func(to, from *configs.Hardware) { to.FIFO.Depth = from.FIFO.Depth },
	"fifo.latency":         func(to, from *configs.Hardware) { to.FIFO.Latency = from.FIFO.Latency },
	"resources.dsp":        func(to, from *configs.Hardware) { to.Resources.DSP = from.Resources.DSP },
}

// leafOf is the leaf of a key, nil if the key may depend on others.
func leafOf(key string) leaf {
	if edge, ok := strings.CutPrefix(key, "fifo.edges."); ok {
		return func(to, from *configs.Hardware) {
			edges := maps.Clone(to.FIFO.Edges)
			if edges == nil {
				edges = map[string]int{}
			}
			edges[edge] = from.FIFO.Edges[edge]
			to.FIFO.Edges = edges
		}
	}
	return leaves[key]
}

// Composer puts hardware together from parts that were read once, one for each value of each axis, which costs a
// hundredth of reading the text of every point.
type Composer struct {
	base *configs.Hardware
	axes []composedAxis
}

type composedAxis struct {
	leaves []leaf
	values []*configs.Hardware // nil where a value is illegal
}

// mostComposed bounds the values of an axis that are read in advance.
const mostComposed = 4096

// NewComposer returns nil where keys may depend on each other or an axis is too long.
func NewComposer(base string, sp *space.Space) *Composer {
	hw, err := configs.ParseHardware("", []byte(base))
	if err != nil {
		return nil
	}
	c := &Composer{base: hw}
	for a := range sp.Axes() {
		axis, ok := composeAxis(base, sp.Axis(a))
		if !ok {
			return nil
		}
		c.axes = append(c.axes, axis)
	}
	return c
}

func composeAxis(base string, axis space.Axis) (composedAxis, bool) {
	keys := axis.Names()
	out := composedAxis{}
	for _, key := range keys {
		out.leaves = append(out.leaves, leafOf(key))
		if out.leaves[len(out.leaves)-1] == nil {
			return out, false
		}
	}
	t, err := New(base, keys)
	if err != nil || axis.Len() > mostComposed {
		return out, false
	}
	values := make([]space.Value, len(keys))
	for coord := range axis.Len() {
		for column := range keys {
			values[column] = axis.Value(coord, column)
		}
		hw, err := configs.ParseHardware("", t.Fill(nil, values))
		if err != nil {
			hw = nil
		}
		out.values = append(out.values, hw)
	}
	return out, true
}

// Compose returns the hardware at the coordinates, or false where the text has to be read to say what is wrong with it.
func (c *Composer) Compose(coords []int) (*configs.Hardware, bool) {
	hw := *c.base
	for i, axis := range c.axes {
		from := axis.values[coords[i]]
		if from == nil {
			return nil, false
		}
		for _, copyLeaf := range axis.leaves {
			copyLeaf(&hw, from)
		}
	}
	return &hw, true
}
