package resources

import "cmp"

// Pipe is a pipeline that runs freely, with a queue that has room for all that is
// under way, and an output register behind it.
type Pipe struct {
	Beside   int  // bits kept in registers in front of it
	BeatBits int  // of what it holds
	Moving   int  // of these, in its registers, where others are copies of one; 0: all
	Stages   int  // in front of the output register
	Places   int  // of the queue
	Within   bool // its registers stand in what computes, and the output register is counted
}

// Cost is the registers of the pipeline with their valid bits, the queue, the output
// register, and the count of what is under way.
//
// Source: counted of the emitted convsim_result, by the rules of FINN's thresholding,
// requantisation and elementwise operations.
func (p Pipe) Cost(d Device) Amount {
	return p.queue(d).Plus(Amount{LUT: 2, FF: p.Beside + p.Stages*cmp.Or(p.Moving, p.BeatBits) + p.BeatBits + 1})
}

// queue is what stands between the pipeline and its output register.
func (p Pipe) queue(d Device) Amount {
	count := ceilLog2(p.Places + 1)
	a := FIFO{Depth: p.Places, WidthBits: p.BeatBits, Style: LUTRAM}.Cost(d)
	return a.Plus(Amount{LUT: 2*count + 3, FF: p.Stages + count})
}

func (p Pipe) check(c *checks, _ Device) {
	c.within(c.stage+" side registers", p.Beside, 0, maxWidth)
	c.within(c.stage+" beat bits", p.BeatBits, 1, maxWidth)
	c.within(c.stage+" stages", p.Stages, 0, maxLanes)
	c.within(c.stage+" places", p.Places, 1, maxDepth)
}

// Tap copies a stream to two branches through registers: FINN's stream_tap.
type Tap struct{ BeatBits int }

// tapRegisters are the side register, the register of the branches, and the skid
// of two and the output register of the second one.
const tapRegisters = 5

// Cost is five beat registers with their valid bits, and a choice in front of three
// of them.
//
// Source: counted of the emitted convsim_tap.
func (t Tap) Cost(Device) Amount {
	const choices, control = 3, 14
	return Amount{LUT: choices*t.BeatBits + control, FF: tapRegisters * (t.BeatBits + 1)}
}

func (t Tap) check(c *checks, _ Device) { c.within(c.stage+" beat bits", t.BeatBits, 1, maxWidth) }

// Shifter converts between widths none of which divides the other: it holds a beat of
// each and shifts in by units that divide both.
type Shifter struct{ UnitBits, In, Out int }

// Cost is the units it holds and the beat beside them, each unit with a choice of all
// places where it may come from, 2^2 of them a LUT and bit, and the beat with one of
// the side register.
//
// Source: counted of the emitted convsim_width_any: i+o-1 units, and a side register.
func (s Shifter) Cost(Device) Amount {
	const control = 12
	held := s.In + s.Out - 1
	levels := ceilDiv(ceilLog2(held), muxSelectsPerLUT)
	return Amount{LUT: (held*levels+s.In)*s.UnitBits + control, FF: (held + s.In) * s.UnitBits}.Plus(counter(held))
}

func (s Shifter) check(c *checks, _ Device) {
	c.within(c.stage+" unit bits", s.UnitBits, 1, maxWidth)
	c.within(c.stage+" units in", s.In, 1, maxLanes)
	c.within(c.stage+" units out", s.Out, 1, maxLanes)
}
