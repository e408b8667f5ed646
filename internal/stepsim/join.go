package stepsim

import "fmt"

// Join makes one beat of one from every input, without a register: all move in the same cycle.
type Join struct{}

func (Join) kinds() []Kind                         { return []Kind{KindJoin} }
func (s Join) flow(_ int, in []int) ([]int, error) { return alike(in) }
func (s Join) build(frames int, in, _ []int) unit  { return &join{events(frames * in[0])} }

// alike refuses inputs that do not bring as many beats each.
func alike(in []int) ([]int, error) {
	for _, n := range in[1:] {
		if n != in[0] {
			return []int{in[0]}, fmt.Errorf("inputs of %d and %d beats a frame, want as many", in[0], n)
		}
	}
	return []int{in[0]}, nil
}

type join struct{ left events }

// allBut reports whether every link but one is valid.
func allBut(links []*link, but int) bool {
	for i, l := range links {
		if i != but && !l.valid {
			return false
		}
	}
	return true
}

func (j *join) offer(_ Cycle, p ports) { p.out[0].valid = allBut(p.in, -1) }

func (j *join) accept(p ports) {
	for i, l := range p.in {
		l.ready = p.out[0].ready && allBut(p.in, i)
	}
}

func (j *join) commit(p ports, names []Name) bool {
	names[0] = j.left.crossing(p.out[0])
	return p.out[0].moves()
}

// Eltwise is FINN's elementwise operation of two streams: a side register per input, credits, a pipeline of
// two cycles and a queue.
type Eltwise struct{}

func (Eltwise) kinds() []Kind                       { return []Kind{KindJoin} }
func (Eltwise) flow(_ int, in []int) ([]int, error) { return alike(in) }

const (
	eltwiseLatency = 2
	eltwiseCredits = 8
)

func (Eltwise) build(frames int, in, _ []int) unit {
	return &eltwise{resultQueue: newResultQueue(eltwiseLatency), left: events(frames * in[0])}
}

type eltwise struct {
	resultQueue
	left events
	held [2]bool // side registers
}

func (e *eltwise) offer(_ Cycle, p ports) { p.out[0].valid = e.resultQueue.full }

func (e *eltwise) accept(p ports) {
	for i, l := range p.in {
		l.ready = !e.held[i]
	}
}

func (e *eltwise) commit(p ports, names []Name) bool {
	a, b := e.held[0] || p.in[0].valid, e.held[1] || p.in[1].valid
	take := a && b && e.used < eltwiseCredits
	names[0] = e.left.named(take, !a || !b)
	e.held = [2]bool{a && !take, b && !take}
	moved := e.step(take, p.out[0].ready)
	return moved || p.in[0].moves() || p.in[1].moves()
}
