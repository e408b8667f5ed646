package clock

import "github.com/convsim/convsim/pipeline"

// Relief is what frees a deadlock by deepening the FIFO that is full in its
// loop.
type Relief struct {
	Edge  string
	Depth int // the smallest that frees it; 0: no depth of that FIFO alone does
}

// Unbounded is the depth of a FIFO that stands for one of any depth.
const Unbounded = 1 << 20

// Relieve finds the smallest depth of the deadlock's culprit with which the
// plan finishes; nil when no FIFO is to blame.
func Relieve(p *pipeline.Plan, o Options, d *Deadlock) (*Relief, error) {
	if d.Culprit == "" {
		return nil, nil
	}
	relief := &Relief{Edge: d.Culprit}
	ok, most, err := finishes(p, o, d.Culprit, Unbounded)
	if err != nil || !ok {
		return relief, err
	}
	lo, hi := d.Depth, max(most, d.Depth+1) // lo deadlocks, hi finishes
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		ok, _, err := finishes(p, o, d.Culprit, mid)
		if err != nil {
			return nil, err
		}
		if ok {
			hi = mid
		} else {
			lo = mid
		}
	}
	relief.Depth = hi
	return relief, nil
}

// finishes reports whether the plan does with one edge of another depth, and
// how many beats that edge held at most.
func finishes(p *pipeline.Plan, o Options, edge string, depth int) (ok bool, most int, err error) {
	r, err := Solve(p.WithDepth(edge, depth), o)
	if err != nil {
		if isClosed(o.Done) {
			return false, 0, err
		}
		return false, 0, nil
	}
	for _, e := range r.Edges {
		if e.Name == edge {
			return true, int(e.MaxOccupancy), nil
		}
	}
	return true, depth, nil
}
