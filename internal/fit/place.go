package fit

import (
	"cmp"
	"slices"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
)

// filled is how much of the block RAM is used before weights go into UltraRAM: the share
// up to which designs close timing.
const filled = 0.8

// ultra reports whether there is UltraRAM: without a board a budget of it says so.
func (o *Options) ultra() bool { return 0 < o.Limits.URAM && o.Limits.URAM < Endless }

// move is what it takes to have the weights of a layer in UltraRAM.
type move struct {
	layer         string
	blocks, ultra int // less block RAM, more UltraRAM
}

// place chooses layers whose weights are in UltraRAM, as many as it takes for the block RAM
// to be no fuller than it should be: first those that set most of it free for each. It
// reports whether there are more than before.
func (s *search) place(d *Design, layers map[string]keys) bool {
	blocks, ultra, changed := d.Cost.BRAM18+s.reserve.BRAM18, d.Cost.URAM, false
	for _, m := range moves(d, layers) {
		if float64(blocks) <= filled*float64(s.Limits.BRAM18) {
			break
		}
		if ultra+m.ultra > s.Limits.URAM {
			continue
		}
		k := layers[m.layer]
		k.ultra, changed = true, true
		layers[m.layer] = k
		blocks, ultra = blocks-m.blocks, ultra+m.ultra
	}
	return changed
}

// moves are the layers of a design whose weights take block RAM, those that set most of it
// free for each UltraRAM first.
func moves(d *Design, layers map[string]keys) []move {
	var list []move
	for _, n := range d.Plan.Nodes {
		a, ok := n.Block.(pe.Array)
		if _, ours := layers[n.Layer]; !ok || !ours || a.Loads() || a.Memory == resources.Ultra {
			continue
		}
		cost := func(a pe.Array) resources.Amount {
			r, _ := resources.Price(&pipeline.Plan{Nodes: []pipeline.Node{{Layer: n.Layer, Block: a}}}, device(d.Hardware)).Partly()
			return r.Total
		}
		before := cost(a)
		a.Memory = resources.Ultra
		after := cost(a)
		m := move{n.Layer, before.BRAM18 - after.BRAM18, after.URAM - before.URAM}
		if i := slices.IndexFunc(list, func(m move) bool { return m.layer == n.Layer }); i >= 0 {
			list[i].blocks, list[i].ultra = list[i].blocks+m.blocks, list[i].ultra+m.ultra
		} else {
			list = append(list, m)
		}
	}
	list = slices.DeleteFunc(list, func(m move) bool { return m.blocks <= 0 })
	slices.SortStableFunc(list, func(a, b move) int { return cmp.Compare(b.blocks*a.ultra, a.blocks*b.ultra) })
	return list
}

// placed are nodes with their weights where the keys of their layers say.
func placed(nodes []pipeline.Node, layers map[string]keys) []pipeline.Node {
	nodes = slices.Clone(nodes)
	for i, n := range nodes {
		if a, ok := n.Block.(pe.Array); ok && layers[n.Layer].ultra {
			a.Memory = resources.Ultra
			nodes[i].Block = a
		}
	}
	return nodes
}
