package clock

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/convsim/convsim/pipeline"
)

// Share is a port of limited bandwidth, such as that of a DRAM, through which several
// ends of a plan move their beats. Ends of one Share have the same Name.
//
// An end asks for the port in the first cycle in which its next beat could move. Who
// asked first is served first; of those that asked in one cycle sources come before
// sinks, and then whoever is first in the plan. A beat occupies the port for its bytes
// over the bandwidth, as a fraction of cycles, from when it asked or the port is free,
// and moves in the cycle in which the last of its bytes does.
type Share struct {
	Name     string
	Num, Den int64 // bytes per cycle, Num/Den
}

// mostTurns is more than a plan has ends.
const mostTurns = 1 << 32

// mostParts keeps sums of fractions of a cycle within int64.
const mostParts = 1 << 31

// NewShare is a port of so many bytes a cycle, taken as the decimal number it prints as.
func NewShare(name string, bytesPerCycle float64) (Share, error) {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(bytesPerCycle, 'g', -1, 64))
	if !ok || r.Sign() <= 0 || !r.Num().IsInt64() || !r.Denom().IsInt64() ||
		r.Num().Int64() > mostParts || r.Denom().Int64() > mostParts {
		return Share{}, fmt.Errorf("bandwidth of %v bytes per cycle; allowed: a number above 0 of few digits", bytesPerCycle)
	}
	return Share{name, r.Num().Int64(), r.Denom().Int64()}, nil
}

// Given reports whether there is such a port.
func (s Share) Given() bool { return s != Share{} }

// PortOf is the port that an end shares with others; that of all else is not given.
func PortOf(b pipeline.Block) Share {
	if end, ok := b.(interface{ Port() Share }); ok {
		return end.Port()
	}
	return Share{}
}

// Check refuses a port that moves nothing.
func (s Share) Check() error {
	if s.Name == "" || s.Num < 1 || s.Den < 1 || s.Num > mostParts || s.Den > mostParts {
		return errors.New("a shared port without name or bandwidth")
	}
	return nil
}

// AppendKey appends all that decides the port's time.
func (s Share) AppendKey(dst []byte) []byte {
	return AppendInts(append(append(dst, s.Name...), 0), s.Num, s.Den)
}

// Alone is the cycles it takes to move so many beats through the port, none of which
// waits for anything but the one before.
func (s Share) Alone(beats, bytes int64) Cycle {
	parts := new(big.Int).Mul(big.NewInt(beats), big.NewInt(bytes*s.Den))
	parts.Add(parts, big.NewInt(s.Num-1))
	return Cycle(parts.Quo(parts, big.NewInt(s.Num)).Int64())
}

// port is a Share on its way through time.
type port struct {
	num    int64   // parts of a cycle
	turns  []*turn // in the order of the plan
	queue  []*turn // those that wait, the one that is served next first
	places []*turn // the memory of the queue, which moves through it
	moved  bool    // requests have been moved: their order may be another
	free   Cycle   // when the last beat granted has moved: in this cycle,
	rest   int64   // so many parts after its start
	grants int64
	rows   rows
}

// turn is the place of an end at its port.
type turn struct {
	port    *port
	number  int   // of those that ask in one cycle the least is served first
	cycles  Cycle // that a beat occupies the port for, and
	parts   int64 // parts of a cycle
	asked   bool  // for a beat that has not moved yet
	request Cycle // when
	granted bool
	at      Cycle // when the beat moves
	waker   waker
	row     row
	earlier uint64 // of the port's rows those that are served first of those that ask in one cycle
}

// turn makes the place of an end at the port of a Share, for beats of so many bytes.
func (p Ports) turn(s Share, bytes int64, reads bool) *turn {
	at := p.shares[s.Name]
	if at == nil {
		at = &port{num: s.Num}
		p.shares[s.Name] = at
	}
	parts := bytes * s.Den
	t := &turn{port: at, cycles: Cycle(parts / s.Num), parts: parts % s.Num}
	if t.number = len(at.turns); !reads {
		t.number += mostTurns
	}
	at.turns = append(at.turns, t)
	return t
}

// ask asks for the port in cycle t, unless that has been done, and returns when the
// beat moves once that is known.
func (t *turn) ask(from Cycle) (Cycle, bool) {
	if !t.asked {
		t.asked, t.request = true, from
		t.port.wait(t)
	}
	return t.at, t.granted
}

// moved ends the turn.
func (t *turn) moved() { t.asked, t.granted = false, false }

