package hdl

import (
	"fmt"
	"strings"

	"github.com/convsim/convsim/pipeline"
)

// writeTop makes the top: the layers, the edges between them, and the ports.
func (e *emitter) writeTop() {
	e.ends()
	var wires, body strings.Builder
	for _, p := range e.circuit.Inputs {
		e.input(&wires, p)
	}
	for i, edge := range e.plan.Edges {
		if e.partOf[edge.From.Node] >= 0 && e.partOf[edge.To.Node] >= 0 && e.circuit.Edges[i] == (Wiring{}) {
			e.circuit.Edges[i] = e.declare(&wires, e.names, edge.Name, edge)
		}
	}
	for _, p := range e.circuit.Outputs {
		e.output(&wires, p)
	}
	var files []fileOf
	for _, p := range e.parts {
		files = append(files, e.partInstance(&body, p)...)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "// The top: the layers and what joins them. Clock aclk; reset aresetn, synchronous, active low.\nmodule %s", e.top)
	if len(files) > 0 {
		b.WriteString(" #(\n")
		for i, f := range files {
			fmt.Fprintf(&b, "    parameter %s = %q%s\n", f.parameter, f.file, comma(i, len(files)))
		}
		b.WriteString(")")
	}
	fmt.Fprintf(&b, " (\n%s);\n%s%sendmodule\n", e.topPorts(), wires.String(), body.String())
	e.circuit.Sources[e.top] = b.String()
}

// ends names the ports of the top: after its layer where there are several ends of a kind,
// and after what it says it brings beside the image.
func (e *emitter) ends() {
	count := map[string]int{} // ports by kind of end
	for i, n := range e.plan.Nodes {
		if e.end(i) {
			count[n.Block.Kind()] += len(e.in[i]) + len(e.out[i])
		}
	}
	port := func(prefix string, edge, node int, channels []int) Port {
		n := e.plan.Nodes[node]
		name := prefix
		if kind := n.Block.Kind(); count[kind] > 1 {
			name += "_" + n.Layer
		}
		if beside, ok := n.Block.(interface{ PortName() string }); ok {
			name += "_" + beside.PortName()
		}
		if name != prefix {
			name = e.names.make(name)
		}
		return Port{name, edge, e.plan.Edges[edge].Stream.Bits(), channels}
	}
	for i := range e.plan.Nodes {
		if len(e.in[i]) == 0 {
			for _, edge := range e.out[i] {
				e.circuit.Inputs = append(e.circuit.Inputs, port("s_axis", edge, i, e.arriving(e.plan.Edges[edge].To)))
			}
		}
		if len(e.out[i]) == 0 {
			for _, edge := range e.in[i] {
				e.circuit.Outputs = append(e.circuit.Outputs, port("m_axis", edge, i, e.leaving(e.plan.Edges[edge].From)))
			}
		}
	}
}

// arriving are the channels at an input of a node; an end has them in order.
func (e *emitter) arriving(at pipeline.Port) []int {
	if m := e.modules[at.Node]; m != nil {
		return m.at(at.Port)
	}
	return nil
}

// leaving are the channels at an output of a node.
func (e *emitter) leaving(at pipeline.Port) []int {
	if m := e.modules[at.Node]; m != nil {
		return m.Out
	}
	return nil
}

// input joins a port to its edge.
func (e *emitter) input(text *strings.Builder, p Port) {
	edge := e.plan.Edges[p.Edge]
	w := e.declare(text, e.names, edge.Name, edge)
	e.circuit.Edges[p.Edge] = w
	fmt.Fprintf(text, "    assign %s_valid = %s_tvalid;\n    assign %s_tready = %s_ready;\n", w.In, p.Name, p.Name, w.In)
	fmt.Fprintf(text, "    assign %s_data = %s_tdata[%d:0];\n", w.In, p.Name, p.Bits-1)
	if p.Bits < 8*p.Bytes() {
		fmt.Fprintf(text, "    wire %s = &{1'b0, %s_tdata};\n", e.names.make(p.Name+"_unused"), p.Name)
	}
}

