package stepsim

// ForkStyle says how the branches of a fork wait for each other.
type ForkStyle string

// The styles of forks.
const (
	AllOrNothing ForkStyle = "aon"   // all branches take a beat in the same cycle
	Eager        ForkStyle = "eager" // each takes its copy when it can
	Tap          ForkStyle = "tap"   // FINN's stream_tap: registers on both branches; output 0 is the main one, 1 the tap
)

// Fork copies a stream to several branches.
type Fork struct {
	Style    ForkStyle // empty: Eager
	Branches int       // 0: 2
}

func (s Fork) branches() int {
	if s.Branches == 0 {
		return 2
	}
	return s.Branches
}

func (Fork) kinds() []Kind { return []Kind{KindFork} }

func (s Fork) flow(_ int, in []int) ([]int, error) {
	out := make([]int, s.branches())
	for i := range out {
		out[i] = in[0]
	}
	return out, nil
}

func (s Fork) build(frames int, in, _ []int) unit {
	left := events(frames * in[0])
	switch s.Style {
	case AllOrNothing:
		return &forkAON{left}
	case Tap:
		return &forkTap{left: left}
	}
	return &forkEager{left: left, done: make([]bool, s.branches())}
}

// forkAON has no state but its account.
type forkAON struct{ left events }

func (f *forkAON) offer(_ Cycle, p ports) {
	for i, l := range p.out {
		l.valid = p.in[0].valid
		for j, other := range p.out {
			l.valid = l.valid && (i == j || other.ready)
		}
	}
}

func (f *forkAON) accept(p ports) {
	p.in[0].ready = true
	for _, l := range p.out {
		p.in[0].ready = p.in[0].ready && l.ready
	}
}

func (f *forkAON) commit(p ports, names []Name) bool {
	names[0] = f.left.crossing(p.in[0])
	return p.in[0].moves()
}

// forkEager remembers which branches have taken the beat.
type forkEager struct {
	left events
	done []bool
}

func (f *forkEager) offer(_ Cycle, p ports) {
	for i, l := range p.out {
		l.valid = p.in[0].valid && !f.done[i]
	}
}

func (f *forkEager) accept(p ports) {
	p.in[0].ready = true
	for i, l := range p.out {
		p.in[0].ready = p.in[0].ready && (l.ready || f.done[i])
	}
}

func (f *forkEager) commit(p ports, names []Name) bool {
	names[0] = f.left.crossing(p.in[0])
	moved := p.in[0].moves()
	for i, l := range p.out {
		moved = moved || l.moves()
		f.done[i] = (f.done[i] || l.moves()) && !p.in[0].moves()
	}
	return moved
}
