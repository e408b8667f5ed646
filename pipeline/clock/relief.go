package clock

import (
	"slices"

	"github.com/convsim/convsim/pipeline"
)

// Relief is what frees a deadlock by deepening FIFOs: each depth is the smallest one
// that does, the others being as they are.
type Relief struct {
	Edge  string   `json:"fifo"`
	Was   int      `json:"was"`
	Depth int      `json:"depth"`          // 0: no depth of FIFOs was found that frees the design
	Also  []Relief `json:"also,omitempty"` // to be deepened, too: one alone is not enough
}

// Unbounded is the depth of a FIFO that stands for one of any depth.
const Unbounded = 1 << 20

// mostReliefs bounds the FIFOs that are deepened together.
const mostReliefs = 64

// Relieve finds the least that frees a deadlock: of the FIFOs that wait for room in
// its loop, and of the wires, the one that alone does so with fewest bits more; where
// none does, several. nil when nothing in the loop waits for room.
func Relieve(p *pipeline.Plan, o Options, d *Deadlock) (*Relief, error) {
	r := &reliever{plan: p, options: o}
	candidates := blockedOn(d)
	if len(candidates) == 0 {
		return nil, nil
	}
	var best *Relief
	bits := 0
	for _, edge := range candidates {
		at := r.edge(edge)
		depth, err := r.least(p, edge)
		if err != nil {
			return nil, err
		}
		if more := (depth - at.Depth) * at.Stream.Bits(); depth > 0 && (best == nil || more < bits) {
			best, bits = &Relief{Edge: edge, Was: at.Depth, Depth: depth}, more
		}
	}
	if best != nil {
		return best, nil
	}
	return r.together(d)
}

// blockedOn are the edges in a deadlock's loop that a stage waits for room on: FIFOs
// before wires.
func blockedOn(d *Deadlock) []string {
	var fifos, wires []string
	for _, w := range d.Waits {
		switch {
		case !w.Loop || w.For != "room" || w.Edge == "":
		case w.Depth > 0:
			fifos = append(fifos, w.Edge)
		default:
			wires = append(wires, w.Edge)
		}
	}
	return append(fifos, wires...)
}

type reliever struct {
	plan    *pipeline.Plan
	options Options
}

func (r *reliever) edge(name string) pipeline.Edge {
	i := slices.IndexFunc(r.plan.Edges, func(e pipeline.Edge) bool { return e.Name == name })
	return r.plan.Edges[i]
}

// least is the smallest depth of an edge with which a plan finishes, 0 if there is
// none.
func (r *reliever) least(p *pipeline.Plan, edge string) (int, error) {
	most, _, err := r.finishes(p, edge, Unbounded)
	if err != nil || most < 0 {
		return 0, err
	}
	lo := r.edge(edge).Depth // deadlocks
	hi := max(most, lo+1)    // finishes
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		most, _, err := r.finishes(p, edge, mid)
		if err != nil {
			return 0, err
		}
		if most >= 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi, nil
}

// finishes runs a plan with one edge of another depth. It returns how many beats that
// edge held at most, -1 and the deadlock if the plan does not finish.
func (r *reliever) finishes(p *pipeline.Plan, edge string, depth int) (most int, dead *Deadlock, err error) {
	result, err := Solve(p.WithDepth(edge, depth), r.options)
	if err != nil {
		if isClosed(r.options.Done) {
			return 0, nil, err
		}
		dead, _ = err.(*Deadlock)
		return -1, dead, nil
	}
	for _, e := range result.Edges {
		if e.Name == edge {
			return int(e.MaxOccupancy), nil, nil
		}
	}
	return depth, nil, nil
}

// together opens FIFO after FIFO until the plan finishes, and then makes each as
// shallow as the others let it be.
func (r *reliever) together(d *Deadlock) (*Relief, error) {
	first := blockedOn(d)[0]
	none := &Relief{Edge: first, Was: r.edge(first).Depth}
	p, opened := r.plan, []string{}
	for done := false; !done; {
		next := slices.DeleteFunc(blockedOn(d), func(e string) bool { return slices.Contains(opened, e) })
		if len(next) == 0 || len(opened) == mostReliefs {
			return none, nil
		}
		opened = append(opened, next[0])
		most, dead, err := r.finishes(p, next[0], Unbounded)
		if err != nil {
			return nil, err
		}
		if done = most >= 0; !done && dead == nil {
			return none, nil // it ends with beats left over
		}
		p, d = p.WithDepth(next[0], Unbounded), dead
	}
	return r.shallow(p, opened)
}

// shallow makes FIFOs without end, with which a plan finishes, as shallow as they may
// be, one after the other.
func (r *reliever) shallow(p *pipeline.Plan, opened []string) (*Relief, error) {
	var list []Relief
	for _, edge := range opened {
		was := r.edge(edge).Depth
		depth := was
		if most, _, err := r.finishes(p, edge, was); err != nil {
			return nil, err
		} else if most < 0 {
			if depth, err = r.least(p, edge); err != nil {
				return nil, err
			}
			list = append(list, Relief{Edge: edge, Was: was, Depth: depth})
		}
		p = p.WithDepth(edge, depth)
	}
	list[0].Also = list[1:]
	return &list[0], nil
}