// wait puts a turn in its place among those that wait, which is mostly behind them.
func (p *port) wait(t *turn) {
	if len(p.queue) == cap(p.queue) {
		if most := 4 * len(p.turns); len(p.places) < most {
			p.places = make([]*turn, most)
		}
		p.queue = p.places[:copy(p.places, p.queue)]
	}
	i := len(p.queue)
	for p.queue = p.queue[:i+1]; i > 0 && t.before(p.queue[i-1]); i-- {
		p.queue[i] = p.queue[i-1]
	}
	p.queue[i] = t
}

// before reports which of two turns is served first.
func (t *turn) before(other *turn) bool {
	return t.request < other.request || t.request == other.request && t.number < other.number
}

// next is the turn that is served next, nil when nobody waits.
func (p *port) next() *turn {
	if p.moved {
		p.moved = false
		slices.SortFunc(p.queue, func(a, b *turn) int { return cmp.Or(cmp.Compare(a.request, b.request), a.number-b.number) })
	}
	if len(p.queue) == 0 {
		return nil
	}
	return p.queue[0]
}

// serve grants the port to the turn that is next.
func (p *port) serve(t *turn) {
	p.queue = p.queue[1:]
	if p.free < t.request {
		p.free, p.rest = t.request, 0
	}
	t.at, t.granted = p.occupy(t), true
}

// occupy occupies the port for a beat from when it is free, and returns when the beat moves.
func (p *port) occupy(t *turn) Cycle {
	p.free += t.cycles
	if p.rest += t.parts; p.rest >= p.num {
		p.free, p.rest = p.free+1, p.rest-p.num
	}
	p.grants++
	if p.rest == 0 {
		return p.free - 1
	}
	return p.free
}

// grant serves the earliest request among those of all ports, and reports whether there
// is one. It is asked when all processes have come to rest: whatever any of them asks for
// later follows from a beat that is not granted yet, and is later too. Of a row of beats only
// the port need know, so others are served as well.
func (s *solver) grant() bool {
	for !s.held && !isClosed(s.done) {
		p, at, next := s.earliest()
		if p == nil {
			return false
		}
		if at >= s.horizon {
			s.refused = min(s.refused, at)
			return false
		}
		if p.ahead() != 0 {
			if p.serveRows(next, s.horizon-1) {
				return true
			}
			continue
		}
		t := p.next()
		if p.serve(t); !t.begins() {
			t.waker.wake()
			return true
		}
	}
	return false
}

// earliest is the port at which whoever is served next has asked first, nil when nobody waits,
// when that was, and when the first of those at other ports has asked.
func (s *solver) earliest() (first *port, at, next Cycle) {
	at, next = Never, Never
	for _, p := range s.ports {
		if t := p.request(); t < at {
			first, at, next = p, t, at
		} else {
			next = min(next, t)
		}
	}
	return first, at, next
}

// request is when whoever is served next has asked, Never when nobody waits.
func (p *port) request() Cycle {
	at := Never
	if t := p.next(); t != nil {
		at = t.request
	}
	if p.rows.asked > 0 {
		at = min(at, p.rows.asks[p.rows.first].request)
	}
	return at
}

// registers shows the port and all who wait for it, by the first of its ends.
func (t *turn) registers(v *Registers) {
	if t.port.turns[0] != t {
		return
	}
	v.Section(t.port.grants)
	if v.Moving() {
		t.port.grants += v.Beats()
		t.port.moved = true
		v.Move(&t.port.free)
		return
	}
	v.Exact(t.port.free)
	v.Value(t.port.rest)
	// A request that stands while others are served ends what repeats when its time comes.
	for _, other := range t.port.turns {
		other.show(v)
	}
}

// show notes what the end waits for.
func (t *turn) show(v *Registers) {
	v.Flag(t.asked)
	v.Flag(t.granted)
	if t.asked {
		v.Exact(t.request)
	}
	if t.granted {
		v.Exact(t.at)
	}
}

func (t *turn) move(v *Registers) { v.Move(&t.request, &t.at) }

// share notes the port of a turn.
func (s *solver) share(t *turn) {
	if !slices.Contains(s.ports, t.port) {
		s.ports = append(s.ports, t.port)
	}
}

// Shared reports whether ends of a plan share a port.
func Shared(p *pipeline.Plan) bool {
	return slices.ContainsFunc(p.Nodes, func(n pipeline.Node) bool {
		return PortOf(n.Block).Given()
	})
}
