package proof

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline/clock"
)

//go:embed tb
var benchFiles embed.FS

// add adds a file of lines.
func (p *Project) add(path string, lines []string) {
	p.Files[path] = []byte(strings.Join(lines, "\n") + "\n")
}

// sources adds the hardware.
func (p *Project) sources(c *hdl.Circuit) {
	for name, text := range c.Sources {
		p.Files["rtl/"+name+".sv"] = []byte(text)
	}
	for name, text := range c.Memory {
		p.Files["rtl/"+name] = []byte(text)
	}
}

// limit is up to which cycle a simulation goes on in which something is missing.
func (p *Project) limit() int64 { return p.Cycles + p.Cycles/8 + 1000 }

// bench adds the testbench.
func (p *Project) bench(d Design, t *clock.Result, v data) {
	files, err := benchFiles.ReadDir("tb")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		text, err := benchFiles.ReadFile("tb/" + f.Name())
		if err != nil {
			panic(err)
		}
		p.Files["tb/"+f.Name()] = text
	}
	b := &benchText{project: p, design: d}
	b.ports()
	for i, port := range p.Circuit.Inputs {
		b.source(i, port, v, t.Records[port.Edge].In)
	}
	for i, port := range p.Circuit.Outputs {
		b.sink(i, port, v, t.Records[port.Edge].Out)
	}
	for i := range t.Records {
		b.edge(i, t)
	}
	p.Files["tb/"+p.Name+"_tb.sv"] = []byte(b.text())
}

// benchText is the top of the testbench on its way.
type benchText struct {
	project *Project
	design  Design
	body    strings.Builder
	done    []string
	trace   []string
}

// ports instantiates the design.
func (b *benchText) ports() {
	c := b.project.Circuit
	lines := []string{".aclk(aclk)", ".aresetn(aresetn)"}
	for _, p := range slices.Concat(c.Inputs, c.Outputs) {
		fmt.Fprintf(&b.body, "    wire %s_tvalid, %s_tready;\n    wire [%d:0] %s_tdata;\n", p.Name, p.Name, 8*p.Bytes()-1, p.Name)
		for _, s := range []string{"tvalid", "tready", "tdata"} {
			lines = append(lines, fmt.Sprintf(".%s_%s(%s_%s)", p.Name, s, p.Name, s))
		}
	}
	for _, p := range c.Outputs {
		fmt.Fprintf(&b.body, "    wire %s_tlast;\n", p.Name)
		lines = append(lines, fmt.Sprintf(".%s_tlast(%s_tlast)", p.Name, p.Name))
	}
	fmt.Fprintf(&b.body, "    %s dut (\n        %s\n    );\n\n", c.Name, strings.Join(lines, ",\n        "))
}

// gate adds a pattern's file, and returns the parameters that say so.
func (b *benchText) gate(pattern clock.Pattern, path string) string {
	if _, always := pattern.(clock.Always); always {
		return ".OPEN(1)"
	}
	return b.opens(pattern.Gate(), path)
}

// opens adds the file of a gate.
func (b *benchText) opens(g interface{ Next(clock.Cycle) clock.Cycle }, path string) string {
	const cycles = 64 // of a word
	words := make([]string, b.project.limit()/cycles+2)
	next := g.Next(0)
	for i := range words {
		var w uint64
		for next < clock.Cycle((i+1)*cycles) {
			w |= 1 << (int64(next) % cycles)
			next = g.Next(next + 1)
		}
		words[i] = fmt.Sprintf("%016x", w)
	}
	b.project.add(path, words)
	return fmt.Sprintf(".OPEN(0), .WORDS(%d), .GATE(\"../%s\")", len(words), path)
}

// seen is a gate that is open in the cycles in which beats moved.
type seen struct{ spans []clock.Span }

// Next is the first of them from t on.
func (s *seen) Next(t clock.Cycle) clock.Cycle {
	for len(s.spans) > 0 && s.spans[0].Last < t {
		s.spans = s.spans[1:]
	}
	if len(s.spans) == 0 {
		return clock.Never
	}
	return max(t, s.spans[0].First)
}

// source instantiates what feeds an input. One behind a port that has other ends, too,
// does so when that port let it.
func (b *benchText) source(i int, port hdl.Port, v data, t *clock.Trace) {
	e := b.design.Plan.Edges[port.Edge]
	opens := fmt.Sprintf("tb/source_%d_gate.mem", i)
	if block, ok := b.design.Plan.Nodes[e.From.Node].Block.(wiring.Source); ok && !block.Share.Given() {
		opens = b.gate(block.Pattern, opens)
	} else {
		opens = b.opens(&seen{t.Spans}, opens)
	}
	words, _ := beats(e.Stream, port, v[port.Edge], 8*port.Bytes())
	lines := make([]string, len(words))
	for k, w := range words {
		lines[k] = w.Hex()
	}
	file := fmt.Sprintf("tb/source_%d.mem", i)
	b.project.add(file, lines)
	fmt.Fprintf(&b.body, "    convsim_source #(.WIDTH(%d), .BEATS(%d), %s, .FILE(\"../%s\")) source_%d (\n", 8*port.Bytes(), len(words),
		opens, file, i)
	fmt.Fprintf(&b.body, "        .aclk(aclk), .running(running), .cycle(cycle), .tvalid(%s_tvalid), .tready(%s_tready), .tdata(%s_tdata)\n    );\n",
		port.Name, port.Name, port.Name)
}

