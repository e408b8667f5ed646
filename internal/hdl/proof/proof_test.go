package proof_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/hdl/proof"
)

// designs is how many random designs a test draws.
func designs(t *testing.T, usual int) int {
	if n, err := strconv.Atoi(os.Getenv("CONVSIM_DESIGNS")); err == nil {
		return n
	}
	return usual
}

// simulator skips the test where there is none.
func simulator(t *testing.T, s proof.Simulator) proof.Simulator {
	t.Helper()
	s, err := s.Choose(0)
	var missing *proof.Missing
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	return s
}

// check simulates a design and fails unless all is equal.
func check(t *testing.T, d proof.Design, s proof.Simulator) *proof.Project {
	t.Helper()
	p, err := proof.New(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Check(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Equal {
		var b strings.Builder
		if err := r.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("CONVSIM_KEEP"); dir != "" {
			t.Log(p.Write(dir))
		}
		t.Errorf("%+v\n%s", d.Plan, &b)
	}
	return p
}

// TestWithoutSimulator says what to install.
func TestWithoutSimulator(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for s, want := range map[proof.Simulator]string{proof.Auto: "iverilog, or verilator g++ make", proof.Icarus: "recommends iverilog",
		proof.Verilator: "recommends verilator g++ make"} {
		if _, err := s.Choose(0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", s, err, want)
		}
	}
}

// TestSameBytes: a folder depends on the design alone.
func TestSameBytes(t *testing.T) {
	make := func() *proof.Project {
		p, err := proof.New(context.Background(), randomDesign(rand.New(rand.NewPCG(3, 13))))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	a, b := make(), make()
	if len(a.Files) == 0 || !reflect.DeepEqual(a.Files, b.Files) {
		t.Errorf("%d and %d files, or others", len(a.Files), len(b.Files))
	}
}

// TestAbout: what the folder says of itself is there.
func TestAbout(t *testing.T) {
	p, err := proof.New(context.Background(), randomDesign(rand.New(rand.NewPCG(3, 13))))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile("`[a-z_*/]+\\.(sv|mem|csv)`").FindAllString(string(p.Files["README.md"]), -1) {
		found := false
		for file := range p.Files {
			if ok, err := path.Match(strings.Trim(name, "`"), file); err == nil && ok {
				found = true
			}
		}
		if !found {
			t.Errorf("README.md names %s, which is not in the folder", name)
		}
	}
}

// TestRandomDesigns simulates random designs in Icarus: every handshake at both
// ends of every edge and every output must be convsim's.
func TestRandomDesigns(t *testing.T) {
	s := simulator(t, proof.Icarus)
	first := uint64(0)
	if n, err := strconv.ParseUint(os.Getenv("CONVSIM_FIRST"), 10, 64); err == nil {
		first = n
	}
	for seed := first; seed < first+uint64(designs(t, 40)); seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			check(t, randomDesign(rand.New(rand.NewPCG(seed, 13))), s)
		})
	}
}
