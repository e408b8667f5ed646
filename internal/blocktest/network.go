package blocktest

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// open is an output that nothing is joined to yet, and its stream.
type open struct {
	sched.Stream
	port pipeline.Port
}

func (o open) channels() int { return o.Lanes * int(o.Beats) }

// drawing is a network being drawn. All its streams are of int8, their channels
// fill whole beats.
type drawing struct {
	Choice
	plan   pipeline.Plan
	layers int
	port   clock.Share // by which weights of some layers come:
	loads  int         // of so many in a hundred
	dense  bool        // FIFOs hold two beats or more, mostly
}

// Network draws a network from a source to a sink: a chain of layers, residual
// blocks, branches put side by side, ways down and up with the skip beside them.
// FIFOs are small; those beside a branch are mostly ample, sometimes too small.
func Network(c Choice) *pipeline.Plan {
	return draw(&drawing{Choice: c, port: bandwidth(c), loads: 20}, 4)
}

// OpenEnds makes the ends of a plan always open.
func OpenEnds(p *pipeline.Plan) {
	for i := range p.Nodes {
		switch b := p.Nodes[i].Block.(type) {
		case wiring.Source:
			b.Pattern = clock.Always{}
			p.Nodes[i].Block = b
		case wiring.Sink:
			b.Pattern = clock.Always{}
			p.Nodes[i].Block = b
		}
	}
}

// Loading draws a network most of whose layers take their weights from one port, in passes
// of many beats.
func Loading(c Choice) *pipeline.Plan {
	return draw(&drawing{Choice: c, port: bandwidth(c), loads: 80, dense: true}, 8)
}

// draw draws a network of images of at most so many channels.
func draw(d *drawing, most int) *pipeline.Plan {
	at := d.begin(most)
	d.end(wiring.Sink{Stream: at.Stream, Pattern: pattern(d)}, at)
	return &d.plan
}

// begin draws all but the end.
func (d *drawing) begin(most int) open {
	channels := between(d, 1, most)
	at := d.source(stream(tensor.Int8, 2*between(d, 1, 4), 2*between(d, 1, 4), channels, divisor(d, channels)))
	for range between(d, 1, 3) {
		at = d.piece(at, 2)
	}
	return at
}

func (d *drawing) source(s sched.Stream) open {
	return open{s, pipeline.Port{Node: d.plan.Add("", wiring.Source{Stream: s, Pattern: pattern(d)})}}
}

// end adds a block behind outputs, as part of a new layer, and returns its node.
func (d *drawing) end(b pipeline.Block, in ...open) int {
	d.layers++
	node := d.plan.Add(fmt.Sprint("n", d.layers), b)
	for port, o := range in {
		edge := d.plan.Join(o.port, pipeline.Port{Node: node, Port: port})
		e := &d.plan.Edges[edge]
		if e.Depth == 0 {
			e.Depth, e.Latency = depth(d), between(d, 1, 2)
			if d.dense && chance(d, 80) {
				e.Depth, e.Latency = between(d, 2, 3), 1
			}
		}
	}
	return node
}

// add adds a block and returns its outputs.
func (d *drawing) add(b pipeline.Block, in ...open) []open {
	node := d.end(b, in...)
	_, out := b.Streams()
	list := make([]open, len(out))
	for port, s := range out {
		list[port] = open{s, pipeline.Port{Node: node, Port: port}}
	}
	return list
}

// then adds blocks in a row.
func (d *drawing) then(at open, blocks ...pipeline.Block) open {
	for _, b := range blocks {
		in := []open{at}
		if a, ok := b.(pe.Array); ok && a.Loads() {
			feed := mapping.Feeding(a)
			in = append(in, d.then(d.add(feed[0])[0], feed[1:]...))
		}
		at = d.add(b, in...)[0]
	}
	return at
}

// piece appends any piece; those that branch have levels below them.
func (d *drawing) piece(at open, levels int) open {
	kinds := 4
	if levels > 0 {
		kinds = 9
	}
	switch d.IntN(kinds) {
	case 0:
		return d.layer(at)
	case 1:
		return d.then(at, mapOf(d, at.Stream))
	case 2:
		return d.pool(at)
	case 3:
		return d.widen(at, divisor(d, at.channels()))
	case 4, 5:
		return d.residual(at, levels-1)
	case 6:
		return d.inception(at, levels-1)
	case 7:
		return d.split(at, levels-1)
	}
	return d.unet(at, levels-1)
}

