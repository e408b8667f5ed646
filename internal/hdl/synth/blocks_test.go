package synth

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// image is a stream of 14 by 14 pixels of 16 channels, or fewer or more.
func image(elem tensor.DType, lanes int, beats int64) sched.Stream {
	return sched.Stream{Elem: elem, Lanes: lanes, Rows: 14, Pixels: 14, Beats: beats}
}

// window is a fold that slides over an image, a group a channel.
func window(style sched.Style, kernel, stride, parallel int) sched.Fold {
	l := conv.Conv2d{InChannels: 16, OutChannels: 16, Groups: 16, Kernel: conv.Pair{H: kernel, W: kernel},
		Stride: conv.Pair{H: stride, W: stride}, Dilation: conv.Pair{H: 1, W: 1}}
	shape, err := l.Resolve(1, 14, 14)
	if err != nil {
		panic(err)
	}
	return sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: parallel}, style)
}

// loaded is a convolution whose weights come for tiles of pixels.
func loaded() []pipeline.Block {
	l := conv.Conv2d{InChannels: 16, OutChannels: 16, Groups: 1, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}}
	shape, err := l.Resolve(1, 14, 14)
	if err != nil {
		panic(err)
	}
	c := mapping.Conv{Fold: sched.NewFold(shape, sched.Array{PE: 4, SIMD: 4, GroupParallel: 1}, sched.Serial), Elem: tensor.Int8, Weight: tensor.Int8,
		Sum: tensor.Int32, Accumulator: conv.Accumulator{Bits: 32}, ArrayLatency: 3, Packing: 2, Load: clock.Share{Name: "dram", Num: 16, Den: 1}, Tile: 12}
	return c.Blocks()
}

// blocks are those that no design of the other table has, between ends.
var blocks = []struct {
	name string
	list []pipeline.Block
}{
	{"fork", []pipeline.Block{wiring.Fork{Stream: image(tensor.Int8, 8, 2), Branches: 3}}},
	{"fork-together", []pipeline.Block{wiring.Fork{Stream: image(tensor.Int8, 8, 2), Branches: 2, Style: wiring.AllOrNothing}}},
	{"tap", []pipeline.Block{wiring.Fork{Stream: image(tensor.Int8, 8, 2), Branches: 2, Style: wiring.Tap}}},
	{"join", []pipeline.Block{wiring.Join{In: []sched.Stream{image(tensor.Int8, 4, 4), image(tensor.Int8, 4, 4)}, Out: image(tensor.Int32, 4, 4)}}},
	{"join-queued", []pipeline.Block{wiring.Join{In: []sched.Stream{image(tensor.Int8, 4, 4), image(tensor.Int8, 4, 4)}, Out: image(tensor.Int32, 4, 4), Queued: true}}},
	{"concat", []pipeline.Block{wiring.Concat{In: []sched.Stream{image(tensor.Int8, 4, 4), image(tensor.Int8, 4, 2)}}}},
	{"split", []pipeline.Block{wiring.Split{Out: []sched.Stream{image(tensor.Int8, 4, 4), image(tensor.Int8, 4, 2)}}}},
	{"width-up", []pipeline.Block{wiring.Width{In: image(tensor.Int8, 2, 8), Out: image(tensor.Int8, 8, 2)}}},
	{"width-down", []pipeline.Block{wiring.Width{In: image(tensor.Int8, 8, 2), Out: image(tensor.Int8, 2, 8)}}},
	{"width-any", []pipeline.Block{wiring.Width{In: image(tensor.Int8, 6, 2), Out: image(tensor.Int8, 4, 3), Style: wiring.Generic}}},
	{"upsample", []pipeline.Block{linebuffer.Upsample{In: image(tensor.Int8, 4, 4), SY: 2, SX: 2}}},
	{"insert", []pipeline.Block{linebuffer.Insert{In: image(tensor.Int8, 4, 4), SY: 2, SX: 2}}},
	{"pool-serial", []pipeline.Block{linebuffer.Window{Fold: window(sched.Serial, 2, 2, 4), Elem: tensor.Int8, Depth: window(sched.Serial, 2, 2, 4).WindowDepth()},
		pe.Reduce{Fold: window(sched.Serial, 2, 2, 4), Elem: tensor.Int8}}},
	{"pool-parallel", []pipeline.Block{linebuffer.ShiftWindow{Fold: window(sched.Parallel, 3, 1, 4), Elem: tensor.UInt8},
		pe.Reduce{Fold: window(sched.Parallel, 3, 1, 4), Elem: tensor.UInt8, How: pe.Sum}}},
	{"pool-frame", []pipeline.Block{pe.ReduceFrame{In: image(tensor.Int8, 4, 4), How: pe.Sum}}},
	{"pool-frame-max", []pipeline.Block{pe.ReduceFrame{In: image(tensor.Int8, 8, 2), How: pe.Max}}},
	{"table", []pipeline.Block{pe.Map{In: image(tensor.Int8, 4, 4), Out: image(tensor.Int8, 4, 4), F: scalar.Leaky{Slope: []float64{0.3}}}}},
	{"clip", []pipeline.Block{pe.Map{In: image(tensor.Int32, 4, 4), Out: image(tensor.Int8, 4, 4), F: scalar.Clip{Lo: -128, Hi: 127}}}},
	{"relu", []pipeline.Block{pe.Map{In: image(tensor.Int32, 4, 4), Out: image(tensor.Int32, 4, 4), F: scalar.Relu{}}}},
	{"batch", []pipeline.Block{wiring.Batch{In: image(tensor.Int8, 1, 4), Out: image(tensor.Int8, 1, 4), Batches: 196, F: scalar.Gather{From: []int32{3, 1, 0, 2}}}}},
	{"weights", loaded()},
}

