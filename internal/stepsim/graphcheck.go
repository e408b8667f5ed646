package stepsim

import (
	"errors"
	"fmt"
)

// check returns every mistake that shows without counting beats.
func (g *Graph) check() []error {
	errs := atLeast(0, "frames", g.Frames)
	from, to := make([]int, len(g.links)), make([]int, len(g.links))
	sinks := 0
	for _, n := range g.nodes {
		for _, err := range n.block.check() {
			errs = append(errs, fmt.Errorf("%s: %w", n.name, err))
		}
		ins, outs := portsOf(n.block)
		if len(n.in) != ins || len(n.out) != outs {
			errs = append(errs, fmt.Errorf("%s: %T between %d and %d edges, want %d and %d", n.name, n.block, len(n.in), len(n.out), ins, outs))
		}
		for _, l := range n.in {
			to[l]++
		}
		for _, l := range n.out {
			from[l]++
		}
		if _, ok := n.block.(Sink); ok {
			sinks++
		}
	}
	if sinks == 0 {
		errs = append(errs, errors.New("graph: want a Sink"))
	}
	for l, name := range g.links {
		if from[l] != 1 || to[l] != 1 {
			errs = append(errs, fmt.Errorf("edge %s: %d producers and %d consumers, want one each", name, from[l], to[l]))
		}
	}
	return errs
}

func portsOf(b Block) (ins, outs int) {
	switch b := b.(type) {
	case mesh:
		return b.ports()
	case Source:
		return 0, 1
	case Sink:
		return 1, 0
	}
	return 1, 1
}

// resolve returns the nodes upstream first and the beats of one frame per link.
func (g *Graph) resolve() (order, beats []int, err error) {
	beats = make([]int, len(g.links))
	for i := range beats {
		beats[i] = -1
	}
	done := make([]bool, len(g.nodes))
	for moved := true; moved; {
		moved = false
		for i, n := range g.nodes {
			in, known := at(beats, n.in)
			if done[i] || !known {
				continue
			}
			done[i], moved = true, true
			order = append(order, i)
			out, e := flowOf(n.block, g.frames(), in)
			if e != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", n.name, e))
			}
			for j, l := range n.out {
				beats[l] = out[j]
			}
		}
	}
	if len(order) < len(g.nodes) {
		err = errors.Join(err, errors.New("graph: blocks in a loop"))
	}
	return order, beats, err
}

// at returns the beats at links, and whether all are known.
func at(beats, links []int) (list []int, known bool) {
	for _, l := range links {
		if beats[l] < 0 {
			return nil, false
		}
		list = append(list, beats[l])
	}
	return list, true
}

// flowOf returns the beats at the outputs, whatever comes.
func flowOf(b Block, frames int, in []int) ([]int, error) {
	if m, ok := b.(mesh); ok {
		return m.flow(frames, in)
	}
	if s, ok := b.(Source); ok && s.Beats == 0 {
		return []int{0}, errors.New("source Beats: 0, want >= 1")
	}
	takes, gives := b.(Stage).beats()
	if len(in) == 0 {
		return []int{gives}, nil
	}
	var err error
	if takes != 0 && takes != in[0] {
		err = fmt.Errorf("%T takes %d beats a frame, gets %d", b, takes, in[0])
	}
	if gives == 0 {
		gives = in[0]
	}
	return []int{gives}, err
}

// startOf makes the running block.
func startOf(b Block, frames int, in, out []int) unit {
	if m, ok := b.(mesh); ok {
		return m.build(frames, in, out)
	}
	first := func(list []int) int {
		if len(list) == 0 {
			return 0
		}
		return list[0]
	}
	return solo{b.(Stage).start(frames, first(in), first(out))}
}
