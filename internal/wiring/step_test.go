package wiring

import "github.com/convsim/convsim/pipeline/clock"

// A naive network for tests, stepped cycle by cycle: every channel has a valid
// that looks upstream only and a ready that looks downstream only (a join's
// ready also sees the valid of its inputs).
type stepNet struct {
	from, to []stepper // of every channel
	all      []stepper
	moves    [][]clock.Cycle // of every channel
}

type stepper interface {
	valid(n *stepNet, ch int) bool
	ready(n *stepNet, ch int) bool
	commit(n *stepNet, moved func(ch int) bool)
	begin(t clock.Cycle)
}

func (n *stepNet) channel() int {
	n.from, n.to = append(n.from, nil), append(n.to, nil)
	n.moves = append(n.moves, nil)
	return len(n.from) - 1
}

func (n *stepNet) add(s stepper, in, out []int) {
	n.all = append(n.all, s)
	for _, c := range in {
		n.to[c] = s
	}
	for _, c := range out {
		n.from[c] = s
	}
}

// run steps until the channel last has moved so many beats, or idle cycles pass
// without any.
func (n *stepNet) run(last int, beats int64, idle clock.Cycle) (finished bool) {
	quiet := clock.Cycle(0)
	for t := clock.Cycle(0); int64(len(n.moves[last])) < beats; t++ {
		for _, s := range n.all {
			s.begin(t)
		}
		moved := make([]bool, len(n.from))
		quiet++
		for c := range moved {
			if moved[c] = n.from[c].valid(n, c) && n.to[c].ready(n, c); moved[c] {
				n.moves[c] = append(n.moves[c], t)
				quiet = 0
			}
		}
		if quiet > idle {
			return false
		}
		for _, s := range n.all {
			s.commit(n, func(c int) bool { return moved[c] })
		}
	}
	return true
}

type stepSource struct {
	out  int
	open func(clock.Cycle) bool
	left int64
	held bool
}

func (s *stepSource) begin(t clock.Cycle)      { s.held = s.held || s.left > 0 && s.open(t) }
func (s *stepSource) valid(*stepNet, int) bool { return s.held }
func (s *stepSource) ready(*stepNet, int) bool { return false }
func (s *stepSource) commit(_ *stepNet, moved func(int) bool) {
	if moved(s.out) {
		s.held = false
		s.left--
	}
}

type stepSink struct {
	open func(clock.Cycle) bool
	now  bool
}

func (s *stepSink) begin(t clock.Cycle)             { s.now = s.open(t) }
func (s *stepSink) valid(*stepNet, int) bool        { return false }
func (s *stepSink) ready(*stepNet, int) bool        { return s.now }
func (s *stepSink) commit(*stepNet, func(int) bool) {}

// stepFIFO keeps the occupancy figures of its edge.
type stepFIFO struct {
	in, out     int
	depth       int
	latency     clock.Cycle
	now         clock.Cycle
	pushed      []clock.Cycle
	most        int
	full, empty int64
	begun       clock.Cycle // the cycle after the first beat entered, 0 before
}

func (s *stepFIFO) begin(t clock.Cycle) {
	s.now = t
	s.most = max(s.most, len(s.pushed))
	if len(s.pushed) == s.depth {
		s.full++
	}
	if len(s.pushed) == 0 {
		s.empty++
	}
}

func (s *stepFIFO) valid(*stepNet, int) bool {
	return len(s.pushed) > 0 && s.pushed[0]+s.latency <= s.now
}
func (s *stepFIFO) ready(*stepNet, int) bool { return len(s.pushed) < s.depth }
func (s *stepFIFO) commit(_ *stepNet, moved func(int) bool) {
	if moved(s.out) {
		s.pushed = s.pushed[1:]
	}
	if moved(s.in) {
		if s.begun == 0 {
			s.begun = s.now + 1
		}
		s.pushed = append(s.pushed, s.now)
	}
}

type stepRegister struct {
	in, out int
	held    bool
}

func (s *stepRegister) begin(clock.Cycle)            {}
func (s *stepRegister) valid(*stepNet, int) bool     { return s.held }
func (s *stepRegister) ready(n *stepNet, _ int) bool { return !s.held || n.to[s.out].ready(n, s.out) }
func (s *stepRegister) commit(_ *stepNet, moved func(int) bool) {
	s.held = moved(s.in) || s.held && !moved(s.out)
}

type stepFork struct {
	in   int
	out  []int
	done []bool
}

func (s *stepFork) begin(clock.Cycle) {}
func (s *stepFork) valid(n *stepNet, ch int) bool {
	for i, c := range s.out {
		if c == ch {
			return !s.done[i] && n.from[s.in].valid(n, s.in)
		}
	}
	panic("not an output")
}

func (s *stepFork) ready(n *stepNet, _ int) bool {
	for i, c := range s.out {
		if !s.done[i] && !n.to[c].ready(n, c) {
			return false
		}
	}
	return true
}

func (s *stepFork) commit(_ *stepNet, moved func(int) bool) {
	for i, c := range s.out {
		s.done[i] = (s.done[i] || moved(c)) && !moved(s.in)
	}
}

type stepJoin struct {
	in         []int
	out        int
	registered bool
	held       bool
}

func (s *stepJoin) begin(clock.Cycle) {}
func (s *stepJoin) all(n *stepNet) bool {
	for _, c := range s.in {
		if !n.from[c].valid(n, c) {
			return false
		}
	}
	return true
}

func (s *stepJoin) valid(n *stepNet, _ int) bool {
	if s.registered {
		return s.held
	}
	return s.all(n)
}

func (s *stepJoin) ready(n *stepNet, _ int) bool {
	room := n.to[s.out].ready(n, s.out) || s.registered && !s.held
	return room && s.all(n)
}

func (s *stepJoin) commit(_ *stepNet, moved func(int) bool) {
	s.held = s.registered && (moved(s.in[0]) || s.held && !moved(s.out))
}

type stepBatch struct {
	in, out  int
	n, have  int64
	emitting bool
}

func (s *stepBatch) begin(clock.Cycle)        {}
func (s *stepBatch) valid(*stepNet, int) bool { return s.emitting }
func (s *stepBatch) ready(*stepNet, int) bool { return !s.emitting }
func (s *stepBatch) commit(_ *stepNet, moved func(int) bool) {
	if moved(s.in) {
		s.have++
		s.emitting = s.have == s.n
	}
	if moved(s.out) {
		s.have--
		s.emitting = s.have > 0
	}
}
