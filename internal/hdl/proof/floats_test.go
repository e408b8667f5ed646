package proof_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// pool draws pooling of floats: the greatest, the sum or the mean of windows, or of frames.
func pool(r *rand.Rand) proof.Design {
	for {
		l := randomLayer(r)
		l.Groups, l.OutChannels, l.PaddingMode = l.InChannels, l.InChannels, conv.Zeros
		shape, err := l.Resolve(1, 1+r.IntN(7), 1+r.IntN(7))
		if err != nil {
			continue
		}
		f := sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1 + r.IntN(3)}, sched.Style(r.IntN(2)))
		c := mapping.Conv{Fold: f, Elem: tensor.Float32, Overlap: r.IntN(2) == 0}
		reduce := pe.Reduce{Fold: f, Elem: tensor.Float32, How: pe.Reduction(r.IntN(3)), Divisor: r.IntN(4) - 1}
		var list []pipeline.Block
		for _, b := range c.Blocks() {
			if _, array := b.(pe.Array); !array {
				list = append(list, b)
			}
		}
		list = append(list, reduce)
		if r.IntN(3) == 0 {
			list = []pipeline.Block{pe.ReduceFrame{In: f.Image(c.Elem), How: reduce.How}}
		}
		_, out := list[len(list)-1].Streams()
		p := &pipeline.Plan{}
		end := mapping.Chain(p, "", mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: f.Image(c.Elem), Pattern: randomPattern(r)}), list...)
		mapping.Chain(p, "", end, wiring.Sink{Stream: out[0], Pattern: randomPattern(r)})
		for i := range p.Edges {
			p.Edges[i].Depth, p.Edges[i].Latency = r.IntN(3), 1
		}
		frames := 1 + r.IntN(3)
		d := proof.Design{Name: "pool", Plan: p, Frames: frames, Constants: make([]flow.Constants, len(p.Nodes))}
		d.Constants[0] = flow.Constants{"images": randomTensor(r, c.Elem, frames, shape.InChannels, shape.InHeight, shape.InWidth)}
		return d
	}
}

// TestFloatPools simulates pooling of floats.
func TestFloatPools(t *testing.T) {
	s := simulator(t, proof.Icarus)
	for seed := range uint64(designs(t, 12)) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			d := pool(rand.New(rand.NewPCG(seed, 15)))
			if _, err := proof.New(t.Context(), d); err != nil {
				t.Skip(err)
			}
			check(t, d, s)
		})
	}
}

// floatLayer draws a convolution of floats; small says that Icarus does not take long,
// as it does for chains of sums.
func floatLayer(r *rand.Rand) (d proof.Design, small bool) {
	const lanes, work = 12, 6000
	d = randomDesignWith(r, func(_ *rand.Rand, c *mapping.Conv) {
		n := c.Fold.MultipliersBuilt()
		small = n <= lanes && n*c.Fold.ComputeCycles() <= work
		c.Elem, c.Weight, c.Sum, c.Zero = tensor.Float32, tensor.Float32, tensor.Float32, 0
		c.Accumulator, c.WeightZero, c.Requantize = conv.Accumulator{Bits: 32}, false, nil
	})
	return d, small
}

// TestFloatLayers simulates convolutions of floats.
func TestFloatLayers(t *testing.T) {
	s := simulator(t, proof.Icarus)
	done, wanted := 0, designs(t, 6)
	for seed := uint64(0); done < wanted; seed++ {
		d, small := floatLayer(rand.New(rand.NewPCG(seed, 16)))
		if !small {
			continue
		}
		done++
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			check(t, d, s)
		})
	}
}