// alone is blocks between ends, with FIFOs of two.
func alone(t *testing.T, list []pipeline.Block) proof.Design {
	t.Helper()
	p := &pipeline.Plan{}
	in, _ := list[0].Streams()
	var open []pipeline.Port
	for i, s := range in {
		open = append(open, pipeline.Port{Node: p.Add(fmt.Sprint("in", i), wiring.Source{Stream: s, Pattern: clock.Always{}})})
	}
	var end pipeline.Port
	if len(open) == 1 {
		end = mapping.Chain(p, "it", open[0], list...)
	} else {
		end.Node = p.Add("it", list[0])
		for port, from := range open {
			p.Join(from, pipeline.Port{Node: end.Node, Port: port})
		}
	}
	_, out := list[len(list)-1].Streams()
	for port, s := range out {
		p.Join(pipeline.Port{Node: end.Node, Port: port}, pipeline.Port{Node: p.Add(fmt.Sprint("out", port), wiring.Sink{Stream: s, Pattern: clock.Always{}})})
	}
	for i := range p.Edges {
		p.Edges[i].Depth, p.Edges[i].Latency = 2, 1
	}
	d := proof.Design{Name: "block", Plan: p, Constants: make([]flow.Constants, len(p.Nodes)), Frames: 1, DSP: resources.DSP48E2, ClockMHz: 200}
	r := rand.New(rand.NewPCG(13, 13))
	for i, n := range p.Nodes {
		switch b := n.Block.(type) {
		case wiring.Source:
			s := b.Stream
			d.Constants[i] = flow.Constants{"images": drawn(t, r, s.Elem, 1, int(s.Elements()/s.Rows/s.Pixels), int(s.Rows), int(s.Pixels))}
		case pe.Weights:
			d.Constants[i] = flow.Constants{"weight": drawn(t, r, b.Weight, b.Fold.Shape.WeightShape()...)}
		}
	}
	return d
}

// drawn is a tensor of numbers of four bits.
func drawn(t *testing.T, r *rand.Rand, elem tensor.DType, shape ...int) *tensor.Tensor {
	t.Helper()
	x, err := tensor.New(elem, shape...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.Len() {
		v := r.IntN(8)
		switch data := x.Data.(type) {
		case []int8:
			data[i] = int8(v)
		case []uint8:
			data[i] = uint8(v)
		case []int32:
			data[i] = int32(v)
		case []float32:
			data[i] = float32(v)
		}
	}
	return x
}

// TestEstimatesOfBlocks holds the blocks that no design of the other table has to what
// Yosys 0.23 made of them, as a table says. With -update the text is written anew, and
// with CONVSIM_SYNTH and Yosys the table.
func TestEstimatesOfBlocks(t *testing.T) {
	const table, file = "testdata/blocks.json", "testdata/blocks.txt"
	all := map[string][]measured{}
	data, err := os.ReadFile(table)
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil && !*update {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, b := range blocks {
		t.Run(b.name, func(t *testing.T) {
			d := alone(t, b.list)
			if (os.Getenv("CONVSIM_SYNTH") == "1" || all[b.name] == nil) && os.Getenv("CONVSIM_SYNTH") != "" && *update && Present() == nil {
				all[b.name] = synthesized(t, d)
				writeTable(t, table, all)
			}
			fmt.Fprintf(&text, "%s\n", b.name)
			if err := hold(t, d, all[b.name]).WriteText(&text); err != nil {
				t.Error(err)
			}
			text.WriteString("\n")
		})
	}
	sameText(t, file, text.String())
}
