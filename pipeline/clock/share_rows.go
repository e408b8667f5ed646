package clock

import (
	"cmp"
	"math/bits"
	"slices"
)

// rows are those of a port that go on at the same time. Each is a bit in sets of them, in the
// order in which the port serves those that asked in one cycle, so that all of a cycle are
// served, and counted, at once.
type rows struct {
	turns []*turn // by their bits
	sizes []size
	asks  [most]ask // a ring
	first int       // of asks: the oldest,
	asked int       // and how many of them there are
	// left is how many beats are left behind the next one: of all rows the lowest binary digit,
	// then the second, and so on.
	left [16]uint64
}

// most is how many there may be, and mostLeft how many beats of one.
const (
	most     = 64
	mostLeft = 1 << 16
)

// everyone is the set of all rows.
const everyone = 1<<most - 1

// size is what a beat of some rows takes of the port, in parts of a cycle.
type size struct {
	parts int64
	of    uint64
}

// ask is a cycle, and the rows whose next beats have asked in it.
type ask struct {
	request Cycle
	who     uint64
}

// find gives those of a port's turns a bit whose beats may go on in rows: if these are too many,
// those of the most beats.
func (g *rows) find(turns []*turn) {
	var able []*turn
	for _, t := range turns {
		if t.row.follower != nil {
			able = append(able, t)
		}
	}
	slices.SortStableFunc(able, func(a, b *turn) int { return cmp.Compare(b.row.reader.total, a.row.reader.total) })
	for len(able) > most {
		able[len(able)-1].row.follower = nil
		able = able[:len(able)-1]
	}
	for _, t := range turns {
		t.earlier = 1<<len(g.turns) - 1
		if t.row.reader == nil {
			t.earlier = everyone
		}
		if t.row.follower != nil {
			t.row.bit = len(g.turns)
			g.turns = append(g.turns, t)
			g.weigh(t)
		}
	}
}

// weigh notes what a beat of a row takes of the port.
func (g *rows) weigh(t *turn) {
	parts := int64(t.cycles)*t.port.num + t.parts
	i := slices.IndexFunc(g.sizes, func(s size) bool { return s.parts == parts })
	if i < 0 {
		i, g.sizes = len(g.sizes), append(g.sizes, size{parts: parts})
	}
	g.sizes[i].of |= 1 << t.row.bit
}

// begin has a row of so many more beats ask for the first of them.
func (g *rows) begin(bit int, beats int64, request Cycle) {
	for i := range g.left {
		g.left[i] = g.left[i]&^(1<<bit) | uint64((beats-1)>>i&1)<<bit
	}
	g.ask(request, 1<<bit)
}

// ask notes that rows ask in a cycle, which is none before those in which others have.
func (g *rows) ask(request Cycle, who uint64) {
	behind := g.first + g.asked
	if newest := &g.asks[(behind+most-1)%most]; g.asked > 0 && newest.request == request {
		newest.who |= who
	} else if who != 0 {
		g.asks[behind%most] = ask{request, who}
		g.asked++
	}
}

// served takes rows out of those that asked first.
func (g *rows) served(who uint64) {
	if a := &g.asks[g.first]; a.who == who {
		g.first, g.asked = (g.first+1)%most, g.asked-1
	} else {
		a.who &^= who
	}
}

// parts is what beats of some rows take of the port.
func (g *rows) parts(of uint64) (sum int64) {
	for i := range g.sizes {
		sum += g.sizes[i].parts * int64(bits.OnesCount64(g.sizes[i].of&of))
	}
	return sum
}

// few is how many rows are looked at one by one.
const few = 4

// fitting are the first of some rows whose beats take no more than some parts of the port.
func (g *rows) fitting(who uint64, room int64) (fit uint64, parts int64) {
	if bits.OnesCount64(who) <= few {
		for ; who != 0; who &= who - 1 {
			t := g.turns[bits.TrailingZeros64(who)]
			more := parts + int64(t.cycles)*t.port.num + t.parts
			if more > room {
				break
			}
			fit, parts = fit|who&-who, more
		}
		return fit, parts
	}
	if parts = g.parts(who); parts <= room {
		return who, parts
	}
	parts = 0
	for at, n := 0, most/2; n > 0; n /= 2 {
		next := who & ((1<<n - 1) << at)
		if more := g.parts(next); parts+more <= room {
			fit, parts, at = fit|next, parts+more, at+n
		}
	}
	return fit, parts
}

