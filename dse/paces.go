package dse

import (
	"sync"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// maxPaces bounds the memory of paces, about 20 MB.
const maxPaces = 1 << 16

// paces remembers the times of folded layers: most points of a space differ in what time does not depend on, such as
// lanes that stand idle. It is safe for concurrent use and never changes a result.
type paces struct {
	mu    sync.Mutex
	known map[string]pace
	work  sync.Pool // of *clock.Workspace
}

type pace struct {
	sim.Pace
	err error
}

func newPaces() *paces { return &paces{known: map[string]pace{}} }

// of is the pace of a design, simulated unless it is known.
func (p *paces) of(d machine, frames int64) (sim.Pace, error) {
	key := string(d.TimingKey(nil, frames))
	p.mu.Lock()
	found, known := p.known[key]
	p.mu.Unlock()
	if known {
		return found.Pace, found.err
	}
	w, ok := p.work.Get().(*clock.Workspace)
	if !ok {
		w = &clock.Workspace{}
	}
	found.Pace, found.err = d.Pace(frames, w)
	p.work.Put(w)
	if found.err != nil {
		found.err = whyNot(found.err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= maxPaces {
		clear(p.known)
	}
	p.known[key] = found
	return found.Pace, found.err
}
