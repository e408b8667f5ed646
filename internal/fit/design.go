package fit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
)

// keys are those of one layer in a hardware file.
type keys struct {
	array sched.Array
	style sched.Style
}

// Design is hardware for a network.
type Design struct {
	Text     []byte // of the hardware file
	Hardware *configs.Hardware
	Plan     *pipeline.Plan
	Unsized  *pipeline.Plan // before its FIFOs were sized; its nodes are those of Stages
	Interval float64        // cycles from frame to frame
	Stages   []sizing.Stage
	Cost     resources.Amount
	Gaps     []resources.Gap // what the cost leaves out
	Proven   bool            // FIFOs are sized, and a run has the interval
}

// FPS is the frames per second.
func (d *Design) FPS() float64 { return d.Hardware.ClockMHz * 1e6 / d.Interval }

// text is a hardware file with the keys of some layers and the depths of some FIFOs.
func (o *Options) text(layers map[string]keys, depths map[string]int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "name: %q\nclock_mhz: %v\nboard: %q\n", o.Name, o.ClockMHz, o.BoardRef)
	b.WriteString("array: {pe: 1, simd: 1}\nfifo:\n  depth: 2\n")
	if len(depths) > 0 {
		b.WriteString("  edges:\n")
	}
	for _, name := range slices.Sorted(maps.Keys(depths)) {
		fmt.Fprintf(&b, "    %q: %d\n", name, depths[name])
	}
	if len(layers) > 0 {
		b.WriteString("layers:\n")
	}
	for _, name := range slices.Sorted(maps.Keys(layers)) {
		k := layers[name]
		fmt.Fprintf(&b, "  %q: {array: {pe: %d, simd: %d, group_parallel: %d}, window: {style: %s}}\n",
			name, k.array.PE, k.array.SIMD, k.array.GroupParallel, k.style)
	}
	return []byte(b.String())
}

// design plans a network with some keys; its FIFOs are not sized yet.
func (o *Options) design(ctx context.Context, g *network.Graph, layers map[string]keys) (*Design, error) {
	d := &Design{Text: o.text(layers, nil)}
	var err error
	if d.Hardware, err = configs.ParseHardware(o.File, d.Text); err != nil {
		return nil, err
	}
	net, err := mapping.Ample(d.Hardware, g)
	if err != nil {
		return nil, err
	}
	d.Plan, d.Unsized = net.Plan, net.Plan
	if d.Stages, err = sizing.Stages(ctx, d.Plan); err != nil {
		return nil, err
	}
	for _, s := range d.Stages {
		d.Interval = max(d.Interval, s.Interval)
	}
	shallow := &pipeline.Plan{Nodes: d.Plan.Nodes, Edges: slices.Clone(d.Plan.Edges)}
	for i := range shallow.Edges {
		shallow.Edges[i].Depth = min(shallow.Edges[i].Depth, 2) // what sizing leaves at least
	}
	d.price(shallow)
	return d, nil
}

// price takes the cost of a plan.
func (d *Design) price(p *pipeline.Plan) {
	r, gaps := resources.Price(p, device(d.Hardware)).Partly()
	d.Cost, d.Gaps = r.Total, gaps
}

// size sizes the FIFOs of a design.
func (o *Options) size(ctx context.Context, g *network.Graph, d *Design, layers map[string]keys) error {
	found, err := sizing.Size(ctx, d.Plan, sizing.Options{Progress: func(p sizing.Progress) {
		o.tell(fmt.Sprintf("FIFOs: %s, %d simulations", p.Doing, p.Runs))
	}})
	if err != nil {
		return err
	}
	depths := map[string]int{}
	for i, e := range found.Plan.Edges {
		in, _ := found.Plan.Nodes[e.To.Node].Block.Streams()
		if e.Depth != 2 || len(in) > 1 {
			depths[e.Name] = found.Plan.Edges[i].Depth
		}
	}
	d.Text = o.text(layers, depths)
	if d.Hardware, err = configs.ParseHardware(o.File, d.Text); err != nil {
		return err
	}
	net, err := mapping.MapNetwork(d.Hardware, g)
	if err != nil {
		return err
	}
	d.Plan, d.Proven = net.Plan, found.Proven
	if found.Interval != nil {
		d.Interval = *found.Interval
	}
	d.price(d.Plan)
	return nil
}

// above is the layer that multiplies from which a node's stream comes, "" for none.
func above(p *pipeline.Plan, node int) string {
	for {
		if _, ok := p.Nodes[node].Block.(pe.Array); ok {
			return p.Nodes[node].Layer
		}
		next := -1
		for _, e := range p.Edges {
			if e.To.Node == node && e.From.Node > next {
				next = e.From.Node
			}
		}
		if next < 0 {
			return ""
		}
		node = next
	}
}
