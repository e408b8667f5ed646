package proof

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pe"
)

// about adds the texts that go with the hardware.
func (p *Project) about(d Design) {
	for path, data := range d.Files {
		p.Files[path] = data
	}
	p.add("files.f", p.hardware())
	p.Files["Makefile"] = []byte(p.makefile())
	p.Files["README.md"] = []byte(p.readme(d))
}

// hardware lists the files of the hardware.
func (p *Project) hardware() []string {
	var list []string
	for _, path := range p.paths() {
		if strings.HasPrefix(path, "rtl/") && strings.HasSuffix(path, ".sv") {
			list = append(list, path)
		}
	}
	return list
}

// modules are the files of the hardware as seen from rtl/.
func (p *Project) modules() string {
	var list []string
	for _, path := range p.hardware() {
		list = append(list, strings.TrimPrefix(path, "rtl/"))
	}
	return strings.Join(list, " ")
}

// makefile has the targets by which the folder is used without convsim.
func (p *Project) makefile() string {
	return strings.NewReplacer("NAME", p.Name, "MODULES", p.modules()).Replace(`# lint, sim (Verilator), sim-icarus, wave (build/wave.vcd), synth (Yosys). All run in rtl/, where the memories are.
SOURCES := MODULES
BENCH   := ../tb/NAME_tb.sv ../tb/convsim_source.sv ../tb/convsim_sink.sv ../tb/convsim_probe.sv
FAMILY  ?= xcup

.PHONY: lint sim sim-icarus wave synth clean

lint:
	cd rtl && verilator --lint-only -Wall --top-module NAME $(SOURCES)

sim:
	mkdir -p build
	cd rtl && verilator --cc --exe --build -O3 --prefix Vtb --Mdir ../build/verilator --top-module NAME_tb $(SOURCES) $(BENCH) ../tb/main.cpp
	cd rtl && ../build/verilator/Vtb | tee ../build/result.txt
	@! grep -E ' (differs|lacks|last) ' build/result.txt

sim-icarus:
	mkdir -p build
	cd rtl && iverilog -g2012 -s NAME_tb -o ../build/NAME.vvp $(SOURCES) $(BENCH)
	cd rtl && vvp -n ../build/NAME.vvp | tee ../build/result.txt
	@! grep -E ' (differs|lacks|last) ' build/result.txt

wave: sim-icarus
	cd rtl && vvp -n ../build/NAME.vvp +wave > ../build/result.txt

synth:
	cd rtl && yosys -q -p "read_verilog -sv -defer $(SOURCES); synth_xilinx -family $(FAMILY) -top NAME; tee -o ../synth.txt stat"

clean:
	rm -rf build synth.txt
`)
}

// readme says what the folder is.
func (p *Project) readme(d Design) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nHardware that convsim made of a design it simulated, and the proof that both do the same.\n\n", p.Name)
	fmt.Fprintf(&b, "- `rtl/%s.sv` is the top, `rtl/convsim_*.sv` a library of static modules, `rtl/*.mem` what its memories hold.\n", p.Name)
	b.WriteString("- `make sim` (Verilator) or `make sim-icarus` simulate it: every handshake at both ends of every edge is held to\n" +
		"  the cycle in which convsim has it (`tb/trace.csv`), and every output to its values.\n" +
		"- `make wave` simulates with Icarus and leaves every signal in `build/wave.vcd`; `convsim run --wave` writes the same\n" +
		"  handshakes.\n- `make lint` and `make synth` run Verilator and Yosys.\n\n")
	b.WriteString("## What to expect\n\n")
	fmt.Fprintf(&b, "- Frames: %d; cycles: %d", d.Frames, p.Cycles)
	if d.ClockMHz > 0 {
		fmt.Fprintf(&b, ", %.1f us at the %g MHz the design was meant for", float64(p.Cycles)/d.ClockMHz, d.ClockMHz)
	}
	fmt.Fprintf(&b, ".\n- %d edges; cycle 0 is the first one out of reset.\n", len(p.Circuit.Edges))
	b.WriteString(costs(d))
	b.WriteString("\n## Ports\n\n| port | bits of tdata | beats of a frame | element order |\n" +
		"| --- | ---: | ---: | --- |\n")
	for i, port := range p.Circuit.Inputs {
		s := d.Plan.Edges[port.Edge].Stream
		what := "rows, pixels, channels"
		if weights(d, port) {
			what = fmt.Sprintf("weights as they are used, as in `tb/source_%d.mem`: groups, passes, taps, channels; of a beat outputs, then channels", i)
		}
		fmt.Fprintf(&b, "| `%s` (in) | %d | %d | %s; %d x %s a beat, the first in the lowest bits |\n", port.Name, 8*port.Bytes(), s.Frame(), what, s.Lanes, s.Elem)
	}
	for _, port := range p.Circuit.Outputs {
		s := d.Plan.Edges[port.Edge].Stream
		fmt.Fprintf(&b, "| `%s` (out, `tlast` with the last beat of a frame) | %d | %d | the same; %d x %s |\n", port.Name, 8*port.Bytes(), s.Frame(), s.Lanes, s.Elem)
	}
	for _, port := range slices.Concat(p.Circuit.Inputs, p.Circuit.Outputs) {
		if !weights(d, port) {
			b.WriteString(order(port, d.Plan.Edges[port.Edge].Stream.Lanes))
		}
	}
	b.WriteString(conventions)
	return b.String()
}

