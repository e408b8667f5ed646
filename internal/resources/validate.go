package resources

import (
	"fmt"
	"slices"
)

// Limits that keep every product of the estimate within an int.
const (
	maxLanes   = 1 << 16
	maxArray   = 1 << 20 // multipliers
	maxDepth   = 1 << 31
	maxWidth   = 1 << 26
	maxOperand = 64 // bits
	maxLatency = 64 // cycles
)

// checks collects what is wrong with a plan's parts.
type checks struct {
	stage string // whose part is looked at
	errs  []error
}

func (c *checks) within(key string, v, lo, hi int) {
	if v < lo || v > hi {
		c.errs = append(c.errs, fmt.Errorf("%s is %d, allowed are %d to %d", key, v, lo, hi))
	}
}

func oneOf[T ~string](c *checks, key string, v T, allowed []T) {
	if !slices.Contains(allowed, v) {
		c.errs = append(c.errs, fmt.Errorf("%s is %q, allowed are %q", key, v, allowed))
	}
}

// check refuses kinds and clocks that are none.
func (d Device) check(c *checks) {
	oneOf(c, "multiplier", d.DSP, DSPKinds())
	if !(d.ClockMHz > 0) {
		c.errs = append(c.errs, fmt.Errorf("clock is %v MHz, must be above 0", d.ClockMHz))
	}
}

func (a Array) check(c *checks, d Device) {
	c.within(c.stage+" PE", a.PE, 1, maxLanes)
	c.within(c.stage+" SIMD", a.SIMD, 1, maxLanes)
	c.within(c.stage+" group_parallel", a.GroupParallel, 1, maxLanes)
	c.within(c.stage+" SF", a.SF, 1, maxLanes)
	c.within(c.stage+" NF", a.NF, 1, maxLanes)
	c.within(c.stage+" group folds", a.GroupFolds, 1, maxLanes)
	c.within(c.stage+" latency", a.Latency, 0, maxLatency)
	c.within("weight bits", a.WeightBits, 1, maxOperand)
	c.within("input bits", a.InputBits, 1, maxOperand)
	c.within("accumulator bits", a.AccumulatorBits, 1, 2*maxOperand)
	if a.PE > 0 && a.SIMD > 0 && a.GroupParallel > 0 {
		c.within("multipliers of all arrays (PE x SIMD x group_parallel)", a.lanes(), 1, maxArray)
	}
	if d.DSP == DSP58 && d.ClockMHz > 0 && segmentLength(1, d.ClockMHz) == 0 {
		c.errs = append(c.errs, fmt.Errorf("clock is %v MHz, a %s needs %v ns for one product: at most %.0f MHz",
			d.ClockMHz, DSP58, dsp58FirstNs, 1000/dsp58FirstNs))
	}
}

// lanes returns the multipliers of all arrays, or more than any limit allows.
func (a Array) lanes() int {
	if a.PE > maxLanes || a.SIMD > maxLanes || a.GroupParallel > maxLanes {
		return maxArray + 1
	}
	return a.PE * a.SIMD * a.GroupParallel
}

func (p Pad) check(c *checks, _ Device) {
	c.within(c.stage+" beat bits", p.BeatBits, 1, maxWidth)
	c.counts(p.Counts)
	if len(p.Buffers) > 0 {
		c.within(c.stage+" beats", p.Beats, 1, maxDepth)
		c.within(c.stage+" counters", len(p.Counts), 2, maxLanes)
	}
	c.buffers(p.Buffers)
}

func (w Window) check(c *checks, _ Device) {
	c.within(c.stage+" beats", w.Beats, 1, maxDepth)
	c.within(c.stage+" depth", w.Depth, 0, maxDepth)
	c.counts(w.Counts)
	c.buffers(w.Buffers)
}

func (c *checks) counts(list []int) {
	for _, n := range list {
		c.within(c.stage+" states of a counter", n, 1, maxDepth)
	}
}

func (q Requantize) check(c *checks, _ Device) {
	oneOf(c, c.stage+" rule", q.Rule, RequantizeRules())
	c.within(c.stage+" lanes", q.Lanes, 1, maxLanes)
	c.within(c.stage+" input bits", q.InputBits, 1, 2*maxOperand)
	c.within(c.stage+" output bits", q.OutputBits, 1, 2*maxOperand)
	c.within(c.stage+" shift", q.Shift, 0, 2*maxOperand)
	c.within(c.stage+" lift", q.Lift, 0, 2*maxOperand)
	c.within(c.stage+" shift to the left", q.Left, 0, maxOperand)
	c.within(c.stage+" latency", q.Latency, 0, maxLatency)
	c.store(c.stage+" parameters", q.ParamWords, q.Lanes, Auto)
}

func (c *checks) buffers(buffers []Buffer) {
	for _, b := range buffers {
		key := c.stage + " buffer " + b.Name
		oneOf(c, key+" kind", b.Kind, BufferKinds())
		c.store(key, b.Depth, b.WidthBits, b.Style)
	}
}

func (m Memory) check(c *checks, _ Device) { c.store(c.stage, m.Words, m.WordBits, m.Style) }

func (r Replay) check(c *checks, _ Device) {
	c.within(c.stage+" beats", r.Beats, 1, maxLanes)
	c.within(c.stage+" passes", r.Passes, 1, maxLanes)
	c.store(c.stage, r.Room, r.WidthBits, Auto)
}

func (f FIFO) check(c *checks, _ Device) { c.store(c.stage, f.Depth, f.WidthBits, f.Style) }

func (c *checks) store(key string, depth, width int, style RAMStyle) {
	c.within(key+" depth", depth, 0, maxDepth)
	c.within(key+" width", width, 0, maxWidth)
	oneOf(c, key+" style", style, RAMStyles())
}