// count counts a beat of each of some rows, and returns those of which it was the last.
func (g *rows) count(who uint64) (ended uint64) {
	for i := range g.left {
		if who == 0 {
			return 0
		}
		were := g.left[i]
		g.left[i] ^= who
		who &^= were
	}
	return who
}

// done is how many beats of a row have been granted.
func (g *rows) done(bit int) int64 {
	left := int64(1)
	for i, digits := range g.left {
		left += int64(digits>>bit&1) << i
	}
	return g.turns[bit].row.beats - left
}

// ahead are the rows that asked first and are served before whoever else is next.
func (p *port) ahead() uint64 {
	if p.rows.asked == 0 {
		return 0
	}
	a, t := &p.rows.asks[p.rows.first], p.next()
	switch {
	case t == nil || a.request < t.request:
		return a.who
	case a.request > t.request:
		return 0
	}
	return a.who & t.earlier
}

// serveRows grants beats of rows that asked up to a cycle, as long as they are ahead. Beats that
// would move from cycle end on do not go on; it reports whether there were some.
func (p *port) serveRows(until, end Cycle) bool {
	g := &p.rows
	for who := p.ahead(); who != 0; who = p.ahead() {
		request := g.asks[g.first].request
		if request > until {
			return false
		}
		at := Cycle(0)
		who, at = p.together(who, request)
		g.served(who)
		if at >= end {
			p.hand(who, request, at)
			return true
		}
		if ended := g.count(who); ended != 0 {
			p.end(ended, at)
			who &^= ended
		}
		g.ask(at+1, who)
	}
	return false
}

// together serves the first of some rows that asked in one cycle, and as many of the next as
// move in the same cycle, which it returns.
func (p *port) together(who uint64, request Cycle) (first uint64, at Cycle) {
	if p.free < request {
		p.free, p.rest = request, 0
	}
	one := bits.TrailingZeros64(who)
	if t := p.rows.turns[one]; t.cycles > 0 || p.rest+t.parts >= p.num { // it moves alone
		return 1 << one, p.occupy(t)
	}
	fit, parts := p.rows.fitting(who, p.num-p.rest)
	p.grants += int64(bits.OnesCount64(fit))
	if at = p.free; p.rest+parts == p.num {
		p.free, p.rest = p.free+1, 0
	} else {
		p.rest += parts
	}
	return fit, at
}

// end ends rows whose last beats were granted for a cycle.
func (p *port) end(ended uint64, at Cycle) {
	for ; ended != 0; ended &= ended - 1 {
		t := p.rows.turns[bits.TrailingZeros64(ended)]
		t.row.tell(t.row.beats, at)
		t.request = at + 1
		p.wait(t)
	}
}

// hand ends rows whose next beats, asked for in cycle request, were granted for cycle at: those
// move by themselves.
func (p *port) hand(who uint64, request, at Cycle) {
	for ; who != 0; who &= who - 1 {
		bit := bits.TrailingZeros64(who)
		t := p.rows.turns[bit]
		t.row.tell(p.rows.done(bit), request-1)
		t.request, t.at, t.granted = request, at, true
		t.waker.wake()
	}
}

// tellRows ends all rows.
func (s *solver) tellRows() {
	for _, p := range s.ports {
		for g := &p.rows; g.asked > 0; {
			a := g.asks[g.first]
			g.served(a.who)
			for who := a.who; who != 0; who &= who - 1 {
				bit := bits.TrailingZeros64(who)
				t := g.turns[bit]
				t.row.tell(g.done(bit), a.request-1)
				t.request = a.request
				p.wait(t)
			}
		}
	}
}
