package stepsim

// Loaded is an array whose weights come by a second input, a beat for every beat that is multiplied. Tile output
// pixels share the weights of a pass: the array takes the vectors of all of them before it goes on to the next pass.
type Loaded struct {
	Array Array
	Tile  int // 0: 1
}

func (Loaded) kinds() []Kind { return []Kind{KindArray} }

func (s Loaded) flow(int, []int) ([]int, error) { return []int{s.Array.Vectors * s.Array.NF}, nil }

func (s Loaded) build(frames int, in, out []int) unit {
	a := s.Array.start(frames, in[0], out[0]).(*array)
	if a.replay != nil {
		a.replay.sf *= max(1, s.Tile)
		a.replay.capacity = 2
		for a.replay.capacity < int64(a.replay.sf) {
			a.replay.capacity *= 2
		}
	}
	return &loaded{a}
}

type loaded struct{ *array }

// available says whether there is a beat to multiply.
func (l *loaded) available(p ports) bool {
	if l.replay != nil {
		return l.replay.full
	}
	return p.in[0].valid
}

func (l *loaded) offer(_ Cycle, p ports) { p.out[0].valid = l.full }

func (l *loaded) accept(p ports) {
	p.in[1].ready = l.available(p) && l.run()
	if l.replay != nil {
		p.in[0].ready = l.replay.room()
		return
	}
	p.in[0].ready = l.run() && p.in[1].valid
}

func (l *loaded) commit(p ports, names []Name) bool {
	available := l.available(p)
	multiply := available && p.in[1].valid && l.run()
	names[0] = l.name(multiply, available, p.in[1].valid)
	w := wires{p.in[0].valid, p.in[0].ready, p.out[0].valid, p.out[0].ready}
	return l.step(w, multiply) || p.in[1].moves()
}
