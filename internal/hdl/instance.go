package hdl

import (
	"fmt"
	"slices"
	"strings"
)

// instance adds the instance of a node to its layer's module.
func (e *emitter) instance(p *part, node int) {
	m, block := e.modules[node], e.plan.Nodes[node].Block
	id := p.names.make(block.Kind())
	e.circuit.Nodes[node] = p.instance + "." + id
	var parameters []string
	for _, v := range m.Parameters {
		parameters = append(parameters, fmt.Sprintf(".%s(%s)", v.Name, v.Value))
	}
	for _, v := range m.Memories {
		file := e.memory(p, id, v)
		parameters = append(parameters, fmt.Sprintf(".%s(%s)", v.Parameter, file))
	}
	wires, ports := e.connect(p, m, node, id)
	p.body.WriteString(wires)
	fmt.Fprintf(&p.body, "    %s", e.use(m.Name))
	if len(parameters) > 0 {
		fmt.Fprintf(&p.body, " #(\n        %s\n    )", strings.Join(parameters, ",\n        "))
	}
	fmt.Fprintf(&p.body, " %s (\n        .aclk(aclk),\n        .aresetn(aresetn),\n        %s\n    );\n", id, strings.Join(ports, ",\n        "))
}

// memory adds a memory's file and the parameter that names it.
func (e *emitter) memory(p *part, id string, m Memory) string {
	parts := []string{e.top, p.layer, id, m.Name}
	if p.layer == "" {
		parts = []string{e.top, id, m.Name}
	}
	file := e.files.upTo(longestFile, strings.Join(parts, "_")) + ".mem"
	e.circuit.Memory[file] = m.Text()
	parameter := p.names.make(strings.ToUpper(id + "_" + m.Name))
	p.memories = append(p.memories, fileOf{parameter, file})
	return parameter
}

// connect joins the ports of an instance to its edges; wires are what stands in
// front of it.
func (e *emitter) connect(p *part, m *Module, node int, id string) (wires string, ports []string) {
	in, out := e.in[node], e.out[node]
	one := func(prefix, signal string) {
		for _, s := range []string{"valid", "ready", "data"} {
			ports = append(ports, fmt.Sprintf(".%s_%s(%s_%s)", prefix, s, signal, s))
		}
	}
	many := func(prefix string, edges []int, signals []string, slots []int, data bool) {
		kinds := []string{"valid", "ready"}
		if data {
			kinds = append(kinds, "data")
		}
		for _, s := range kinds {
			w, port := e.bundle(p, id, s, edges, signals, slots)
			wires += w
			ports = append(ports, fmt.Sprintf(".%s_%s(%s)", prefix, s, port))
		}
	}
	switch m.Style {
	case Chain:
		one("s", e.to[in[0]])
		one("m", e.from[out[0]])
	case Joined:
		one("a", e.to[in[0]])
		one("b", e.to[in[1]])
		one("m", e.from[out[0]])
	case Merged:
		many("s", in, e.to, nil, true)
		one("m", e.from[out[0]])
	case Parted:
		one("s", e.to[in[0]])
		many("m", out, e.from, m.Slots, true)
	case Forked:
		ports = append(ports, fmt.Sprintf(".s_valid(%s_valid)", e.to[in[0]]), fmt.Sprintf(".s_ready(%s_ready)", e.to[in[0]]))
		many("m", out, e.from, nil, false)
		for _, o := range out {
			wires += fmt.Sprintf("    assign %s_data = %s_data;\n", e.from[o], e.to[in[0]])
		}
	}
	return wires, ports
}

// bundle is a vector of the signals of several edges, the first in the lowest bits.
// Slots without an edge are always ready.
func (e *emitter) bundle(p *part, id, kind string, edges []int, signals []string, slots []int) (wires, vector string) {
	bits := 1
	if kind == "data" {
		bits = e.plan.Edges[edges[0]].Stream.Bits()
	}
	list := make([]string, 0, max(len(edges), len(slots)))
	for i := range cap(list) {
		edge := i
		if slots != nil {
			edge = slots[i]
		}
		if edge >= 0 {
			list = append(list, signals[edges[edge]]+"_"+kind)
			continue
		}
		filler := p.names.make(id + "_dropped")
		wires += fmt.Sprintf("    wire %s%s;\n", width(bits), filler)
		if kind == "ready" {
			wires += fmt.Sprintf("    assign %s = 1'b1;\n", filler)
		} else {
			wires += fmt.Sprintf("    wire %s = &{1'b0, %s};\n", p.names.make(id+"_unused"), filler)
		}
		list = append(list, filler)
	}
	slices.Reverse(list)
	return wires, "{" + strings.Join(list, ", ") + "}"
}
