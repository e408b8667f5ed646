package stepsim

import "fmt"

// Concat puts the beats of pixels of several streams one behind the other: Beats[0] beats from input 0, then
// Beats[1] from input 1, and so on, then the next pixel. One register at the output.
type Concat struct {
	Beats []int // of a pixel, per input
}

// Split is the reverse: of each pixel the first Beats[0] beats go to output 0, and so on. A register at each output.
type Split struct {
	Beats []int  // of a pixel, per part
	Drop  []bool // parts that go nowhere and have no output; nil: none
}

func sum(list []int) (s int) {
	for _, n := range list {
		s += n
	}
	return s
}

func (Concat) kinds() []Kind { return []Kind{KindConcat} }

func (s Concat) flow(_ int, in []int) ([]int, error) {
	pixels := in[0] / s.Beats[0]
	var err error
	for i, n := range in {
		if n != pixels*s.Beats[i] {
			err = fmt.Errorf("input %d brings %d beats a frame, want %d pixels of %d", i, n, pixels, s.Beats[i])
		}
	}
	return []int{pixels * sum(s.Beats)}, err
}

func (s Concat) build(frames int, _, out []int) unit {
	return &concat{order: order(s.Beats), left: events(frames * out[0])}
}

// order lists whose turn it is at each beat of a pixel.
func order(beats []int) (list []int) {
	for i, n := range beats {
		for range n {
			list = append(list, i)
		}
	}
	return list
}

type concat struct {
	order []int
	left  events
	at    int // beat of the pixel
	full  bool
}

func (c *concat) offer(_ Cycle, p ports) { p.out[0].valid = c.full }

func (c *concat) accept(p ports) {
	for i, l := range p.in {
		l.ready = i == c.order[c.at] && (!c.full || p.out[0].ready)
	}
}

func (c *concat) commit(p ports, names []Name) bool {
	in := p.in[c.order[c.at]]
	names[0] = c.left.crossing(in)
	c.full = in.moves() || c.full && !p.out[0].ready
	if in.moves() {
		c.at = (c.at + 1) % len(c.order)
	}
	return in.moves() || p.out[0].moves()
}

func (s Split) dropped(part int) bool { return part < len(s.Drop) && s.Drop[part] }

func (Split) kinds() []Kind { return []Kind{KindSplit} }

func (s Split) flow(_ int, in []int) (out []int, err error) {
	pixels := in[0] / sum(s.Beats)
	if in[0] != pixels*sum(s.Beats) {
		err = fmt.Errorf("%d beats a frame, want whole pixels of %d", in[0], sum(s.Beats))
	}
	for i, n := range s.Beats {
		if !s.dropped(i) {
			out = append(out, pixels*n)
		}
	}
	return out, err
}

func (s Split) build(frames int, in, out []int) unit {
	u := &split{left: events(frames * in[0]), full: make([]bool, len(out))}
	port := 0
	for i, n := range s.Beats {
		to := nowhere
		if !s.dropped(i) {
			to = port
			port++
		}
		for range n {
			u.order = append(u.order, to)
		}
	}
	return u
}

// nowhere is the output of dropped parts.
const nowhere = -1

type split struct {
	order []int // output per beat of a pixel
	left  events
	at    int
	full  []bool // per output
}

func (s *split) offer(_ Cycle, p ports) {
	for i, l := range p.out {
		l.valid = s.full[i]
	}
}

func (s *split) accept(p ports) {
	to := s.order[s.at]
	p.in[0].ready = to == nowhere || !s.full[to] || p.out[to].ready
}

func (s *split) commit(p ports, names []Name) bool {
	taken := p.in[0].moves()
	names[0] = s.left.crossing(p.in[0])
	moved := taken
	for i, l := range p.out {
		moved = moved || l.moves()
		s.full[i] = taken && s.order[s.at] == i || s.full[i] && !l.ready
	}
	if taken {
		s.at = (s.at + 1) % len(s.order)
	}
	return moved
}
