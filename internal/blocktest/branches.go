package blocktest

import (
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/sched"
)

// fork copies a stream.
func (d *drawing) fork(at open, n int) []open {
	return d.add(wiring.Fork{Stream: at.Stream, Branches: n}, at)
}

// beside appends a FIFO for what a branch beside it holds up, and a register: all
// of a few frames mostly, now and then too little.
func (d *drawing) beside(at open) open {
	n := 1 + d.IntN(int(at.Frame())+8)
	if chance(d, 60) {
		n = 4*int(at.Frame()) + 8
	}
	at = d.then(at, mapOf(d, at.Stream))
	into := &d.plan.Edges[len(d.plan.Edges)-1]
	into.Depth, into.Latency = n, between(d, 1, 2)
	return at
}

// branch appends pieces that keep the image, its channels and its lanes.
func (d *drawing) branch(at open, levels int) open {
	lanes := at.Lanes
	for range between(d, 1, 2) {
		switch {
		case levels > 0 && chance(d, 25):
			at = d.residual(at, levels-1)
		case chance(d, 25):
			at = d.then(at, mapOf(d, at.Stream))
		default:
			at = d.same(at)
		}
	}
	return d.widen(at, lanes)
}

// residual appends a fork, a branch, a FIFO beside it, and their sum.
func (d *drawing) residual(at open, levels int) open {
	two := d.fork(at, 2)
	skip := d.beside(two[1])
	if chance(d, 25) {
		skip = d.branch(skip, 0)
	}
	main := d.branch(two[0], levels)
	return d.bytes(d.add(joinOf(at.Stream, 2, nil), main, skip)[0])
}

// inception appends branches whose channels are put side by side.
func (d *drawing) inception(at open, levels int) open {
	list := d.fork(at, between(d, 2, 3))
	for i := range list {
		list[i] = d.beside(list[i])
		if i > 0 || chance(d, 50) {
			list[i] = d.branch(list[i], levels)
		}
	}
	return d.concat(list)
}

// concat puts streams of as many lanes side by side.
func (d *drawing) concat(list []open) open {
	var c wiring.Concat
	for _, o := range list {
		c.In = append(c.In, o.Stream)
	}
	return d.add(c, list...)[0]
}

// split takes channels apart, works on some, and puts them together again.
func (d *drawing) split(at open, levels int) open {
	if at.Beats < 2 {
		return d.layer(at)
	}
	first, rest := at.Stream, at.Stream
	first.Beats = int64(between(d, 1, int(at.Beats)-1))
	rest.Beats -= first.Beats
	parts := d.add(wiring.Split{Out: []sched.Stream{first, rest}}, at)
	for i := range parts {
		parts[i] = d.beside(parts[i])
		if chance(d, 50) {
			parts[i] = d.branch(parts[i], levels)
		}
	}
	return d.concat(parts)
}

// unet appends a fork, a way down by a pool or a stride, something at the bottom,
// a way up, and the skip beside all that.
func (d *drawing) unet(at open, levels int) open {
	if at.Rows%2+at.Pixels%2 > 0 {
		return d.residual(at, levels)
	}
	two, half := d.fork(at, 2), conv.Pair{H: 2, W: 2}
	skip, down := d.beside(two[1]), two[0]
	if chance(d, 50) {
		down = d.pooled(down, half, half, conv.Sides{})
	} else {
		down = d.convolve(down, conv.Conv2d{OutChannels: at.channels(), Kernel: half, Stride: half, Dilation: conv.Pair{H: 1, W: 1}})
	}
	if levels > 0 && chance(d, 50) {
		down = d.unet(down, levels-1)
		if down.channels() != at.channels() {
			down = d.convolve(down, conv.Conv2d{OutChannels: at.channels(), Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}})
		}
	} else {
		down = d.branch(down, levels)
	}
	return d.concat([]open{d.widen(d.twice(down), at.Lanes), skip})
}