// output joins an edge to its port, and finds the last beat of a frame.
func (e *emitter) output(text *strings.Builder, p Port) {
	edge := e.plan.Edges[p.Edge]
	w := e.circuit.Edges[p.Edge]
	if w == (Wiring{}) { // it does not come from an input
		w = e.declare(text, e.names, edge.Name, edge)
		e.circuit.Edges[p.Edge] = w
	}
	fmt.Fprintf(text, "    assign %s_tvalid = %s_valid;\n    assign %s_ready = %s_tready;\n", p.Name, w.Out, w.Out, p.Name)
	if spare := 8*p.Bytes() - p.Bits; spare > 0 {
		fmt.Fprintf(text, "    assign %s_tdata = {%d'd0, %s_data};\n", p.Name, spare, w.Out)
	} else {
		fmt.Fprintf(text, "    assign %s_tdata = %s_data;\n", p.Name, w.Out)
	}
	fmt.Fprintf(text, "    %s #(.BEATS(%d)) %s (\n        .aclk(aclk), .aresetn(aresetn), .moves(%s_tvalid && %s_tready), .last(%s_tlast)\n    );\n",
		e.use("convsim_last"), edge.Stream.Frame(), e.names.make(p.Name+"_last"), p.Name, p.Name, p.Name)
}

// partInstance adds a layer's module and returns the memories that it has.
func (e *emitter) partInstance(text *strings.Builder, p *part) (files []fileOf) {
	var parameters, ports []string
	for _, m := range p.memories {
		name := e.names.make(strings.ToUpper(Identifier(p.layer + "_" + m.parameter)))
		if p.layer == "" {
			name = e.names.make(m.parameter)
		}
		files = append(files, fileOf{name, m.file})
		parameters = append(parameters, fmt.Sprintf(".%s(%s)", m.parameter, name))
	}
	for _, l := range p.ports {
		w := e.circuit.Edges[l.edge]
		signal := w.In
		if l.in {
			signal = w.Out
		}
		for _, s := range []string{"valid", "ready", "data"} {
			ports = append(ports, fmt.Sprintf(".%s_%s(%s_%s)", l.signal, s, signal, s))
		}
	}
	fmt.Fprintf(text, "    %s", p.module)
	if len(parameters) > 0 {
		fmt.Fprintf(text, " #(\n        %s\n    )", strings.Join(parameters, ",\n        "))
	}
	fmt.Fprintf(text, " %s (\n        .aclk(aclk),\n        .aresetn(aresetn),\n        %s\n    );\n", p.instance, strings.Join(ports, ",\n        "))
	return files
}

// topPorts declares the ports, with the attributes by which Vivado finds the buses.
func (e *emitter) topPorts() string {
	var buses, lines []string
	stream := func(p Port, forward, back string, last bool) {
		buses = append(buses, p.Name)
		add := func(signal, direction, width string) {
			lines = append(lines, fmt.Sprintf("    (* X_INTERFACE_INFO = \"xilinx.com:interface:axis:1.0 %s %s\" *)\n    %s wire %s%s_%s",
				p.Name, strings.ToUpper(signal), direction, width, p.Name, signal))
		}
		add("tvalid", forward, "")
		add("tready", back, "")
		add("tdata", forward, width(8*p.Bytes()))
		if last {
			add("tlast", forward, "")
		}
	}
	for _, p := range e.circuit.Inputs {
		stream(p, "input ", "output", false)
	}
	for _, p := range e.circuit.Outputs {
		stream(p, "output", "input ", true)
	}
	clock := fmt.Sprintf("    (* X_INTERFACE_INFO = \"xilinx.com:signal:clock:1.0 aclk CLK\" *)\n"+
		"    (* X_INTERFACE_PARAMETER = \"ASSOCIATED_BUSIF %s, ASSOCIATED_RESET aresetn\" *)\n    input  wire aclk,\n"+
		"    (* X_INTERFACE_INFO = \"xilinx.com:signal:reset:1.0 aresetn RST\" *)\n"+
		"    (* X_INTERFACE_PARAMETER = \"POLARITY ACTIVE_LOW\" *)\n    input  wire aresetn,\n", strings.Join(buses, ":"))
	return clock + strings.Join(lines, ",\n") + "\n"
}
