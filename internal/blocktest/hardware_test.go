package blocktest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/convsim/convsim/hdl"
	"github.com/convsim/convsim/hdl/proof"
	"github.com/convsim/convsim/pipeline/clock"
)

// emitted holds the hardware of a machine to the planes, and reports whether it has
// any and runs.
func (m machine) emitted(t *testing.T, seed uint64, s proof.Simulator) bool {
	t.Helper()
	o := m.operands(rand.New(rand.NewPCG(13, seed)))
	p, err := proof.New(t.Context(), proof.Design{Name: "machine", Plan: m.Plan, Constants: o.constants, Frames: int(m.frames)})
	var dead *clock.Deadlock
	var refused *hdl.Refused
	if errors.As(err, &dead) || errors.As(err, &refused) {
		return false
	}
	if err != nil {
		t.Fatalf("%s: %v", m.name, err)
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
	done := map[string]int{}
	tried := uint64(0)
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			for seed := range designs(t, 4) {
				r := rand.New(rand.NewPCG(7, seed))
				m := machine{Alone(r, k.Draw(r)), int64(between(r, 1, 4)), fmt.Sprint(k.Name, " ", seed)}
				tried++
				if m.emitted(t, seed, s) {
					done[k.Name]++
				}
			}
		})
	}
	for _, k := range Kinds {
		if (done[k.Name] == 0) != k.Unbuilt {
			t.Errorf("%d of %s were simulated, of %d in all; unbuilt: %v", done[k.Name], k.Name, tried, k.Unbuilt)
		}
	}
	t.Logf("simulated %v of %d", done, tried)
}

// TestNetworksAsHardware does so with random networks.
func TestNetworksAsHardware(t *testing.T) {
	s := icarus(t)
	done := 0
	for seed := range designs(t, 6) {
		if network(seed).emitted(t, seed, s) {
			done++
		}
	}
	if done == 0 {
		t.Error("no network was simulated")
	}
	t.Logf("simulated %d", done)
}