// weights reports whether weights come by a port.
func weights(d Design, p hdl.Port) bool {
	_, is := d.Plan.Nodes[d.Plan.Edges[p.Edge].From.Node].Block.(pe.Weights)
	return is
}

// order says which channels a port's lanes carry where that is not one after the other.
func order(p hdl.Port, lanes int) string {
	if p.Channels == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nChannels of a pixel at `%s`, beat by beat from the lowest lane up (- is a lane without work):\n", p.Name)
	for i, c := range p.Channels {
		if i%lanes == 0 {
			fmt.Fprintf(&b, "\n    %d:", i/lanes)
		}
		if c < 0 {
			b.WriteString(" -")
		} else {
			fmt.Fprintf(&b, " %d", c)
		}
	}
	b.WriteString("\n")
	return b.String()
}

// costs is a table of what the design is estimated to take on its board.
func costs(d Design) string {
	if d.DSP == "" {
		return ""
	}
	report, gaps := resources.Price(d.Plan, resources.Device{DSP: d.DSP, ClockMHz: d.ClockMHz}).Partly()
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Estimated resources, with slices of kind %s\n\n| stage | LUT | FF | DSP | BRAM18 |\n| --- | ---: | ---: | ---: | ---: |\n", d.DSP)
	line := func(name string, a resources.Amount) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", name, a.LUT, a.FF, a.DSP, a.BRAM18)
	}
	for _, r := range report.Rows {
		line(r.Stage, r.Amount)
	}
	line("total", report.Total)
	for _, g := range gaps {
		fmt.Fprintf(&b, "\nNot estimated: %s.\n", g.Why)
	}
	b.WriteString("\n`make synth` says what Yosys makes of it.\n")
	return b.String()
}

const conventions = `
## Conventions

- Clock ` + "`aclk`" + `; reset ` + "`aresetn`" + `, synchronous, active low, for at least two cycles.
- AXI4-Stream: valid never waits for ready, data stay until they are taken, ` + "`tdata`" + ` is whole bytes.
- Padding, serial windows and arrays answer from registers, so that no path without a register leads from
  ` + "`m_axis_tready`" + ` to ` + "`s_axis_tready`" + ` through them, even where all FIFOs are wires.
- A port that convsim shares among several ends (its ` + "`dram`" + `) is outside: the testbench lets every stream move in
  the cycles in which that port did.
- Names of memory files are string parameters of the top. Vivado finds the ports by their X_INTERFACE attributes:
  add ` + "`rtl/`" + ` to a project and package it.

## What it is not

The cycles are those of the design; whether a clock is met is for place and route to say, which was not run. Arrays and
requantisers have as many registers as their latencies say (` + "`array.latency`, `requantize.latency`" + `): a requantiser of one
cycle rounds a float32 product exactly within it.
`

// manifest is what the folder holds.
type manifest struct {
	Kind    string            `json:"kind"`   // always projectKind
	Format  int               `json:"format"` // of the folder
	Name    string            `json:"name"`
	Cycles  int64             `json:"cycles"`
	Edges   int               `json:"edges"`
	Hashes  map[string]string `json:"sha256"`
	Ends    []End             `json:"ends"`
	Outputs []Output          `json:"outputs"`
}

// projectKind tells the manifest of a project from others.
const projectKind = "convsim rtl"

// manifestFile is in every folder of a project.
const manifestFile = "manifest.json"

// manifest adds the list of all files with their hashes.
func (p *Project) manifest() {
	m := manifest{Kind: projectKind, Format: 1, Name: p.Name, Cycles: p.Cycles, Edges: len(p.Circuit.Edges), Hashes: map[string]string{},
		Ends: p.Ends, Outputs: p.Outputs}
	for path, data := range p.Files {
		m.Hashes[path] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err)
	}
	p.Files[manifestFile] = append(text, '\n')
}

// paths are the files of a project in order.
func (p *Project) paths() []string { return slices.Sorted(maps.Keys(p.Files)) }
