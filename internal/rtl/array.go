package rtl

import (
	"fmt"
	"strings"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// measuredLatency is of the arrays of all tables without a column for the core:
// FINN's DSP58 core for 8-bit operands, which is as deep for any SIMD.
var measuredLatency = resources.DSP58.ArrayLatency(1)

// arrayVectors is how many input vectors an array is measured with.
const arrayVectors = 8

func runArray(r *row) (map[string]string, error) {
	sf, nf := int64(r.size("sf")), int64(r.size("nf"))
	latency, style := core(r)
	if r.err != nil {
		return nil, r.err
	}
	vectors := int64(arrayVectors)
	if r.text("unit") == "vvu" {
		vectors, nf = vectors*nf, 1
	}
	b, err := run(r, 1, layerOf{blocks: []pipeline.Block{vectorArray(sf, nf, vectors, latency, style)}})
	if err != nil {
		return nil, err
	}
	c := columns{}
	c.ends(b)
	out := b.out().Out
	c.cycle("first_out", b.output()[0].First)
	c.cycle("last_out", b.output()[0].Last)
	c.cycle("last_in", b.input()[0].Last)
	c.cycle("steady_vector_interval", out.Nth(vectors*nf-1)-out.Nth(vectors*nf-1-int64(r.size("nf"))))
	return c, nil
}

// vectorArray is an array alone: vectors of sf beats, read nf times. As a layer
// that is a pointwise convolution over a row of pixels.
func vectorArray(sf, nf, vectors int64, latency int, style pe.Style) pipeline.Block {
	shape := conv.Shape{Batch: 1, InChannels: int(sf), OutChannels: int(nf), Groups: 1, InHeight: 1, OutHeight: 1,
		InWidth: int(vectors), OutWidth: int(vectors), Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}}
	f := sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Parallel)
	return pe.Array{Fold: f, Elem: tensor.Int8, Weight: tensor.Int8, Sum: tensor.Int32, Accumulator: sums, Latency: latency, Style: style}
}

// sums are the accumulators of all arrays that were measured.
var sums = conv.Accumulator{Bits: conv.MaxAccumulatorBits}

// core returns pipeline depth and style of the row's core.
func core(r *row) (latency int, style pe.Style) {
	if _, ok := r.lookup("core"); !ok {
		return measuredLatency, pe.Queued
	}
	generation, name := r.text("rtl"), r.text("core")
	slices := strings.Contains(name, "dsp48")
	switch {
	case generation == "dev" && (slices || name == "dsp58_soft"): // one core, whatever the slice
		return resources.DSP48E2.ArrayLatency(r.size("simd")), pe.Queued
	case generation == "main" && slices:
		return frozenDSP48, pe.Frozen
	case generation == "old" && slices:
		return frozenDSP48, pe.FrozenLate
	case generation == "old" && name == "lut_reg1":
		return frozenLUT + 1, pe.FrozenLate
	case generation == "old" && name == "lut_reg0":
		return frozenLUT, pe.FrozenLate
	}
	r.fail(fmt.Errorf("columns rtl, core: %q, %q is none of dev with a dsp48 or dsp58_soft core, main with a dsp48 core, "+
		"old with a dsp48 core, lut_reg0 or lut_reg1", generation, name))
	return 1, pe.Queued
}

// Pipelines of the cores that froze instead of queueing.
const (
	frozenDSP48 = 5
	frozenLUT   = 1 // one more with a register for the products
)
