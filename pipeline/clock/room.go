package clock

import "github.com/convsim/convsim/pipeline"

// Room are the depths of a plan's FIFOs, and what runs of the plan made of them.
type Room struct{ fifos []fifo }

type fifo struct {
	depth, held int64 // beats, and the most that were in it at the start of a cycle
	prompt      bool  // a deeper one would change nothing behind it
}

// Hasty is a block that room or beats which come earlier may make later.
type Hasty interface{ Hasty() }

// NewRoom is the room of a plan that has not run.
func NewRoom(p *pipeline.Plan) Room {
	r := Room{make([]fifo, len(p.Edges))}
	chain := !Shared(p)
	for _, e := range p.Edges {
		chain = chain && e.From.Port == 0 && e.To.Port == 0
	}
	first := 0 // the first hasty node: in a chain those before are in front of it
	for _, ok := p.Nodes[first].Block.(Hasty); !ok && first < len(p.Nodes)-1; _, ok = p.Nodes[first].Block.(Hasty) {
		first++
	}
	for i, e := range p.Edges {
		f := fifo{depth: int64(e.Depth), prompt: chain && e.From.Node < first}
		if e.Memory != pipeline.ShiftRegisters { // where beats are within one depends on its depth
			f.held, f.prompt = f.depth, false
		}
		r.fifos[i] = f
	}
	return r
}

// Ran notes what a run of the plan held.
func (r Room) Ran(result *Result) {
	for i, u := range result.Edges {
		r.fifos[i].ran(u.MaxOccupancy, u.Waited)
	}
}

// Recurred notes what a run up to its first period held.
func (r Room) Recurred(found *Recurrence) {
	for i := range r.fifos {
		r.fifos[i].ran(found.Held[i], found.Waited[i])
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
// up. One that holds beats up may be deeper if no beat behind them was waited for: all
// that comes earlier then is what is in front of it.
func (r Room) Serves(o Room) bool {
	for i, f := range r.fifos {
		depth := o.fifos[i].depth
		if depth != f.depth && f.held >= min(depth, f.depth) && !(f.prompt && depth > f.depth) {
			return false
		}
	}
	return true
}
