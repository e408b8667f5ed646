package proof_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/hdl/proof"
	"github.com/convsim/convsim/pipeline"
)

// written writes a random design and returns the folder of its hardware; wires says
// that it has no FIFO at all.
func written(t *testing.T, seed uint64, wires bool) string {
	t.Helper()
	d := randomDesign(rand.New(rand.NewPCG(seed, 15)))
	if wires {
		p := &pipeline.Plan{Nodes: d.Plan.Nodes, Edges: append([]pipeline.Edge(nil), d.Plan.Edges...)}
		for i := range p.Edges {
			p.Edges[i].Depth = 0
		}
		d.Plan = p
	}
	p, err := proof.New(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := p.Write(dir); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "rtl")
}

// program runs a program on all modules of a folder, or skips the test.
func program(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
	c := exec.Command(name, args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

func modules(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.sv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v of %s", err, dir)
	}
	return files
}

// TestLint: Verilator has nothing to say about emitted hardware, with all warnings
// and without a waiver.
func TestLint(t *testing.T) {
	n := 12
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		n = 50
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			dir := written(t, uint64(seed), false)
			program(t, dir, "verilator", append([]string{"--lint-only", "-Wall", "--top-module", "random"}, modules(t, dir)...)...)
			for _, m := range modules(t, dir) {
				if text, err := os.ReadFile(m); err != nil || strings.Contains(string(text), "lint_off") {
					t.Errorf("%s: %v, or it has a waiver", m, err)
				}
			}
		})
	}
}

// TestNoPathFromReadyToReady: where padding, a serial window or an array stands
// between the ports, no path without a register leads from m_axis_tready to
// s_axis_tready, even if no edge has a FIFO. Yosys also finds loops without one.
func TestNoPathFromReadyToReady(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			dir := written(t, seed, true)
			script := "read_verilog -sv -defer *.sv; hierarchy -check -top random; proc; flatten; check -assert; " +
				"select -set cone w:s_axis_tready %ci*:-$dff,$memrd,$memrd_v2; select -assert-none @cone w:m_axis_tready %i"
			program(t, dir, "yosys", "-q", "-p", script)
		})
	}
}
