package clock

import (
	"slices"

	"github.com/convsim/convsim/pipeline"
)

// Room are the depths of a plan's FIFOs, and what runs of the plan made of them; and behind
// them whether blocks let frames overlap, as FIFOs of 1 if they do and of 0 if not.
type Room struct {
	fifos []fifo
	edges int
}

type fifo struct {
	depth, held int64 // beats, and the most that were in it at the start of a cycle
	prompt      bool  // a deeper one would change nothing that is asked for
}

// Hasty is a block that room or beats which come earlier may make later.
type Hasty interface{ Hasty() }

// Parting is a block that may keep a frame waiting until the one before has left.
type Parting interface {
	Timed
	Overlapped() (b Timed, already bool) // one that does not, and whether it is one
}

// NewRoom is the room of a plan that has not run.
func NewRoom(p *pipeline.Plan) Room {
	r := Room{make([]fifo, 0, len(p.Edges)+1), len(p.Edges)}
	first := hasty(p)
	for _, e := range p.Edges {
		f := fifo{depth: int64(e.Depth), prompt: e.From.Node < first}
		if e.Memory != pipeline.ShiftRegisters { // where beats are within one depends on its depth
			f.held, f.prompt = f.depth, false
		}
		r.fifos = append(r.fifos, f)
	}
	for _, n := range p.Nodes {
		if b, ok := n.Block.(Parting); ok {
			f := fifo{prompt: true}
			if _, overlaps := b.Overlapped(); overlaps {
				f = fifo{depth: 1, held: 1}
			}
			r.fifos = append(r.fifos, f)
		}
	}
	return r
}

// hasty is the first node of a chain which beats that come earlier may make later, or else the
// last one; 0 where that is not known.
func hasty(p *pipeline.Plan) int {
	if Shared(p) || slices.ContainsFunc(p.Edges, func(e pipeline.Edge) bool { return e.From.Port > 0 || e.To.Port > 0 }) {
		return 0
	}
	for i, n := range p.Nodes {
		if _, ok := n.Block.(Hasty); ok {
			return i
		}
	}
	return len(p.Nodes) - 1
}

// Ran notes what a run of the plan held.
func (r Room) Ran(result *Result) {
	for i, u := range result.Edges {
		r.fifos[i].ran(u.MaxOccupancy, u.Waited)
	}
	r.turned(slices.ContainsFunc(result.Stages, func(s StageCycles) bool { return s.Of(Turnaround) > 0 }))
}

// Recurred notes what a run up to its first period held.
func (r Room) Recurred(found *Recurrence) {
	for i := range r.edges {
		r.fifos[i].ran(found.Held[i], found.Waited[i])
	}
	r.turned(found.Turned)
}

// turned notes whether some frame waited until the one before had left.
func (r Room) turned(some bool) {
	for i := r.edges; i < len(r.fifos); i++ {
		r.fifos[i].ran(0, some)
	}
}

func (f *fifo) ran(held int64, waited bool) {
	f.held, f.prompt = max(f.held, held), f.prompt && !waited
}

// Full notes that a run may have needed all the room there is, as one that stopped.
func (r Room) Full() {
	for i := range r.fifos {
		f := &r.fifos[i]
		f.held, f.prompt = f.depth, false
	}
}

// Serves reports whether outputs of a plan of the same shape with the room of o leave in
// the same cycles. A FIFO that starts no cycle full, neither here nor there, holds nothing
// up. One that holds beats up may be deeper if no beat behind them was waited for, or the
// array behind it never waited for one of those: all that comes earlier then is what is in
// front of it, or of the array. Frames of which none ever waited for the one before may overlap.
func (r Room) Serves(o Room) bool {
	for i, f := range r.fifos {
		depth := o.fifos[i].depth
		if depth != f.depth && f.held >= min(depth, f.depth) && !(f.prompt && depth > f.depth) {
			return false
		}
	}
	return true
}
