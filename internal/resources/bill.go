package resources

import (
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
)

// Device is what a plan is made on.
type Device struct {
	DSP      DSPKind
	ClockMHz float64
}

// Priced is the face of a block that costs need.
type Priced interface {
	pipeline.Block
	// Bill enters all that the block costs: its stages, its memories, its work.
	Bill(b *Bill)
}

// Part is hardware with a formula of its own: what a stage is made of.
type Part interface {
	// Cost is what the part takes on a device that check found in order for it.
	Cost(d Device) Amount
	check(c *checks, d Device)
}

// Bill is what a plan costs, entered block by block. Counts are of one frame.
type Bill struct {
	Device     Device
	Memories   []MemoryUse // in stream order
	Operations []Operation
	MACs       int64 // multiplications that matter: lanes idle in the last fold do nothing
	FIFOs      []FIFOTraffic
	DRAMBits   int64 // read and written

	layer  string // of the block whose entries come
	whose  string // the layer that pays for them
	gaps   []Gap
	report Report
	wrong  checks
}

// MemoryUse is one memory of a plan and how often it is used.
type MemoryUse struct {
	Name          string
	Words         int
	WidthBits     int
	Cost          Amount
	Reads, Writes int64
	// Reach is the bits an access has to choose among, 0 for all.
	Reach    int
	Constant bool // filled before a run: weights
}

// Operation is arithmetic of one kind.
type Operation struct {
	Part  string // of the breakdown
	Count int64
	// A and B are the widths of the operands of a product; B is 0 for a sum.
	A, B  int
	Float bool
}

// Price returns what a plan costs on a device. Blocks must be Priced.
func Price(p *pipeline.Plan, d Device) *Bill {
	b := newBill(d, len(p.Nodes)+len(p.Edges))
	for _, n := range p.Nodes {
		b.layer, b.whose = n.Layer, n.Layer
		if priced, ok := n.Block.(Priced); ok {
			priced.Bill(b)
		} else {
			b.Refuse(fmt.Errorf("%s has no resource model", n.Name()))
		}
	}
	b.layer = ""
	for _, e := range p.Edges {
		b.whose = p.Nodes[e.To.Node].Layer
		b.fifo(e.Name, e.Depth, e.Stream)
	}
	return b
}

// newBill makes an empty bill with room for so many stages and a few more.
func newBill(d Device, stages int) *Bill {
	const more = 2 // an array's replay buffer and weights
	b := &Bill{Device: d, report: Report{Multiplier: d.DSP, ClockMHz: d.ClockMHz, Rows: make([]Row, 0, stages+more)}}
	d.check(&b.wrong)
	return b
}

// fifo enters an edge.
func (b *Bill) fifo(name string, depth int, s sched.Stream) {
	b.Stage("fifo "+name, FIFO{Depth: depth, WidthBits: s.Bits()})
	if depth > 0 {
		b.FIFOs = append(b.FIFOs, FIFOTraffic{Name: name, Depth: depth, WidthBits: s.Bits(), Pushes: s.Frame(), Pops: s.Frame()})
	}
}

// Stage enters what a stage is made of.
func (b *Bill) Stage(name string, p Part) {
	name = b.name(name)
	known := len(b.wrong.errs)
	b.wrong.stage = name
	p.check(&b.wrong, b.Device)
	if wrong := b.wrong.errs[known:]; len(wrong) > 0 {
		b.gaps = append(b.gaps, Gap{b.whose, errors.Join(wrong...).Error()})
		return
	}
	r, a := &b.report, p.Cost(b.Device)
	r.Rows = append(r.Rows, Row{Stage: name, Amount: a, Layer: b.whose})
	r.Total = r.Total.Plus(a)
	if a, ok := p.(Array); ok {
		if slow := a.tooSlow(b.Device); slow != "" {
			r.Slow = append(r.Slow, slow)
		}
	}
}

// Memory enters a memory. It is shown and its accesses cost energy; what it is
// made of is part of its stage.
func (b *Bill) Memory(m MemoryUse) {
	m.Name = b.name(m.Name)
	b.Memories = append(b.Memories, m)
}

// Operate enters arithmetic.
func (b *Bill) Operate(o Operation) {
	o.Part = b.name(o.Part)
	b.Operations = append(b.Operations, o)
}

// External enters a stream that comes from DRAM or goes there, without its idle
// lanes.
func (b *Bill) External(s sched.Stream) {
	b.DRAMBits += s.Elements() * int64(s.Elem.Bits())
}

// DRAMBytes is what is read and written, in whole bytes.
func (b *Bill) DRAMBytes() int64 { return (b.DRAMBits + 7) / 8 }

// Refuse says that a block has no resource model; its memories and its work may
// still be entered.
func (b *Bill) Refuse(err error) {
	b.gaps = append(b.gaps, Gap{b.whose, err.Error()})
	alike := func(e error) bool { return e.Error() == err.Error() }
	if !slices.ContainsFunc(b.wrong.errs, alike) {
		b.wrong.errs = append(b.wrong.errs, err)
	}
}

// Report returns what the plan costs by stage, or all that keeps it from being
// estimated.
func (b *Bill) Report() (Report, error) {
	if len(b.wrong.errs) > 0 {
		return Report{}, errors.Join(b.wrong.errs...)
	}
	return b.report, nil
}

// Gap is what keeps a stage of a layer from being estimated.
type Gap struct{ Layer, Why string }

// Partly returns what the plan costs as far as it can be estimated, and what is left
// out of that.
func (b *Bill) Partly() (Report, []Gap) { return b.report, b.gaps }

func (b *Bill) name(s string) string { return pipeline.Within(b.layer, s) }
