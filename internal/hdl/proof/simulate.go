package proof

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/convsim/convsim/internal/tool"
)

// Simulator is a program that simulates SystemVerilog.
type Simulator string

// The simulators.
const (
	Auto      Simulator = "auto" // whichever is there; Icarus for small designs
	Icarus    Simulator = "icarus"
	Verilator Simulator = "verilator"
)

// Missing says that no simulator is there.
type Missing struct{ Wanted Simulator }

func (m *Missing) Error() string {
	install := map[Simulator]string{Icarus: "iverilog", Verilator: "verilator g++ make"}[m.Wanted]
	if install == "" {
		return "no simulator is installed; on Debian: apt-get install --no-install-recommends iverilog, or verilator g++ make"
	}
	return fmt.Sprintf("%s is not installed; on Debian: apt-get install --no-install-recommends %s", m.Wanted, install)
}

// smallWork is up to how many cycles times edges and hexadecimal digits of memory
// words Icarus is the
// quicker one, since it builds at once.
const smallWork = 4e6

// Choose finds the simulator to be used.
func (s Simulator) Choose(work float64) (Simulator, error) {
	here := func(programs ...string) bool {
		for _, p := range programs {
			if _, err := exec.LookPath(p); err != nil {
				return false
			}
		}
		return true
	}
	icarus, verilator := here("iverilog", "vvp"), here("verilator", "g++", "make")
	switch {
	case s == Icarus && icarus, s == Auto && icarus && (work < smallWork || !verilator):
		return Icarus, nil
	case s == Verilator && verilator, s == Auto && verilator:
		return Verilator, nil
	}
	return "", &Missing{s}
}

// floatWork is how much longer Icarus takes for units of floats.
const floatWork = 40

// work is how much there is to simulate.
func (p *Project) work() float64 {
	size := 0
	for path, data := range p.Files {
		if strings.HasSuffix(path, ".mem") && strings.HasPrefix(path, "rtl/") {
			if line := bytes.IndexByte(data, '\n'); line > 0 {
				size += line
			}
		}
	}
	if p.floats() {
		size *= floatWork
	}
	return float64(p.Cycles) * float64(len(p.Ends)+size)
}

// floats reports whether arrays compute with floats.
func (p *Project) floats() bool {
	for path, data := range p.Files {
		if strings.HasPrefix(path, "rtl/") && bytes.Contains(data, []byte(".FLOAT(1)")) {
			return true
		}
	}
	return false
}

// simulate runs the project in a folder of its own and returns what was printed.
func (p *Project) simulate(ctx context.Context, s Simulator, tell func(string)) (string, error) {
	dir, err := tool.Folder("rtl")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := p.Write(dir); err != nil {
		return "", err
	}
	rtl := filepath.Join(dir, "rtl")
	if err := os.Mkdir(filepath.Join(dir, "build"), 0o777); err != nil {
		return "", err
	}
	sources := append(strings.Fields(p.modules()), "../tb/"+p.Name+"_tb.sv", "../tb/convsim_source.sv", "../tb/convsim_sink.sv", "../tb/convsim_probe.sv")
	tell(fmt.Sprintf("%s builds %d modules", s, len(strings.Fields(p.modules()))))
	simulates := fmt.Sprintf("%s simulates %d cycles", s, p.Cycles)
	if s == Icarus {
		args := append([]string{"-g2012", "-s", p.Name + "_tb", "-o", "../build/sim.vvp"}, sources...)
		if _, err := tool.Run(ctx, rtl, "iverilog", args...); err != nil {
			return "", err
		}
		tell(simulates)
		return tool.Run(ctx, rtl, "vvp", "-n", "../build/sim.vvp")
	}
	args := append([]string{"--cc", "--exe", "--build", "-O3", "-Wno-fatal", "-CFLAGS", "-O1", "--prefix", "Vtb", "--Mdir", "../build/verilator",
		"--top-module", p.Name + "_tb"}, append(sources, "../tb/main.cpp")...)
	if _, err := tool.Run(ctx, rtl, "verilator", args...); err != nil {
		return "", err
	}
	tell(simulates)
	return tool.Run(ctx, rtl, "../build/verilator/Vtb")
}
