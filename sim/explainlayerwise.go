package sim

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/textwrap"
)

// LayerwiseExplanation says why a network is no faster on one array for all its layers,
// and what would make it so.
type LayerwiseExplanation struct {
	Hardware string  `json:"hardware"`
	Name     string  `json:"name"`
	Frames   int     `json:"frames"`
	Interval float64 `json:"interval"` // cycles a frame
	FPS      float64 `json:"fps"`
	DRAMBusy float64 `json:"dram_busy_share"`

	Longest []LayerwiseUse    `json:"longest"` // layers, the longest first
	Tried   int               `json:"tried"`   // changes, each simulated
	Changes []LayerwiseChange `json:"changes"` // the cheapest that help
}

// LayerwiseChange is something that could be different.
type LayerwiseChange struct {
	Gain
	Multipliers int64   `json:"multipliers"` // more of them
	Bandwidth   float64 `json:"bandwidth"`   // more bytes a cycle at the DRAM
}

func (c *LayerwiseChange) gain() *Gain { return &c.Gain }

// mostLongest is how many layers are told.
const mostLongest = 5

// ExplainLayerwise runs a network layer by layer, and looks for what would make it
// faster.
func ExplainLayerwise(ctx context.Context, hw *configs.Hardware, g *network.Graph, frames int, progress func(done, total int)) (*LayerwiseExplanation, error) {
	now, err := layerByLayer(ctx, hw, g, frames)
	if err != nil {
		return nil, err
	}
	x := &LayerwiseExplanation{Hardware: hw.Name, Name: g.Name, Frames: frames, Interval: float64(now.Cycles) / float64(frames),
		FPS: now.FPS, DRAMBusy: now.DRAM.Busy}
	x.Longest = slices.Clone(now.Layers)
	slices.SortStableFunc(x.Longest, func(a, b LayerwiseUse) int { return cmp.Compare(b.Cycles, a.Cycles) })
	x.Longest = x.Longest[:min(mostLongest, len(x.Longest))]
	list := oneArrayChanges(hw, now.DRAM.BytesPerCycle)
	x.Tried = len(list)
	x.Changes, err = cheapest(ctx, list, progress, (*LayerwiseChange).gain, func(with *configs.Hardware) (c LayerwiseChange, err error) {
		r, err := layerByLayer(ctx, with, g, frames)
		if err != nil {
			return c, err
		}
		c = LayerwiseChange{Multipliers: r.Multipliers - now.Multipliers, Bandwidth: r.DRAM.BytesPerCycle - now.DRAM.BytesPerCycle,
			Gain: Gain{Interval: float64(r.Cycles) / float64(frames), Percent: 100 * float64(now.Cycles-r.Cycles) / float64(max(1, now.Cycles))}}
		c.price = c.on(hw)
		return c, nil
	})
	return x, err
}

// layerByLayer is the report of a run, time only.
func layerByLayer(ctx context.Context, hw *configs.Hardware, g *network.Graph, frames int) (*LayerwiseReport, error) {
	l, err := NewLayerwise(hw, g)
	if err != nil {
		return nil, err
	}
	o := Options{NoValues: true, Frames: frames}
	out, err := l.Run(ctx, nil, o)
	if err != nil {
		return nil, err
	}
	return l.Report(out, o), nil
}

// oneArrayChanges are what might make one array for all layers faster.
func oneArrayChanges(hw *configs.Hardware, rate float64) (list []proposal) {
	add := func(what string, change func(hw *configs.Hardware)) {
		with := *hw
		change(&with)
		list = append(list, proposal{what, &with})
	}
	a := hw.Array
	wider := fmt.Sprintf("dram: {bytes_per_cycle: %g}", 2*rate)
	add(fmt.Sprintf("array: {pe: %d}", 2*a.PE), func(hw *configs.Hardware) { hw.Array.PE *= 2 })
	add(fmt.Sprintf("array: {simd: %d}", 2*a.SIMD), func(hw *configs.Hardware) { hw.Array.SIMD *= 2 })
	add(fmt.Sprintf("array: {group_parallel: %d}", 2*a.GroupParallel), func(hw *configs.Hardware) { hw.Array.GroupParallel *= 2 })
	add(fmt.Sprintf("array: {pe: %d, simd: %d}", 2*a.PE, 2*a.SIMD), func(hw *configs.Hardware) {
		hw.Array.PE, hw.Array.SIMD = 2*a.PE, 2*a.SIMD
	})
	add(wider, func(hw *configs.Hardware) { hw.DRAM.BytesPerCycle = 2 * rate })
	add(fmt.Sprintf("array: {pe: %d}; %s", 2*a.PE, wider), func(hw *configs.Hardware) {
		hw.Array.PE, hw.DRAM.BytesPerCycle = 2*a.PE, 2*rate
	})
	add(fmt.Sprintf("array: {pe: %d}", 4*a.PE), func(hw *configs.Hardware) { hw.Array.PE *= 4 })
	add(fmt.Sprintf("array: {pe: %d, simd: %d}", 4*a.PE, 4*a.SIMD), func(hw *configs.Hardware) {
		hw.Array.PE, hw.Array.SIMD = 4*a.PE, 4*a.SIMD
	})
	deeper := stepFIFO * max(1, hw.FIFO.Depth)
	add(fmt.Sprintf("fifo: {depth: %d}", deeper), func(hw *configs.Hardware) { hw.FIFO.Depth = deeper })
	if !hw.Window.FrameOverlap {
		add("window: {frame_overlap: true}", func(hw *configs.Hardware) { hw.Window.FrameOverlap = true })
	}
	if !hw.DRAM.Overlap {
		add("dram: {overlap: true}", func(hw *configs.Hardware) { hw.DRAM.Overlap = true })
	}
	return list
}

// on is what a change costs, in shares of the board or of the usual one.
func (c LayerwiseChange) on(hw *configs.Hardware) float64 {
	board := boardOf(hw)
	price := float64(c.Multipliers) / float64(max(1, board.Available.Amount().DSP))
	if board.DRAMGBytesPS > 0 {
		price += c.Bandwidth * hw.ClockMHz / 1e3 / board.DRAMGBytesPS
	}
	return price
}

// WriteText writes the explanation for people, 80 columns wide.
func (x *LayerwiseExplanation) WriteText(w io.Writer) error {
	var b strings.Builder
	b.WriteString(textwrap.Lines(fmt.Sprintf("%s on %s, layer by layer: a frame every %s cycles, %s frames/s", clip(x.Name, 24), clip(x.Hardware, 20),
		mean(x.Interval), decimal(x.FPS)), "", "  ") + "\n")
	fmt.Fprintf(&b, "the port to the DRAM is busy in %.1f %% of the cycles; the longest layers:\n", 100*x.DRAMBusy)
	for _, l := range x.Longest {
		does := "computing"
		if l.Bound == MemoryBound {
			does = "waiting for the port"
		}
		fmt.Fprintf(&b, "  %-30s %5.1f %% of the cycles, %s\n", clip(l.Name, 30), 100*float64(l.Cycles)/float64(x.Frames)/max(1, x.Interval), does)
	}
	helps(&b, x.Tried, len(x.Changes))
	for _, c := range x.Changes {
		fmt.Fprintf(&b, "\n  %.1f %% off: a frame every %s cycles\n", c.Percent, mean(c.Interval))
		fmt.Fprintf(&b, "    for %+d multipliers, %+g bytes a cycle of DRAM\n", c.Multipliers, c.Bandwidth)
		b.WriteString(textwrap.Lines(c.What, "    ", "      "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