// convolve appends a convolution with zeros or pixels around the image, dense or
// depthwise, and its requantisation.
func (d *drawing) convolve(at open, l conv.Conv2d) open {
	l.InChannels, l.Groups = at.channels(), 1
	a := sched.Array{PE: divisor(d, l.OutChannels), SIMD: at.Lanes, GroupParallel: 1}
	if l.OutChannels == l.InChannels && chance(d, 30) {
		l.Groups, a = l.InChannels, sched.Array{PE: 1, SIMD: 1, GroupParallel: at.Lanes}
	}
	if chance(d, 15) {
		l.PaddingMode = []conv.PaddingMode{conv.Replicate, conv.Circular}[d.IntN(2)]
	}
	shape, err := l.Resolve(1, int(at.Rows), int(at.Pixels))
	if err != nil {
		return at
	}
	m := mapping.Conv{Fold: sched.NewFold(shape, a, sched.Style(d.IntN(2))), Elem: at.Elem, Weight: tensor.Int8, Sum: tensor.Int32,
		Accumulator: accumulator, Overlap: chance(d, 30), ArrayLatency: between(d, 1, 7), Requantize: requantize()}
	if chance(d, d.loads) {
		m.Load, m.Tile = d.port, tile(d, m.Fold)
	}
	return d.then(at, styled(d, m.Blocks())...)
}

// layer appends any convolution, now and then of pixels that are spread out first.
func (d *drawing) layer(at open) open {
	if chance(d, 15) {
		at = d.then(at, linebuffer.Insert{In: at.Stream, SY: between(d, 1, 2), SX: between(d, 1, 2), Fill: int32(d.IntN(3))})
	}
	l := conv.Conv2d{OutChannels: between(d, 1, 5), Kernel: conv.Pair{H: between(d, 1, 3), W: between(d, 1, 3)},
		Stride: conv.Pair{H: between(d, 1, 2), W: between(d, 1, 2)}, Dilation: conv.Pair{H: 1, W: between(d, 1, 2)}}
	l.Padding.Sides = conv.Sides{Top: d.IntN(2), Bottom: d.IntN(2), Left: d.IntN(2), Right: d.IntN(2)}
	return d.convolve(at, l)
}

// same appends a convolution that keeps the image and its channels.
func (d *drawing) same(at open) open {
	k := 1 + 2*d.IntN(2)
	p := k / 2
	return d.convolve(at, conv.Conv2d{OutChannels: at.channels(), Kernel: conv.Pair{H: k, W: k}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Padding: conv.Padding{Sides: conv.Sides{Top: p, Bottom: p, Left: p, Right: p}}})
}

// pool appends a pool over windows.
func (d *drawing) pool(at open) open {
	return d.pooled(at, conv.Pair{H: between(d, 1, min(3, int(at.Rows))), W: between(d, 1, min(3, int(at.Pixels)))},
		conv.Pair{H: between(d, 1, 2), W: between(d, 1, 2)}, conv.Sides{Top: d.IntN(2), Right: d.IntN(2)})
}

func (d *drawing) pooled(at open, kernel, stride conv.Pair, pad conv.Sides) open {
	n := at.channels()
	l := conv.Conv2d{InChannels: n, OutChannels: n, Groups: n, Kernel: kernel, Stride: stride, Dilation: conv.Pair{H: 1, W: 1},
		Padding: conv.Padding{Sides: pad}}
	shape, err := l.Resolve(1, int(at.Rows), int(at.Pixels))
	if err != nil {
		return at
	}
	a := sched.Array{PE: 1, SIMD: 1, GroupParallel: at.Lanes}
	return d.bytes(d.then(at, pool(d, sched.NewFold(shape, a, sched.Style(d.IntN(2))), at.Elem)...))
}

// bytes makes int8 of what is not.
func (d *drawing) bytes(at open) open {
	if at.Elem == tensor.Int8 {
		return at
	}
	return d.then(at, mapOf(d, at.Stream))
}

// widen converts to beats of so many lanes, by way of single ones where neither
// width divides the other.
func (d *drawing) widen(at open, lanes int) open {
	if at.Lanes == lanes {
		return at
	}
	if at.Lanes%lanes != 0 && lanes%at.Lanes != 0 {
		at = d.widen(at, 1)
	}
	to := stream(at.Elem, int(at.Rows), int(at.Pixels), at.channels(), lanes)
	return d.then(at, wiring.Width{In: at.Stream, Out: to})
}

// twice doubles the image: every pixel is shown again, or the image below and beside
// itself.
func (d *drawing) twice(at open) open {
	if chance(d, 50) {
		return d.then(at, linebuffer.Upsample{In: at.Stream, SY: 2, SX: 2})
	}
	n := at.channels()
	l := conv.Conv2d{InChannels: n, OutChannels: n, Groups: 1, Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, PaddingMode: conv.Circular,
		Padding: conv.Padding{Sides: conv.Sides{Bottom: int(at.Rows), Right: int(at.Pixels)}}}
	shape, err := l.Resolve(1, int(at.Rows), int(at.Pixels))
	if err != nil {
		panic(err)
	}
	f := sched.NewFold(shape, sched.Array{PE: 1, SIMD: at.Lanes, GroupParallel: 1}, sched.Serial)
	return d.then(at, linebuffer.AddressedPad{Fold: f, Elem: at.Elem, Overlap: chance(d, 50)})
}
