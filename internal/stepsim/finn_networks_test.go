package stepsim

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// networkFrames is how many frames the networks were measured with.
const networkFrames = 4

// image is what streams between layers: beats of lanes elements.
type image struct{ h, w, c, lanes int }

func (i image) beats() int { return i.h * i.w * i.c / i.lanes }

// network is a bench being filled from the source to the sink.
type network struct {
	bench
	at    Edge
	image image
	named int // edges so far
}

func (n *network) edge(depth int) Edge {
	n.named++
	return n.Edge(fmt.Sprint("e", n.named), depth, 1)
}

// add appends a block and an edge behind it.
func (n *network) add(b Block, depth int) {
	to := n.edge(depth)
	n.AddBlock(fmt.Sprintf("%T%d", b, n.named), b, []Edge{n.at}, []Edge{to})
	n.at = to
}

// widen converts to beats of so many lanes.
func (n *network) widen(lanes int) {
	for _, c := range Converters(n.image.lanes, lanes) {
		n.add(c, 0)
	}
	n.image.lanes = lanes
}

// tableSpec is a cell of a layer: k:s:d:p:cout:pe:simd:par:N:deep.
type tableSpec struct{ k, s, d, p, cout, pe, simd, par, steps, deep int }

func (r row) layerSpec(column string) (s tableSpec, ok bool) {
	cell := r.text(column)
	if cell == "" {
		return s, false
	}
	parts := strings.Split(cell, ":")
	for i, at := range []*int{&s.k, &s.s, &s.d, &s.p, &s.cout, &s.pe, &s.simd, &s.par, &s.steps, &s.deep} {
		v, err := strconv.Atoi(parts[i])
		if err != nil {
			r.t.Fatal(err)
		}
		*at = v
	}
	return s, true
}

// convolve appends a layer and returns the edge behind its array.
func (n *network) convolve(s tableSpec) Edge {
	n.widen(s.simd)
	l := Layer{
		H: n.image.h, W: n.image.w, KH: s.k, KW: s.k, SH: s.s, SW: s.s, DH: s.d, DW: s.d, Top: s.p, Bottom: s.p, Left: s.p, Right: s.p,
		InChannels: n.image.c, OutChannels: s.cout, PE: s.pe, SIMD: s.simd, Parallel: s.par == 1,
	}
	for _, b := range l.Stages() {
		n.add(b, 0)
	}
	oh, ow := l.Window().OutputSize()
	n.image = image{oh, ow, s.cout, s.pe}
	return n.at
}

// activate appends thresholds and a FIFO, and returns the FIFO.
func (n *network) activate(steps int, deep bool, depth int) Edge {
	n.add(Thresholding(steps, deep), depth)
	return n.at
}

func (r row) network(lanes int) *network {
	i := image{r.int("h"), r.int("w"), r.int("c"), lanes}
	b := r.bench(networkFrames, i.beats())
	return &network{bench: b, at: b.first, image: i}
}

// first is the cell of a first handshake.
func first(t Trace) string {
	if len(t.Cycles) == 0 {
		return ""
	}
	return text(t.Cycles[0])
}

// checkQueues holds that the rows whose RTL loses results are those in which an array's queue gets five.
func (r row) checkQueues(got Outcome) {
	r.t.Helper()
	most := 0
	for _, p := range got.Stages {
		most = max(most, p.Queue)
	}
	if overflows := r.text("status") == "rtl_overflow"; overflows != (most >= 5) {
		r.t.Errorf("%v: an array's queue holds %d results", r.cells, most)
	}
}

func TestFINNNetworkChains(t *testing.T) {
	for _, r := range readTable(t, "network_chain_cycles.csv", 5) {
		var specs []tableSpec
		for _, column := range []string{"layer1", "layer2", "layer3"} {
			if s, ok := r.layerSpec(column); ok {
				specs = append(specs, s)
			}
		}
		n := r.network(specs[0].simd)
		var links, fifos []Edge
		for i, s := range specs {
			link := n.convolve(s)
			if i < len(specs)-1 {
				links = append(links, link)
				fifos = append(fifos, n.activate(s.steps, s.deep == 1, r.int("fifo_depth")))
			}
		}
		got := n.run(n.at)
		c := n.columns(got, n.at, networkFrames)
		for i := range links {
			c[fmt.Sprintf("link%d_first", i+1)] = first(got.Edge(links[i]).In)
			c[fmt.Sprintf("fifo%d_max_occupancy", i+1)] = text(got.Edge(fifos[i]).FIFO.MaxOccupancy)
		}
		r.compare(c)
		r.checkQueues(got)
	}
}

func TestFINNResidualBlocks(t *testing.T) {
	for _, r := range readTable(t, "residual_cycles.csv", 7) {
		lanes, inner := r.int("lanes"), 0
		if v := r.text("inner_fifo_depth"); v != "" {
			inner = r.int("inner_fifo_depth")
		}
		stem, hasStem := r.layerSpec("stem")
		if hasStem {
			lanes = stem.simd
		}
		n := r.network(lanes)
		if hasStem {
			n.convolve(stem)
			n.activate(stem.steps, stem.deep == 1, inner)
		}
		branch, shortcut := n.residual(inner)
		if tail, ok := r.layerSpec("tail"); ok {
			n.activate(15, false, inner)
			n.convolve(tail)
		}
		got := n.run(n.at)
		c := n.columns(got, n.at, networkFrames)
		c["fifo_max_occupancy"], c["branch_first"] = text(got.Edge(shortcut).FIFO.MaxOccupancy), first(got.Edge(branch).In)
		r.compare(c)
		r.checkQueues(got)
	}
}

// residual appends a fork, its two branches and their join; it returns the end of the branch and the shortcut's FIFO.
func (n *network) residual(inner int) (branch, shortcut Edge) {
	r, from := n.row, n.image
	main := n.edge(0)
	shortcut = n.edge(r.int("fifo_depth"))
	n.AddBlock("fork", Fork{Style: ForkStyle(r.text("fork"))}, []Edge{n.at}, []Edge{main, shortcut})

	n.at = main
	one, _ := r.layerSpec("layer1")
	branch = n.convolve(one)
	if two, ok := r.layerSpec("layer2"); ok {
		n.activate(one.steps, one.deep == 1, inner)
		branch = n.convolve(two)
	}
	end := n.image

	n.at, n.image = shortcut, from
	if s, ok := r.layerSpec("shortcut"); ok {
		n.convolve(s)
	}
	var join Block = Join{}
	if r.text("join") == "eltw" {
		join = Eltwise{}
	}
	joined := n.edge(0)
	n.AddBlock("join", join, []Edge{branch, n.at}, []Edge{joined})
	n.at, n.image = joined, end
	return branch, shortcut
}
