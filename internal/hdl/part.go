package hdl

import (
	"fmt"
	"strings"

	"github.com/convsim/convsim/pipeline"
)

// part is the hardware of one layer: a module of its own.
type part struct {
	layer    string
	module   string // its name
	instance string // within the top
	names    names
	nodes    []int
	ports    []link
	memories []fileOf
	wires    strings.Builder // edges within it
	body     strings.Builder // instances
}

// link is an edge that leads into a module or out of it, by its signal within.
type link struct {
	edge   int
	signal string
	bits   int
	in     bool
}

// fileOf is a parameter that names the file of a memory.
type fileOf struct{ parameter, file string }

// layers makes a module of every layer.
func (e *emitter) layers() {
	e.partOf = make([]int, len(e.plan.Nodes))
	e.from, e.to = make([]string, len(e.plan.Edges)), make([]string, len(e.plan.Edges))
	number := map[string]int{}
	top := strings.ToLower(e.top)
	modules, instances := names{top: true, top + "_tb": true}, e.topNames() // and the testbench
	for i, n := range e.plan.Nodes {
		if e.partOf[i] = -1; e.end(i) {
			continue
		}
		at, ok := number[n.Layer]
		if !ok {
			at = len(e.parts)
			number[n.Layer] = at
			layer := n.Layer
			if layer == "" {
				layer = "stages"
			}
			e.parts = append(e.parts, &part{layer: n.Layer, module: modules.make(e.top + "_" + layer),
				instance: instances.make(layer), names: names{"aclk": true, "aresetn": true}})
		}
		e.partOf[i] = at
		e.parts[at].nodes = append(e.parts[at].nodes, i)
	}
	for i := range e.plan.Edges {
		e.place(i)
	}
	for _, p := range e.parts {
		for _, node := range p.nodes {
			e.instance(p, node)
		}
		e.circuit.Sources[p.module] = p.source()
	}
	e.names = instances
}

// topNames are the identifiers that the top has anyway.
func (e *emitter) topNames() names {
	n := names{"aclk": true, "aresetn": true}
	for _, port := range []string{"s_axis", "m_axis"} {
		for _, s := range []string{"", "_tvalid", "_tready", "_tdata", "_tlast"} {
			n[port+s] = true
		}
	}
	return n
}

// place declares an edge within a layer, or as ports of those that it joins.
func (e *emitter) place(number int) {
	edge := e.plan.Edges[number]
	from, to := e.partOf[edge.From.Node], e.partOf[edge.To.Node]
	if from >= 0 && from == to {
		p := e.parts[from]
		w := e.declare(&p.wires, p.names, strings.TrimPrefix(edge.Name, p.layer+"."), edge)
		e.from[number], e.to[number] = w.In, w.Out
		e.circuit.Edges[number] = Wiring{In: p.instance + "." + w.In, Out: p.instance + "." + w.Out}
		if w.FIFO != "" {
			e.circuit.Edges[number].FIFO = p.instance + "." + w.FIFO
		}
		return
	}
	if from >= 0 {
		e.from[number] = e.parts[from].port(number, edge, false)
	}
	if to >= 0 {
		e.to[number] = e.parts[to].port(number, edge, true)
	}
}

// port adds an edge that leads into the module or out of it.
func (p *part) port(number int, edge pipeline.Edge, in bool) string {
	side := "m_"
	if in {
		side = "s_"
	}
	id := p.names.make(side + edge.Name)
	p.ports = append(p.ports, link{number, id, edge.Stream.Bits(), in})
	return id
}

// declare declares the wires of an edge, and its FIFO.
func (e *emitter) declare(text *strings.Builder, taken names, name string, edge pipeline.Edge) Wiring {
	id := taken.make(name)
	w := Wiring{In: id, Out: id}
	bits := edge.Stream.Bits()
	e.wire(text, id, bits)
	if edge.Depth == 0 {
		return w
	}
	w.Out = taken.make(id + "_out")
	w.FIFO = taken.make(id + "_fifo")
	e.wire(text, w.Out, bits)
	fmt.Fprintf(text, "    %s %s (\n", e.fifo(edge), w.FIFO)
	fmt.Fprintf(text, "        .aclk(aclk), .aresetn(aresetn),\n        .s_valid(%s_valid), .s_ready(%s_ready), .s_data(%s_data),\n", id, id, id)
	fmt.Fprintf(text, "        .m_valid(%s_valid), .m_ready(%s_ready), .m_data(%s_data)\n    );\n", w.Out, w.Out, w.Out)
	return w
}

// wire declares the three signals of an edge's end.
func (e *emitter) wire(text *strings.Builder, id string, bits int) {
	fmt.Fprintf(text, "    wire %s_valid, %s_ready;\n    wire %s%s_data;\n", id, id, width(bits), id)
}

// width is the range of a signal of so many bits.
func width(bits int) string { return fmt.Sprintf("[%d:0] ", bits-1) }

// source is the text of the module.
func (p *part) source() string {
	var b strings.Builder
	fmt.Fprintf(&b, "// Layer %s.\nmodule %s", describe(p.layer), p.module)
	if len(p.memories) > 0 {
		b.WriteString(" #(\n")
		for i, m := range p.memories {
			fmt.Fprintf(&b, "    parameter %s = %q%s\n", m.parameter, m.file, comma(i, len(p.memories)))
		}
		b.WriteString(")")
	}
	fmt.Fprintf(&b, " (\n    input  wire aclk,\n    input  wire aresetn,\n%s);\n", p.portList())
	b.WriteString(p.wires.String() + p.body.String() + "endmodule\n")
	return b.String()
}

// portList declares the ports.
func (p *part) portList() string {
	var b strings.Builder
	for i, l := range p.ports {
		forward, back := "output", "input "
		if l.in {
			forward, back = "input ", "output"
		}
		fmt.Fprintf(&b, "    %s wire %s_valid,\n    %s wire %s_ready,\n", forward, l.signal, back, l.signal)
		fmt.Fprintf(&b, "    %s wire %s%s_data%s\n", forward, width(l.bits), l.signal, comma(i, len(p.ports)))
	}
	return b.String()
}

// describe is a layer's name in a comment.
func describe(layer string) string {
	if layer == "" {
		return "of the design"
	}
	return fmt.Sprintf("%q", layer)
}

func comma(i, n int) string {
	if i == n-1 {
		return ""
	}
	return ","
}
