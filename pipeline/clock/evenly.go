package clock

import "slices"

// evenly looks for frames that repeat themselves but for ends of which nobody can tell in
// which phase they are: all later ones do then, too, and the mean interval is known long
// before the ends are in phase again.
//
// From any cycle on a pattern opens for the n-th time less than its period later than it does
// in another phase. So a source is less than a period late, counted from a beat that found no
// room for so long that none before it matters. If there is one in each frame, and all beats
// are on offer a period before they could be taken, the first stage never can tell when they
// came. And a sink holds up nothing if it takes every beat before the next one comes, however
// long its pattern is closed.
type evenly struct {
	enough       int64   // frames whose ends are to be known; 0: nothing is looked for
	source, sink *apart  // nil: it has no pattern
	spaced       *spaced // at the sink
	under        Cycle   // a beat is under way to the sink
}

// spaced counts beats that come before the one before them is sure to be gone.
type spaced struct {
	most  Cycle // that a beat stays
	last  Cycle // when the newest one was offered
	close int64
}

// offered notes a beat on offer from cycle t on.
func (p *spaced) offered(t Cycle) {
	if t <= p.last+p.most {
		p.close++
	}
	p.last = t
}

// far is what a state says of ends that are to be left out in any phase.
type far struct {
	tight, close int64 // beats of which the plan could tell in some phase
	settled      bool  // in the frame before some beat of the source had waited long for room, and has left
}

// mostListed bounds the periods of sinks that are looked at opening by opening.
const mostListed = 1 << 10

// evenly begins to look, if the ends of so many frames and the mean interval are all that is asked for.
func (f *forwarder) evenly(enough int64) {
	f.even = evenly{}
	for _, g := range f.gates {
		switch end := f.s.procs[g.owner].Process.(type) {
		case *Source:
			if f.even.source = f.of(g.owner); f.even.source == nil {
				return
			}
		case *Sink:
			e := end.in
			if f.even.sink != nil || g.period > mostListed || e.ram != nil || e.watched || end.pace != None {
				return
			}
			f.even.sink = f.newEnd(&apart{sink: end, fifo: e, owner: g.owner})
			if e.depth > 0 {
				f.even.under = Cycle(e.latency)
			}
			f.even.spaced = &spaced{most: longestClosed(end.gate) + f.even.under + 1, last: -Never}
			e.spaced = f.even.spaced
		default:
			return
		}
	}
	f.even.enough = enough
}

// longestClosed is for how many cycles in a row a gate is closed at most.
func longestClosed(g Gate) Cycle {
	most, first := Cycle(0), g.Next(0)
	for t := first; t < first+g.Period(); {
		next := g.Next(t + 1)
		most, t = max(most, next-t-1), next
	}
	return most
}

// note notes in a state at the end of a frame what is to be known of the ends.
func (e *evenly) note(v *Registers) {
	v.far = far{settled: true}
	if a := e.source; a != nil {
		v.far.tight, v.far.settled = a.tight, a.reset >= 0 && a.reset < a.fifo.taken+a.fifo.skipped
		a.reset = -1
	}
	if e.spaced != nil {
		v.far.close = e.spaced.close
	}
}

// frames reports whether the newest two frames were even, and all later ones will be, and
// notes that as the period, and when those yet to come will end. Where ends would not be in
// phase again within the run, nothing is said, as nothing is found then by looking at the
// whole plan.
func (f *forwarder) frames(tr *track, now *Registers) bool {
	e, n := &f.even, len(tr.past)
	if e.enough == 0 || n < 3 || now.blind {
		return false
	}
	sink := &f.s.sinks[0].log
	done := int64(len(sink.lasts))
	mid, old := tr.past[n-2], tr.past[n-3]
	cycles, again := now.base-mid.base, int64(1) // frames until all ends are in phase again
	for _, g := range f.gates {
		again *= turns(g.period, Cycle(again)*cycles)
	}
	if sink.at != 0 || again >= min(f.s.sinks[0].total/sink.beats-done, int64(f.most(tr, Frame, now))) ||
		mid.base-old.base != cycles || !now.far.settled || old.far.close != now.far.close || mid.far.tight != now.far.tight ||
		!e.hidden(old, mid) || !e.alike(f.s, old, mid) || !e.alike(f.s, mid, now) {
		return false
	}
	f.period = Period{Frames: 1, Cycles: cycles, From: done - 1}
	f.tally.forever(mid, now)
	for later := cycles; int64(len(sink.lasts)) < e.enough; later += cycles {
		end := sink.lasts[done-1] + later
		if e.sink != nil {
			end = e.sink.gate().Next(e.spaced.last + e.under + later)
		}
		sink.lasts = append(sink.lasts, end)
	}
	return true
}

// hidden reports whether the plan could not tell the beats of the source between two states. When
// the first stage took the last one is part of its state, though three ends that are alike
// otherwise have told no other mean or end in any design tried: it costs a frame in one of 10,000.
func (e *evenly) hidden(old, now *Registers) bool {
	a := e.source
	return a == nil || old.bound[a.number] == now.bound[a.number] && now.rim[a.number]-old.rim[a.number] == now.base-old.base
}

// alike reports whether two states are, but for the ends.
func (e *evenly) alike(s *solver, old, now *Registers) bool {
	ends := []*apart{e.source, e.sink}
	for i, b := range now.sections {
		left := slices.ContainsFunc(ends, func(a *apart) bool { return a != nil && (b.owner == a.owner || b.owner == len(s.procs)+a.edge) })
		if !left && !alike(old, now, i) {
			return false
		}
	}
	return true
}
