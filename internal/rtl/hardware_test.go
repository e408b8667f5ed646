package rtl

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// emittedTables are those whose machines are emitted: of every so many rows in the
// usual run, and in a longer one (CONVSIM_DESIGNS); all of them where thousands are
// asked for. Windows alone are not: what leaves them is no image.
var emittedTables = []struct {
	name         string
	short, usual int
}{
	{"layer_cycles", 9, 1},
	{"chain_cycles", 48, 12},
	{"mvu_cycles", 90, 10},
	{"mvu48_cycles", 400, 40},
	{"dwc_cycles", 140, 10},
	{"fifo_cycles", 12, 1},
	{"threshold_cycles", 90, 10},
	{"requant_cycles", 8, 1},
	{"network_chain_cycles", 80, 16},
	{"residual_cycles", 300, 60},
}

// TestTablesAsEmitted emits the machines that FINN's RTL was measured with, and
// simulates them: the time plane has every column of the tables (TestTables), and the
// hardware every handshake of the time plane.
func TestTablesAsEmitted(t *testing.T) {
	s, err := proof.Icarus.Choose(0)
	var missing *proof.Missing
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	designs, _ := strconv.Atoi(os.Getenv("CONVSIM_DESIGNS"))
	for _, e := range emittedTables {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			table, err := Open("../../testdata/finn/" + e.name + ".csv")
			if err != nil {
				t.Fatal(err)
			}
			every := e.short
			switch {
			case designs >= 10000:
				every = 1
			case designs > 0:
				every = e.usual
			}
			done := 0
			for i := every / 2; i < table.Len(); i += every {
				if emitted(t, table.row(i), table.Kind, s) {
					done++
				}
			}
			t.Logf("%d of %d rows simulated", done, table.Len())
			if done == 0 {
				t.Error("no row is hardware")
			}
		})
	}
}

// emitted holds the hardware of a row's machine to the time plane. It reports false of
// machines that stop for ever, or with a word that is not complete, and of cores that
// freeze, which are FINN's older ones.
func emitted(t *testing.T, r *row, k *Kind, s proof.Simulator) bool {
	t.Helper()
	id := strings.Join(r.cells[:min(14, len(r.cells))], ",")
	if _, err := k.run(r); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	p := r.simulated
	if r.text("status") == stopped || p.Drain && p.Check() != nil {
		return false
	}
	d := proof.Design{Name: "measured", Plan: p.Plan, Constants: operands(p), Frames: int(p.Frames)}
	project, err := proof.New(context.Background(), d)
	var refused *hdl.Refused
	if errors.As(err, &refused) && strings.Contains(refused.Why, "stop as a whole") {
		return false
	}
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	result, err := project.Check(context.Background(), s)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if !result.Equal {
		var b strings.Builder
		if err := result.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s: %s", id, &b)
	}
	return true
}

// operands makes up images and weights.
func operands(p *simulated) []flow.Constants {
	r := rand.New(rand.NewPCG(1, 13))
	constants := make([]flow.Constants, len(p.Nodes))
	for i, n := range p.Nodes {
		switch b := n.Block.(type) {
		case wiring.Source:
			s := b.Stream
			constants[i] = flow.Constants{"images": drawn(r, s.Elem, int(p.Frames), channelsOf(s), int(s.Rows), int(s.Pixels))}
		case pe.Array:
			constants[i] = flow.Constants{"weight": drawn(r, tensor.Int8, b.Fold.Shape.WeightShape()...)}
		}
	}
	return constants
}

// channelsOf is how many a pixel of a stream has.
func channelsOf(s sched.Stream) int { return int(s.Elements() / (s.Rows * s.Pixels)) }

// drawn is a tensor of random numbers of a byte, whatever holds them.
func drawn(r *rand.Rand, elem tensor.DType, shape ...int) *tensor.Tensor {
	x, err := tensor.New(elem, shape...)
	if err != nil {
		panic(err)
	}
	for i := range x.Len() {
		v := int8(r.Uint32())
		switch data := x.Data.(type) {
		case []int8:
			data[i] = v
		case []int32:
			data[i] = int32(v)
		}
	}
	return x
}
