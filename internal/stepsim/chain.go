package stepsim

import (
	"errors"
	"fmt"
	"strconv"
)

// Chain is a linear pipeline: a Source, any stages, a Sink.
type Chain struct {
	Stages     []Stage
	Frames     int  // pushed back to back; 0 means 1
	Handshakes bool // record the cycle of every handshake of every edge
	Timelines  bool // record the name of every cycle of every process
}

// Run simulates until the last beat of the last frame has left. It fails where stages take other beats than
// they get, with a *StuckError when nothing can move any more, or with one when maxCycles have passed; Result
// then holds what happened so far.
func (c Chain) Run(maxCycles Cycle) (Result, error) {
	beats, err := c.edgeBeats()
	if err != nil {
		return Result{}, err
	}
	if maxCycles < 1 {
		return Result{}, fmt.Errorf("max cycles: %d, want >= 1", maxCycles)
	}
	r, err := c.start(beats)
	if err != nil {
		return Result{}, err
	}
	err = r.steps(maxCycles)
	return r.result(), err
}

// start builds the graph of the chain: the stages, joined by wires.
func (c Chain) start(beats []int) (*run, error) {
	g := &Graph{Frames: c.Frames, Handshakes: c.Handshakes, Timelines: c.Timelines}
	var in []Edge
	for i, s := range c.Stages {
		var out []Edge
		if i < len(beats) {
			out = append(out, g.wire(strconv.Itoa(i)))
		}
		if src, ok := s.(Source); ok {
			src.Beats = beats[0]
			s = src
		}
		g.AddBlock(strconv.Itoa(i), s, in, out)
		in = out
	}
	return g.start(chainLabel)
}

// chainLabel returns for example array3.
func chainLabel(_ *Graph, node int, k Kind) string { return fmt.Sprintf("%s%d", k, node) }

// result tells what happened in a chain: nodes and links are numbered as stages and edges are.
func (r *run) result() Result {
	res := Result{Total: r.total, Edges: r.traces, Processes: r.processes}
	for _, n := range r.nodes {
		if n.fifo != nil {
			res.FIFOs = append(res.FIFOs, *n.fifo)
		}
	}
	return res
}

// edgeBeats carries the number of beats from the source to the sink.
func (c Chain) edgeBeats() ([]int, error) {
	_, now := c.Stages[0].beats()
	for _, s := range c.Stages[1:] {
		if in, _ := s.beats(); now == 0 {
			now = in
		}
	}
	if now == 0 {
		return nil, errors.New("stage 0: source Beats: 0, and no stage says how many beats a frame has")
	}
	edges := []int{now}
	var errs []error
	for i, s := range c.Stages[1 : len(c.Stages)-1] {
		in, out := s.beats()
		if in != 0 && in != now {
			errs = append(errs, fmt.Errorf("stage %d: %T takes %d beats a frame, gets %d", i+1, s, in, now))
		}
		if out != 0 {
			now = out
		}
		edges = append(edges, now)
	}
	return edges, errors.Join(errs...)
}
