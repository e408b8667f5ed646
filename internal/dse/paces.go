package dse

import (
	"sync"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// maxPaces bounds the memory of paces, about 30 MB, and maxShape how many of one shape are looked through.
const (
	maxPaces = 1 << 16
	maxShape = 1 << 10
)

// paces remembers the times of folded layers: most points of a space differ in what time does not depend on, such as
// lanes that stand idle, or the depths of FIFOs that never fill up. It is safe for concurrent use and never changes a
// result.
type paces struct {
	mu     sync.Mutex
	known  map[string][]pace // by all that decides time but for the depths of FIFOs
	solved int               // simulated
	kept   int               // in known
	work   sync.Pool         // of *clock.Workspace
}

type pace struct {
	sim.Pace
	room clock.Room
	err  error
}

func newPaces() *paces { return &paces{known: map[string][]pace{}} }

// of is the pace of a design, simulated unless it is known.
func (p *paces) of(d machine, frames int64) (sim.Pace, error) {
	shape, room := d.TimingShape(nil, frames)
	key := string(shape)
	if found, known := p.find(key, room); known {
		return found.Pace, found.err
	}
	w, ok := p.work.Get().(*clock.Workspace)
	if !ok {
		w = &clock.Workspace{}
	}
	var found pace
	found.Pace, found.room, found.err = d.PaceAndRoom(frames, w)
	p.work.Put(w)
	if found.err != nil {
		found.err = whyNot(found.err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.solved++
	if p.kept >= maxPaces {
		clear(p.known)
		p.kept = 0
	}
	if len(p.known[key]) < maxShape {
		p.known[key] = append(p.known[key], found)
		p.kept++
	}
	return found.Pace, found.err
}

// find finds a known pace that is that of a design of so much room.
func (p *paces) find(key string, room clock.Room) (pace, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.known[key] {
		if k.room.Serves(room) {
			return k, true
		}
	}
	return pace{}, false
}
