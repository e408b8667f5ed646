package rtl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// networkFrames is how many frames networks were measured with.
const networkFrames = 4

// tailSteps are the thresholds between a join and the layer behind it.
const tailSteps = 15

// cell is a layer in one cell: k:s:d:p:cout:pe:simd:par:N:deep.
type cell struct{ k, s, d, p, cout, pe, simd, par, steps, deep int }

// layer reads a cell; ok is false if it is empty.
func (r *row) layer(column string) (c cell, ok bool) {
	text := r.text(column)
	if text == "" {
		return c, false
	}
	parts := strings.Split(text, ":")
	least := []int{1, 1, 1, 0, 1, 1, 1, 0, 1, 0}
	for i, at := range []*int{&c.k, &c.s, &c.d, &c.p, &c.cout, &c.pe, &c.simd, &c.par, &c.steps, &c.deep} {
		v, err := 0, error(nil)
		if i < len(parts) {
			v, err = strconv.Atoi(parts[i])
		}
		if err != nil || len(parts) != len(least) || v < least[i] || v > 1<<20 {
			r.fail(fmt.Errorf("column %s: %q is not ten numbers k:s:d:p:cout:pe:simd:par:N:deep", column, text))
			return cell{k: 1, s: 1, d: 1, cout: 1, pe: 1, simd: 1, steps: 1}, true
		}
		*at = v
	}
	return c, true
}

// image is what streams between layers.
type image struct{ h, w, c int }

// net is a network of layers.
type net struct {
	*network
	image
	fold sched.Fold // of the newest layer
}

func newNet(r *row, lanes int) (*net, error) {
	i := image{r.size("h"), r.size("w"), r.size("c")}
	if lanes < 1 || i.c%lanes != 0 {
		r.fail(fmt.Errorf("%d channels in beats of %d", i.c, lanes))
		return nil, r.err
	}
	n, err := newNetwork(r, pixels(i.h, i.w, i.c, lanes))
	return &net{network: n, image: i}, err
}

// widen converts to beats of so many lanes: one converter, or two by way of what
// both widths divide.
func (n *net) widen(lanes int) {
	from, both := n.stream.Lanes, lcm(n.stream.Lanes, lanes)
	if from%lanes != 0 {
		n.convert(both, wiring.Whole)
	}
	if lanes%from != 0 {
		n.convert(lanes, wiring.Whole)
	}
	if from%lanes == 0 {
		n.convert(lanes, wiring.Whole)
	}
	n.stream = pixels(n.h, n.w, n.c, lanes)
}

// convolve adds a layer.
func (n *net) convolve(c cell) error {
	if n.c%c.simd != 0 || c.cout%c.pe != 0 {
		return fmt.Errorf("a layer of %d to %d channels on PE %d, SIMD %d", n.c, c.cout, c.pe, c.simd)
	}
	layer := conv.Conv2d{InChannels: n.c, OutChannels: c.cout, Kernel: conv.Pair{H: c.k, W: c.k}, Stride: conv.Pair{H: c.s, W: c.s},
		Dilation: conv.Pair{H: c.d, W: c.d}, Groups: 1,
		Padding: conv.Padding{Sides: conv.Sides{Top: c.p, Bottom: c.p, Left: c.p, Right: c.p}}}
	shape, err := layer.Resolve(1, n.h, n.w)
	if err != nil {
		return err
	}
	n.widen(c.simd)
	n.fold = sched.NewFold(shape, sched.Array{PE: c.pe, SIMD: c.simd, GroupParallel: 1}, []sched.Style{sched.Serial, sched.Parallel}[min(c.par, 1)])
	blocks := mapping.Conv{Fold: n.fold, Elem: tensor.Int8, Weight: tensor.Int8, Sum: tensor.Int32, Accumulator: sums, ArrayLatency: measuredLatency,
		ArrayQueue: resources.DSP58.ArrayQueue(c.simd)}
	for _, b := range blocks.Blocks() {
		n.add(b)
	}
	n.image = image{shape.OutHeight, shape.OutWidth, c.cout}
	return nil
}

// activate adds thresholds and a FIFO behind them; it returns the edge in front of
// the thresholds.
func (n *net) activate(steps int, deep bool, depth int) int {
	edge := n.add(requantizer(n.fold, pe.ThresholdLatency(steps, deep)))
	n.depth = depth
	return edge
}

