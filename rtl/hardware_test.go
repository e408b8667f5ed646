package rtl

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/hdl/proof"
	"github.com/convsim/convsim/mapping"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// TestLayersAsEmitted emits the measured layers as hardware and simulates them: the
// time plane has every column of the table (TestTables), and the hardware every
// handshake of the time plane.
func TestLayersAsEmitted(t *testing.T) {
	s, err := proof.Icarus.Choose(0)
	var missing *proof.Missing
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	table, err := Open("../testdata/finn/layer_cycles.csv")
	if err != nil {
		t.Fatal(err)
	}
	every := 9 // rows; all of them take minutes
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		every = 1
	}
	for i := 0; i < table.Len(); i += every {
		r := table.row(i)
		t.Run(strings.Join(r.cells[:13], ","), func(t *testing.T) {
			t.Parallel()
			emitted(t, r, s)
		})
	}
}

func emitted(t *testing.T, r *row, s proof.Simulator) {
	f, err := layerFold(r)
	if err != nil {
		t.Fatal(err)
	}
	c := mapping.Conv{Fold: f, Elem: tensor.Int8, Weight: tensor.Int8, Sum: tensor.Int32, ArrayLatency: measuredLatency,
		Accumulator: conv.Accumulator{Bits: conv.MaxAccumulatorBits}}
	p, err := chained(r.text("mode"), []layerOf{{blocks: c.Blocks()}})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 13))
	constants := make([]flow.Constants, len(p.Nodes))
	constants[0] = flow.Constants{"images": bytesOf(random, layerFrames, f.Shape.InChannels, f.Shape.InHeight, f.Shape.InWidth)}
	constants[len(p.Nodes)-2] = flow.Constants{"weight": bytesOf(random, f.Shape.WeightShape()...)}
	project, err := proof.New(context.Background(), proof.Design{Name: "layer", Plan: p, Constants: constants, Frames: layerFrames})
	if err != nil {
		t.Fatal(err)
	}
	result, err := project.Check(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	if !result.Equal {
		var b strings.Builder
		if err := result.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		t.Error(b.String())
	}
}

// bytesOf is a tensor of random bytes.
func bytesOf(r *rand.Rand, shape ...int) *tensor.Tensor {
	x, err := tensor.New(tensor.Int8, shape...)
	if err != nil {
		panic(err)
	}
	for i := range x.Data.([]int8) {
		x.Data.([]int8)[i] = int8(r.Uint32())
	}
	return x
}
