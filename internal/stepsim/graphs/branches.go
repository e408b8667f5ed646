package graphs

import "github.com/convsim/convsim/internal/stepsim"

// fork appends a fork of n branches. FIFOs follow all of them, so that nothing but registers joins a fork to
// what its branches meet in.
func (d *drawing) fork(at loose, n int) []loose {
	f := stepsim.Fork{Style: []stepsim.ForkStyle{stepsim.AllOrNothing, stepsim.Eager, stepsim.Tap}[d.IntN(3)], Branches: n}
	if n != 2 && f.Style == stepsim.Tap {
		f.Style = stepsim.Eager
	}
	out := make([]Stream, n)
	for i := range out {
		out[i] = at.Stream
	}
	ends := d.add("fork", f, []loose{at}, out...)
	if f.Style == stepsim.AllOrNothing {
		for _, l := range ends {
			d.Edges[l.edge].FIFO = stepsim.FIFO{Depth: 1 + d.IntN(3), Latency: 1}
		}
	}
	return ends
}

// branch appends pieces that keep the image and its channels, at least one.
func (d *drawing) branch(at loose, levels int) loose {
	lanes := at.Lanes
	for range 1 + d.IntN(2) {
		switch {
		case levels > 0 && d.chance(25):
			at = d.residual(at, levels-1)
		case d.chance(25):
			at = d.activation(at)
		default:
			at = d.same(at)
		}
	}
	return d.widen(at, lanes)
}

// residual appends a fork, a branch, a FIFO beside it, and their sum.
func (d *drawing) residual(at loose, levels int) loose {
	two := d.fork(at, 2)
	main, skip := two[0], two[1]
	d.deepen(skip)
	if d.chance(25) {
		skip = d.branch(skip, 0)
	}
	main = d.branch(main, levels)
	if d.chance(40) {
		return d.add("add", stepsim.Eltwise{}, []loose{main, skip}, at.Stream)[0]
	}
	return d.add("add", stepsim.Join{}, []loose{main, skip}, at.Stream)[0]
}

// inception appends branches of different depth whose channels are put side by side.
func (d *drawing) inception(at loose, levels int) loose {
	branches := d.fork(at, 2+d.IntN(2))
	for i, b := range branches {
		d.deepen(b)
		if i > 0 || d.chance(50) {
			branches[i] = d.branch(b, levels)
		}
	}
	return d.concat(branches)
}

// concat puts streams of as many lanes side by side.
func (d *drawing) concat(list []loose) loose {
	to := list[0].Stream
	to.C = 0
	var c stepsim.Concat
	for _, l := range list {
		to.C += l.C
		c.Beats = append(c.Beats, l.Folds())
	}
	return d.add("concat", c, list, to)[0]
}

// split takes the channels of a stream apart, works on some, drops some now and then, and puts the others
// together again.
func (d *drawing) split(at loose, levels int) loose {
	if at.Folds() < 2 {
		return d.layer(at)
	}
	cut := 1 + d.IntN(at.Folds()-1)
	s := stepsim.Split{Beats: []int{cut, at.Folds() - cut}}
	part := func(folds int) Stream { return Stream{at.H, at.W, folds * at.Lanes, at.Lanes} }
	if d.chance(30) {
		s.Drop = []bool{true, false}
		return d.add("split", s, []loose{at}, part(s.Beats[1]))[0]
	}
	parts := d.add("split", s, []loose{at}, part(cut), part(s.Beats[1]))
	for i, p := range parts {
		d.deepen(p)
		if d.chance(50) {
			parts[i] = d.branch(p, levels)
		}
	}
	return d.concat(parts)
}

// unet appends a fork, a way down by a pool or a stride, something at the bottom, a way up, and the skip beside it.
func (d *drawing) unet(at loose, levels int) loose {
	if at.H%2+at.W%2 > 0 {
		return d.residual(at, levels)
	}
	two := d.fork(at, 2)
	down, skip := two[0], two[1]
	d.deepen(skip)
	if d.chance(50) {
		p := Pool{In: down.Stream, KH: 2, KW: 2, SH: 2, SW: 2, Parallel: d.chance(50)}
		down = d.then("pool", p, down, p.Out())
	} else {
		down = d.convolve(down, stepsim.Layer{KH: 2, KW: 2, SH: 2, SW: 2, DH: 1, DW: 1, OutChannels: at.C})
	}
	if levels > 0 && d.chance(50) {
		down = d.unet(down, levels-1)
	} else {
		down = d.branch(down, levels)
	}
	return d.concat([]loose{d.widen(d.up(down), at.Lanes), skip})
}

// up doubles the image.
func (d *drawing) up(at loose) loose {
	to := at.Stream
	to.H, to.W = 2*at.H, 2*at.W
	if d.chance(60) {
		return d.then("up", stepsim.Upsample{H: at.H, W: at.W, SY: 2, SX: 2, Folds: at.Folds()}, at, to)
	}
	// A transposed convolution of stride 2: zeros between pixels, then a kernel of 2 with one pixel around.
	to.H, to.W = 2*at.H-1, 2*at.W-1
	at = d.then("insert", stepsim.ZeroInsert{H: at.H, W: at.W, SY: 2, SX: 2, Folds: at.Folds()}, at, to)
	l := stepsim.Layer{KH: 2, KW: 2, SH: 1, SW: 1, DH: 1, DW: 1, Top: 1, Bottom: 1, Left: 1, Right: 1, OutChannels: at.C}
	l.H, l.W = at.H, at.W
	return d.convolve(at, l)
}

// ends gives a copy of the stream to a sink of its own, or adds a second source.
func (d *drawing) ends(at loose) loose {
	if d.chance(50) {
		two := d.fork(at, 2)
		d.sink(two[1])
		return two[0]
	}
	other := d.add("source", stepsim.Source{Gate: d.gate(), Beats: at.Beats()}, nil, at.Stream)[0]
	return d.add("add", stepsim.Join{}, []loose{at, other}, at.Stream)[0]
}
