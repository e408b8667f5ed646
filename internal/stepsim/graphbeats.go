package stepsim

import (
	"errors"
	"fmt"
)

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