func runNetworkChain(r *row) (map[string]string, error) {
	var cells []cell
	for _, column := range []string{"layer1", "layer2", "layer3"} {
		if c, ok := r.layer(column); ok {
			cells = append(cells, c)
		}
	}
	if len(cells) == 0 || r.err != nil {
		return nil, r.err
	}
	n, err := newNet(r, cells[0].simd)
	if err != nil {
		return nil, err
	}
	var links []int // edges in front of the thresholds; those behind follow
	for i, c := range cells {
		if err := n.convolve(c); err != nil {
			return nil, err
		}
		if i < len(cells)-1 {
			links = append(links, n.activate(c.steps, c.deep == 1, r.int("fifo_depth")))
		}
	}
	m, err := n.network.run(networkFrames, clock.Options{Frames: networkFrames})
	if err != nil {
		return nil, err
	}
	c := m.columns()
	for i, link := range links {
		c[fmt.Sprintf("link%d_first", i+1)] = m.first(link)
		c[fmt.Sprintf("fifo%d_max_occupancy", i+1)] = m.most(link + 1)
	}
	return c, nil
}

func runResidual(r *row) (map[string]string, error) {
	lanes, inner := 0, 0
	if r.text("inner_fifo_depth") != "" {
		inner = r.int("inner_fifo_depth")
	}
	stem, hasStem := r.layer("stem")
	if hasStem {
		lanes = stem.simd
	} else {
		lanes = r.size("lanes")
	}
	n, err := newNet(r, lanes)
	if err != nil {
		return nil, err
	}
	if hasStem {
		if err := n.convolve(stem); err != nil {
			return nil, err
		}
		n.activate(stem.steps, stem.deep == 1, inner)
	}
	branch, shortcut, err := n.residual(inner)
	if err != nil {
		return nil, err
	}
	if tail, ok := r.layer("tail"); ok {
		n.activate(tailSteps, false, inner)
		if err := n.convolve(tail); err != nil {
			return nil, err
		}
	}
	m, err := n.network.run(networkFrames, clock.Options{Frames: networkFrames})
	if err != nil {
		return nil, err
	}
	c := m.columns()
	c["branch_first"], c["fifo_max_occupancy"] = m.first(branch), m.most(shortcut)
	return c, nil
}

// residual adds a fork, its two branches and their join; it returns the edge at
// the end of the branch, and the shortcut's FIFO.
func (n *net) residual(inner int) (branch, shortcut int, err error) {
	r := n.row
	styles := map[string]wiring.ForkStyle{"aon": wiring.AllOrNothing, "eager": wiring.Eager, "tap": wiring.Tap}
	style, ok := styles[r.text("fork")]
	kind := r.text("join")
	if !ok || kind != "join" && kind != "eltw" {
		return 0, 0, fmt.Errorf("columns fork, join: %q, %q is none of aon, eager, tap with join, eltw", r.text("fork"), kind)
	}
	from, fold := n.image, n.fold
	n.add(wiring.Fork{Stream: n.stream, Branches: 2, Style: style})
	fork, stream := n.at, n.stream
	one, _ := r.layer("layer1")
	if r.err != nil {
		return 0, 0, r.err
	}
	if err := n.convolve(one); err != nil {
		return 0, 0, err
	}
	if two, ok := r.layer("layer2"); ok {
		n.activate(one.steps, one.deep == 1, inner)
		if err := n.convolve(two); err != nil {
			return 0, 0, err
		}
	}
	end, made := n.at, n.stream
	last, lastFold := n.image, n.fold

	n.at, n.stream, n.image, n.fold = pipeline.Port{Node: fork.Node, Port: 1}, stream, from, fold
	n.depth = r.int("fifo_depth")
	shortcut = len(n.plan.Edges) // the next one
	if s, ok := r.layer("shortcut"); ok {
		if err := n.convolve(s); err != nil {
			return 0, 0, err
		}
	}
	join := wiring.Join{In: []sched.Stream{made, n.stream}, Out: made, Queued: kind == "eltw"}
	if err := join.Check(); err != nil {
		return 0, 0, err
	}
	to := n.plan.Add("", join)
	n.to(pipeline.Port{Node: to, Port: 1})
	n.at, n.depth = end, 0
	branch = n.to(pipeline.Port{Node: to})
	n.at, n.stream, n.image, n.fold = pipeline.Port{Node: to}, made, last, lastFold
	return branch, shortcut, nil
}
