package resources

import (
	"errors"
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

// checks collects what is wrong with a design.
type checks struct{ errs []error }

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

// Validate returns everything that is wrong with the design, or nil.
func (d Design) Validate() error {
	var c checks
	oneOf(&c, "multiplier", d.Multiplier, DSPKinds())
	if !(d.ClockMHz > 0) {
		c.errs = append(c.errs, fmt.Errorf("clock is %v MHz, must be above 0", d.ClockMHz))
	}
	d.Array.check(&c)
	if d.Multiplier == DSP58 && d.ClockMHz > 0 && segmentLength(1, d.ClockMHz) == 0 {
		c.errs = append(c.errs, fmt.Errorf("clock is %v MHz, a %s needs %v ns for one product: at most %.0f MHz",
			d.ClockMHz, DSP58, dsp58FirstNs, 1000/dsp58FirstNs))
	}
	c.memory("weights", d.Weights)
	if d.Pad != nil {
		d.Pad.check(&c)
	}
	if d.Window != nil {
		c.buffers("window", d.Window.Buffers)
	}
	if d.Requantize != nil {
		d.Requantize.check(&c)
	}
	for _, f := range d.FIFOs {
		c.store("fifo "+f.Name, f.Depth, f.WidthBits, f.Style)
	}
	return errors.Join(c.errs...)
}

func (a Array) check(c *checks) {
	c.within("array PE", a.PE, 1, maxLanes)
	c.within("array SIMD", a.SIMD, 1, maxLanes)
	c.within("array group_parallel", a.GroupParallel, 1, maxLanes)
	c.within("array SF", a.SF, 1, maxLanes)
	c.within("array NF", a.NF, 1, maxLanes)
	c.within("array group folds", a.GroupFolds, 1, maxLanes)
	c.within("array latency", a.Latency, 0, maxLatency)
	c.within("weight bits", a.WeightBits, 1, maxOperand)
	c.within("input bits", a.InputBits, 1, maxOperand)
	c.within("accumulator bits", a.AccumulatorBits, 1, 2*maxOperand)
	if a.PE > 0 && a.SIMD > 0 && a.GroupParallel > 0 {
		c.within("multipliers of all arrays (PE x SIMD x group_parallel)", a.lanes(), 1, maxArray)
	}
}

// lanes returns the multipliers of all arrays, or more than any limit allows.
func (a Array) lanes() int {
	if a.PE > maxLanes || a.SIMD > maxLanes || a.GroupParallel > maxLanes {
		return maxArray + 1
	}
	return a.PE * a.SIMD * a.GroupParallel
}

func (p Pad) check(c *checks) {
	c.within("pad beat bits", p.BeatBits, 1, maxWidth)
	c.within("pad frame beats", p.FrameBeats, 1, maxDepth)
	c.buffers("pad", p.Buffers)
}

func (q Requantize) check(c *checks) {
	oneOf(c, "requantize rule", q.Rule, RequantizeRules())
	c.within("requantize lanes", q.Lanes, 1, maxLanes)
	c.within("requantize input bits", q.InputBits, 1, 2*maxOperand)
	c.within("requantize output bits", q.OutputBits, 1, 2*maxOperand)
	c.within("requantize bias bits", q.BiasBits, 0, 2*maxOperand)
	c.within("requantize shift bits", q.ShiftBits, 0, 8)
	if q.Rule == Multiply {
		c.within("requantize multiplier bits", q.MultiplierBits, 1, maxOperand)
	}
	c.store("requantize parameters", q.ParamWords, q.Lanes, q.ParamStyle)
}

func (c *checks) buffers(stage string, buffers []Buffer) {
	for _, b := range buffers {
		key := stage + " buffer " + b.Name
		oneOf(c, key+" kind", b.Kind, BufferKinds())
		c.store(key, b.Depth, b.WidthBits, b.Style)
	}
}

func (c *checks) memory(key string, m Memory) { c.store(key, m.Words, m.WordBits, m.Style) }

func (c *checks) store(key string, depth, width int, style RAMStyle) {
	c.within(key+" depth", depth, 0, maxDepth)
	c.within(key+" width", width, 0, maxWidth)
	oneOf(c, key+" style", style, RAMStyles())
}