// sink instantiates what takes and compares an output.
func (b *benchText) sink(i int, port hdl.Port, v data, t *clock.Trace) {
	p := b.project
	e := b.design.Plan.Edges[port.Edge]
	opens := fmt.Sprintf("tb/sink_%d_gate.mem", i)
	if block := b.design.Plan.Nodes[e.To.Node].Block.(wiring.Sink); block.Share.Given() {
		opens = b.opens(&seen{t.Spans}, opens)
	} else {
		opens = b.gate(block.Pattern, opens)
	}
	words, masks := beats(e.Stream, port, v[port.Edge], 8*port.Bytes())
	lines := make([]string, len(words))
	for k, w := range words {
		lines[k] = masks[k].Hex() + w.Hex()
	}
	file := fmt.Sprintf("tb/expect_%d.mem", i)
	p.add(file, lines)
	p.Outputs = append(p.Outputs, Output{port.Name, e.Name, int64(len(words)), e.Stream.Frame()})
	done := fmt.Sprintf("sink_%d_done", i)
	b.done = append(b.done, done)
	fmt.Fprintf(&b.body, "    wire %s;\n    convsim_sink #(.NUMBER(%d), .WIDTH(%d), .BEATS(%d), .FRAME(%d), %s, .FILE(\"../%s\")) sink_%d (\n", done, i,
		8*port.Bytes(), len(words), e.Stream.Frame(), opens, file, i)
	fmt.Fprintf(&b.body, "        .aclk(aclk), .running(running), .report(report), .cycle(cycle), .tvalid(%s_tvalid), .tready(%s_tready),\n"+
		"        .tdata(%s_tdata), .tlast(%s_tlast), .done(%s)\n    );\n", port.Name, port.Name, port.Name, port.Name, done)
}

// edge instantiates the probes of an edge.
func (b *benchText) edge(i int, t *clock.Result) {
	r, w := t.Records[i], b.project.Circuit.Edges[i]
	if r.In == r.Out {
		b.probe(i, "move", w.In, r.In)
		return
	}
	b.probe(i, "in", w.In, r.In)
	b.probe(i, "out", w.Out, r.Out)
}

// probe instantiates the probe of one end.
func (b *benchText) probe(edge int, end, signal string, t *clock.Trace) {
	p, e := b.project, b.design.Plan.Edges[edge]
	number, beats := len(p.Ends), int64(0)
	var lines, ranges []string
	for _, s := range t.Spans {
		if int64(s.First) >= p.Cycles {
			break
		}
		last := min(int64(s.Last), p.Cycles-1)
		beats += last - int64(s.First) + 1
		lines = append(lines, fmt.Sprintf("%012x%012x", int64(s.First), last))
		ranges = append(ranges, fmt.Sprintf("%d-%d", int64(s.First), last))
	}
	p.Ends = append(p.Ends, End{e.Name, end, beats, e.Stream.Frame()})
	b.trace = append(b.trace, fmt.Sprintf("%s,%s,%s", e.Name, end, strings.Join(ranges, ";")))
	if beats == 0 {
		lines = []string{strings.Repeat("f", 24)}
	}
	file := fmt.Sprintf("tb/trace/%d.mem", number)
	p.add(file, lines)
	done := fmt.Sprintf("probe_%d_done", number)
	b.done = append(b.done, done)
	fmt.Fprintf(&b.body, "    wire %s;\n    convsim_probe #(.NUMBER(%d), .BEATS(%d), .SPANS(%d), .FILE(\"../%s\")) probe_%d ( // %s %s\n", done, number,
		beats, len(lines), file, number, e.Name, end)
	fmt.Fprintf(&b.body, "        .aclk(aclk), .running(running), .report(report), .cycle(cycle),\n        .moves(dut.%s_valid && dut.%s_ready), .done(%s)\n    );\n",
		signal, signal, done)
}

// text is the top of the testbench.
func (b *benchText) text() string {
	p := b.project
	p.add("tb/trace.csv", append([]string{"edge,end,cycles"}, b.trace...))
	return fmt.Sprintf(`// Holds %s to convsim: every handshake at both ends of every edge, and every
// output. Verilator's clock comes from main.cpp.
`+"`ifdef VERILATOR"+`
module %s_tb (
    input wire aclk
);
`+"`else"+`
module %s_tb;
    logic aclk = 1'b0;
    always #1 aclk = ~aclk;
`+"`endif"+`
    logic aresetn = 1'b0;
    logic running = 1'b0;
    logic report = 1'b0;
    logic over = 1'b0;
    logic [3:0] reset = 4'd0;
    logic [47:0] cycle = 48'd0;
    wire done;

    // Cycle 0 is the first one out of reset. When something is missing after the
    // last cycle of the run, the simulation goes on for some.
    always @(posedge aclk) begin
        if (reset != 4'd3) begin
            reset <= reset + 4'd1;
        end else begin
            aresetn <= 1'b1;
            running <= 1'b1;
            if (running) cycle <= cycle + 48'd1;
            report <= running && !report && !over && ((cycle == 48'd%d && done) || cycle == 48'd%d);
            if (report) over <= 1'b1;
            if (over) $finish;
        end
    end

`+"`ifndef VERILATOR"+`
    initial if ($test$plusargs("wave")) begin
        $dumpfile("../build/wave.vcd");
        $dumpvars(0, %s_tb);
    end
`+"`endif"+`

%s
    assign done = &{%s};
endmodule
`, p.Name, p.Name, p.Name, p.Cycles, p.limit(), p.Name, b.body.String(), strings.Join(b.done, ", "))
}
