package clock

import (
	"fmt"
	"slices"
)

// Asker is a process that offers nothing unless all its consumers are ready: it
// asks Edge.Accepts, and is woken whenever what the answer depends on may have
// become known.
type Asker interface{ Asks() }

// Accepter is a process of which an Asker may ask when it would take a beat.
type Accepter interface {
	// Accepts finds the first cycle from t on in which the process would take a
	// beat at one of its inputs, if none has been offered there; false when that is
	// not known yet.
	Accepts(in *Edge, t Cycle) (Cycle, bool)
}

// Accepts finds the first cycle from t on in which the edge would take a beat
// from its producer, which has none on offer; false when that is not known yet.
func (e *Edge) Accepts(t Cycle) (Cycle, bool) {
	if e.depth > 0 {
		room, ok := e.room()
		return max(t, room), ok
	}
	a, ok := e.consumer.(Accepter)
	if !ok {
		return 0, false
	}
	return a.Accepts(e, t)
}

// Wake sees to it that the consumer advances.
func (e *Edge) Wake() { e.wakeConsumer.wake() }

// Sinks reports whether the edge is a wire to a sink.
func (e *Edge) Sinks() bool {
	_, ok := e.consumer.(*Sink)
	return ok && e.depth == 0
}

// InVain notes that a beat was offered to the sink in cycle t, in which it took none.
func (e *Edge) InVain(t Cycle) {
	a := &e.consumer.(*Sink).account
	a.Wait(Starved, t)
	a.Wait(Throttled, t+1)
}

// room is the first cycle in which the FIFO has room for the next beat; false
// when that is not known yet.
func (e *Edge) room() (Cycle, bool) {
	gone, left, size := e.slots()
	k := e.sent - size
	switch {
	case k < 0:
		return 0, true
	case left <= k || e.lacksPops <= k && !e.bring(k):
		return 0, false
	}
	return gone[k&e.mask] + 1, true
}

// slots are the places of which one must be empty for a beat to enter: when beats
// left them, how many have, and how many places there are.
func (e *Edge) slots() (gone []Cycle, left, size int64) {
	if e.ram != nil {
		return e.ram.reads, e.ram.read, e.ram.size
	}
	return e.pops, e.taken, e.reuse
}

// findAskers finds, per process, those to wake when it has moved: askers in front
// of it with nothing but wires and other processes between, or at last a FIFO.
func (s *solver) findAskers() error {
	if !s.asked {
		return nil
	}
	makers := map[*Edge]int{}
	for i := range s.procs {
		for _, e := range s.procs[i].out {
			makers[e] = i
		}
	}
	near := make([][]int, len(s.procs)) // askers by wires alone
	for i := range s.procs {
		p := &s.procs[i]
		for _, e := range p.in {
			maker := makers[e]
			askers := near[maker]
			if _, ok := s.procs[maker].Process.(Asker); ok {
				askers = append(slices.Clone(askers), maker)
			}
			p.askers = append(p.askers, askers...)
			if e.depth > 0 {
				continue
			}
			near[i] = append(near[i], askers...)
			if _, ok := p.Process.(Accepter); !ok && len(askers) > len(near[maker]) {
				return fmt.Errorf("clock: %s cannot say when it is ready, which what is in front of it by a wire must know",
					p.Accounts()[0].Name)
			}
		}
	}
	return nil
}
