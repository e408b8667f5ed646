package sizing

// unbounded finds the interval with FIFOs without end: that of the slowest stage
// alone, those that wires join taken as one. Where parts of the plan say nothing
// about the whole, it is that of the whole with ample FIFOs.
func (s *search) unbounded() error {
	list := clusters(s.plan)
	if s.parts.whole {
		list = [][]int{s.all()}
	}
	deep := *s
	deep.depths = make([]int, len(s.depths))
	for i := range deep.depths {
		if s.sized(i) {
			deep.depths[i] = s.ample(i)
		}
	}
	slowest := 0.0
	for _, nodes := range list {
		p, err := deep.interval(nodes)
		if err != nil {
			return err
		}
		if p.dead {
			return ErrNoPace
		}
		slowest = max(slowest, p.cycles)
	}
	s.runs, s.best = deep.runs, slowest
	return nil
}
