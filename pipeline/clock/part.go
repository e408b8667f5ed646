package clock

import "slices"

// part is some of a plan that repeats itself alone: processes and the edges between them, and
// one side of the driving process.
type part struct {
	f      *forwarder
	memory *states // of its own, where states of others are much larger
	owner  int     // number of the driving process
	show   func(v *Registers)
	procs  []int
	edges  []int
	tally  tally
	gates  []gated
	past   []*Registers // newest last
	shifts []int64      // of every section in one period
	mover  Registers
	spent  int64 // numbers taken so far, less what successes were worth, as of a track
}

// gated finds the gates of the part.
func (p *part) gated() {
	for _, g := range p.f.gates {
		if slices.Contains(p.procs, g.owner) {
			p.gates = append(p.gates, g)
		}
	}
}

// forget starts the search anew: after a skip of the whole plan what is kept of the past
// does not lie where the memory of the driving process has it.
func (p *part) forget() {
	for _, v := range p.past {
		p.memory.keep(v)
	}
	p.past = p.past[:0]
}

// keep keeps a state, and of those before it so many.
func (p *part) keep(v *Registers, most int) {
	if len(p.past) == most {
		p.memory.keep(p.past[0])
		p.past = p.past[:copy(p.past, p.past[1:])]
	}
	p.past = append(p.past, v)
}

// capture takes the state of the part.
func (p *part) capture(base Cycle) *Registers {
	p.f.s.segments.write()
	v := p.memory.take()
	v.reset(base)
	p.visit(v)
	p.tally.note(v)
	p.f.note(v)
	p.spent += v.size()
	return v
}

// paid reports whether the beats simulated pay for taking one more state.
func (p *part) paid() bool { return p.spent <= p.f.s.moved()/price+spare }

// found notes that the search was worth it.
func (p *part) found() { p.spent = min(p.spent, p.f.s.moved()/price) }

// visit shows v the side, and the processes and edges.
func (p *part) visit(v *Registers) {
	v.owner = p.owner
	p.show(v)
	p.members(v)
}

// members shows v the processes and edges.
func (p *part) members(v *Registers) {
	s := p.f.s
	for _, i := range p.procs {
		v.owner = i
		s.procs[i].Registers(v)
	}
	for _, i := range p.edges {
		v.owner = len(s.procs) + i
		s.edges[i].registers(v)
	}
}

// same reports whether the states are equal and all gates of the part in phase, as inPhase
// and same of the whole plan, and notes how far the sections moved.
func (p *part) same(old, now *Registers, loose bool) bool {
	same := !now.blind && inPhase(p.gates, now.base-old.base, loose) && p.f.same(old, now, loose)
	p.shifts = append(p.shifts[:0], p.f.shifts...)
	return same
}

// periods returns for how many more periods all loops of the part look the same, if the
// side does for so many; some have gone by since.
func (p *part) periods(old, now *Registers, gone, most int64) int64 {
	s := p.f.s
	n := min(most, int64(s.horizon-1-p.tally.latest())/int64(now.base-old.base))
	for i, b := range old.sections {
		shift := p.shifts[i]
		switch {
		case shift == 0 || b.owner == p.owner || p.f.isOff(b.owner):
		case b.owner < len(s.procs):
			n = min(n, s.procs[b.owner].Alike(b.part, b.count+gone*shift, shift))
		default:
			n = min(n, s.edges[b.owner-len(s.procs)].alike(shift))
		}
	}
	return n
}

// skip skips n times what lies between old and now.
func (p *part) skip(old, now *Registers, n int64) {
	period := now.base - old.base
	p.f.stay(old, p.shifts)
	p.f.s.segments.write()
	p.mover = Registers{skip: true, shifts: p.shifts, periods: n, period: period, time: Cycle(n) * period}
	p.visit(&p.mover)
	p.f.again(old, now, n, &p.tally)
	p.f.lull.since = p.f.s.moved()
	p.f.s.segments.lose()
	p.f.s.wakeAll()
}
