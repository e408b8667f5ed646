package fit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
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
	reuse configs.Reuse // of weights that come by the DRAM; "": they are on the chip
	ultra bool          // weights on the chip are in UltraRAM
}

// text is the keys as a hardware file has them.
func (k keys) text() string {
	s := fmt.Sprintf("{array: {pe: %d, simd: %d, group_parallel: %d}, window: {style: %s}", k.array.PE, k.array.SIMD, k.array.GroupParallel, k.style)
	switch {
	case k.reuse != "":
		s += fmt.Sprintf(", weights: {from: dram, reuse: %s}", k.reuse)
	case k.ultra:
		s += ", weights: {memory: uram}"
	}
	return s + "}"
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
	// Multipliers are those of all arrays.
	Multipliers int
	Gaps        []resources.Gap // what the cost leaves out
	Loaded      []string        // layers whose weights come by the DRAM
	Proven      bool            // FIFOs are sized, and a run has the interval
}

// FPS is the frames per second.
func (d *Design) FPS() float64 { return d.Hardware.ClockMHz * 1e6 / d.Interval }

// text is a hardware file with the keys of some layers and the depths of some FIFOs.
func (o *Options) text(layers map[string]keys, depths map[string]int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "name: %q\nclock_mhz: %v\n", o.Name, o.ClockMHz)
	if o.BoardRef != "" {
		fmt.Fprintf(&b, "board: %q\n", o.BoardRef)
	}
	b.WriteString("array: {pe: 1, simd: 1}\n")
	if o.quick { // then a frame takes as long as its beats
		b.WriteString("window: {frame_overlap: true}\n")
	}
	b.WriteString("fifo:\n  depth: 2\n")
	if len(depths) > 0 {
		b.WriteString("  edges:\n")
	}
	for _, name := range slices.Sorted(maps.Keys(depths)) {
		entry(&b, "    ", name, fmt.Sprint(depths[name]))
	}
	if len(layers) > 0 {
		b.WriteString("layers:\n")
	}
	for _, name := range slices.Sorted(maps.Keys(layers)) {
		entry(&b, "  ", name, layers[name].text())
	}
	return []byte(b.String())
}

// entry writes a key and its value. YAML wants a key of more than 1024 characters marked as one.
func entry(b *strings.Builder, indent, key, value string) {
	if key = strconv.Quote(key); len(key) > 1000 {
		key = "? " + key + "\n" + indent
	}
	fmt.Fprintf(b, "%s%s: %s\n", indent, key, value)
}

// design plans a network with some keys; its FIFOs are not sized yet.
func (s *search) design(layers map[string]keys) (*Design, error) {
	d := &Design{Text: s.text(layers, nil)}
	var err error
	if d.Hardware, err = configs.ParseHardware(s.File, d.Text); err != nil {
		return nil, err
	}
	net, err := mapping.Ample(d.Hardware, s.graph)
	if err != nil {
		return nil, err
	}
	d.Plan, d.Unsized = net.Plan, prompt(net.Plan)
	if d.Stages, err = s.stages(d.Unsized); err != nil {
		return nil, err
	}
	for _, stage := range d.Stages {
		d.Interval = max(d.Interval, stage.Interval)
	}
	d.Interval = max(d.Interval, s.portTime(d.Plan))
	shallow := &pipeline.Plan{Nodes: d.Plan.Nodes, Edges: slices.Clone(d.Plan.Edges)}
	for i := range shallow.Edges {
		shallow.Edges[i].Depth = min(shallow.Edges[i].Depth, 2) // what sizing leaves at least
	}
	return d, s.price(d, shallow, layers, nil)
}

// stages are those of a plan, each with its interval.
func (s *search) stages(p *pipeline.Plan) ([]sizing.Stage, error) {
	if s.quick {
		return byFormula(p), s.ctx.Err()
	}
	return s.bench.Stages(s.ctx, p)
}

// price takes the cost of a design with the FIFOs of a plan, and moves weights of its
// layers into UltraRAM where that makes room.
func (s *search) price(d *Design, p *pipeline.Plan, layers map[string]keys, depths map[string]int) error {
	d.price(p)
	if !s.ultra() || !s.place(d, layers) {
		return nil
	}
	d.Text = s.text(layers, depths)
	var err error
	if d.Hardware, err = configs.ParseHardware(s.File, d.Text); err != nil {
		return err
	}
	p.Nodes = placed(p.Nodes, layers)
	d.Plan = &pipeline.Plan{Nodes: p.Nodes, Edges: d.Plan.Edges}
	d.price(p)
	return nil
}

// price takes the cost of a plan.
func (d *Design) price(p *pipeline.Plan) {
	d.Multipliers = 0
	for _, n := range p.Nodes {
		if a, ok := n.Block.(pe.Array); ok {
			d.Multipliers += int(a.Fold.MultipliersBuilt())
		}
	}
	r, gaps := resources.Price(p, device(d.Hardware)).Partly()
	d.Cost, d.Gaps = r.Total, gaps
}

// sized sizes the FIFOs of a plan so that it keeps an interval.
func (s *search) sized(p *pipeline.Plan, o sizing.Options) (*sizing.Result, error) {
	o.Progress = func(p sizing.Progress) { s.tell(fmt.Sprintf("FIFOs: %s, %d simulations", p.Doing, p.Runs)) }
	return sizing.Size(s.ctx, p, o)
}

// beatsOf are the beats of a frame on all edges.
func beatsOf(p *pipeline.Plan) int64 {
	sum := int64(0)
	for _, e := range p.Edges {
		sum += e.Stream.Frame()
	}
	return sum
}

// size sizes the FIFOs of a design, and gives it the interval that a run proves.
func (s *search) size(d *Design, layers map[string]keys) error {
	found, err := s.sized(d.Plan, sizing.Options{})
	switch {
	case err != nil:
		return err
	case !found.Proven:
		return s.ran(d, layers, named(found.Plan))
	}
	d.Proven, d.Interval = true, *found.Interval
	return s.build(d, layers, named(found.Plan))
}

// named are the depths of a plan that a file must say.
func named(p *pipeline.Plan) map[string]int {
	edges := map[string]int{}
	for _, e := range p.Edges {
		if e.Depth != 2 || meets(p, e) {
			edges[e.Name] = e.Depth
		}
	}
	return edges
}

// build plans a design as its file says, with FIFOs of such depths.
func (s *search) build(d *Design, layers map[string]keys, edges map[string]int) error {
	d.Text = s.text(layers, edges)
	var err error
	if d.Hardware, err = configs.ParseHardware(s.File, d.Text); err != nil {
		return err
	}
	net, err := mapping.MapNetwork(d.Hardware, s.graph)
	if err != nil {
		return err
	}
	d.Plan = net.Plan
	return s.price(d, net.Plan, layers, edges)
}

// multiplies reports whether a node is arrays.
func multiplies(n pipeline.Node) bool {
	_, ok := n.Block.(pe.Array)
	return ok
}

// above is the layer that multiplies from which a node's stream comes, "" for none.
func above(p *pipeline.Plan, node int) string {
	for {
		if multiplies(p.Nodes[node]) {
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
