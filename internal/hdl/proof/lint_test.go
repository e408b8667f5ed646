package proof_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/hdltools"
	"github.com/convsim/convsim/pipeline"
)

// random writes a random design and returns the folder of its hardware; wires says
// that it has no FIFO at all.
func random(t *testing.T, seed uint64, wires bool) string {
	t.Helper()
	d := randomDesign(rand.New(rand.NewPCG(seed, 15)))
	if wires {
		p := &pipeline.Plan{Nodes: d.Plan.Nodes, Edges: append([]pipeline.Edge(nil), d.Plan.Edges...)}
		for i := range p.Edges {
			p.Edges[i].Depth = 0
		}
		d.Plan = p
	}
	return written(t, d)
}

// written writes a design and returns the folder of its hardware.
func written(t *testing.T, d proof.Design) string {
	t.Helper()
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

// TestLint: linters have nothing to say about emitted hardware, with all warnings and
// without a waiver, and Yosys reads it.
func TestLint(t *testing.T) {
	n := 12
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		n = 50
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			dir := random(t, uint64(seed), false)
			hdltools.Lint(t, dir, "random")
			hdltools.Yosys(t, dir, "random", "")
		})
	}
	for seed := range uint64(n / 6) {
		t.Run(fmt.Sprint("floats ", seed), func(t *testing.T) {
			t.Parallel()
			layer, _ := floatLayer(rand.New(rand.NewPCG(seed, 17)))
			hdltools.Lint(t, written(t, layer), "random")
			d := pool(rand.New(rand.NewPCG(seed, 17)))
			if _, err := proof.New(t.Context(), d); err != nil {
				return // a window that sees nothing of the image
			}
			hdltools.Lint(t, written(t, d), "pool")
		})
	}
}

// TestNoPathFromReadyToReady: where padding, a serial window or an array stands
// between the ports, no path without a register leads from m_axis_tready to
// s_axis_tready, even if no edge has a FIFO. Nor does one to m_axis_tvalid: valid never
// waits for ready.
func TestNoPathFromReadyToReady(t *testing.T) {
	n := uint64(4)
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		n = 30
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			hdltools.Yosys(t, random(t, seed, true), "random", "flatten; check -assert; "+
				"select -set cone w:s_axis_tready %ci*:-$dff,$memrd,$memrd_v2; select -assert-none @cone w:m_axis_tready %i; "+
				"select -set offer w:m_axis_tvalid %ci*:-$dff,$memrd,$memrd_v2; select -assert-none @offer w:m_axis_tready %i")
		})
	}
}
