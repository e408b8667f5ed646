package blocktest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/hdltools"
	"github.com/convsim/convsim/pipeline/clock"
)

// project is the hardware of a machine, or nil where it has none or does not run.
func (m machine) project(t *testing.T, seed uint64) *proof.Project {
	t.Helper()
	o := m.operands(rand.New(rand.NewPCG(13, seed)))
	p, err := proof.New(t.Context(), proof.Design{Name: "machine", Plan: m.Plan, Constants: o.constants, Frames: int(m.frames)})
	var dead *clock.Deadlock
	var refused *hdl.Refused
	if errors.As(err, &dead) || errors.As(err, &refused) {
		return nil
	}
	if err != nil {
		t.Fatalf("%s: %v", m.name, err)
	}
	return p
}

// emitted holds the hardware of a machine to the planes, and reports whether it has
// any and runs.
func (m machine) emitted(t *testing.T, seed uint64, s proof.Simulator) bool {
	t.Helper()
	p := m.project(t, seed)
	if p == nil {
		return false
	}
	r, err := p.Check(t.Context(), s)
	if err != nil {
		t.Fatalf("%s: %v", m.name, err)
	}
	if !r.Equal {
		var b strings.Builder
		if err := r.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s: %s%+v", m.name, &b, m.Plan)
	}
	return true
}

func icarus(t *testing.T) proof.Simulator {
	t.Helper()
	s, err := proof.Icarus.Choose(0)
	if err != nil {
		t.Skip(err)
	}
	return s
}

// TestBlocksAsHardware simulates the hardware of machines of every kind of block.
func TestBlocksAsHardware(t *testing.T) {
	s := icarus(t)
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			done, of := 0, Designs(t, 4)
			for seed := range of {
				if k.machine(7, seed).emitted(t, seed, s) {
					done++
				}
			}
			if (done == 0) != k.Unbuilt {
				t.Errorf("%d of %d were simulated; without hardware: %v", done, of, k.Unbuilt)
			}
			t.Logf("simulated %d of %d", done, of)
		})
	}
}

// TestBlocksLinted: linters have nothing to say about machines of every kind of block,
// and Yosys reads them.
func TestBlocksLinted(t *testing.T) {
	if os.Getenv("CONVSIM_DESIGNS") == "" {
		t.Skip("a minute of linting: set CONVSIM_DESIGNS, or make test-rtl")
	}
	const of, top = 3, "machine"
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			for seed := range uint64(of) {
				m := k.machine(8, seed)
				p := m.project(t, seed)
				if p == nil {
					continue
				}
				dir := t.TempDir()
				if err := p.Write(dir); err != nil {
					t.Fatal(err)
				}
				hdltools.Lint(t, filepath.Join(dir, "rtl"), top)
				hdltools.Yosys(t, filepath.Join(dir, "rtl"), top, "")
			}
		})
	}
}

// machine draws one of the kind.
func (k Kind) machine(stream, seed uint64) machine {
	r := rand.New(rand.NewPCG(stream, seed))
	return machine{Alone(r, k.Draw(r)), int64(between(r, 1, 4)), fmt.Sprint(k.Name, " ", seed)}
}

// TestNetworksAsHardware does so with random networks.
func TestNetworksAsHardware(t *testing.T) {
	s := icarus(t)
	done := 0
	for seed := range Designs(t, 6) {
		if network(seed).emitted(t, seed, s) {
			done++
		}
	}
	if done == 0 {
		t.Error("no network was simulated")
	}
	t.Logf("simulated %d", done)
}
