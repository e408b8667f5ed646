package sizing

// roughly makes FIFOs one deeper than ample ones get behind a source as fast as wanted: a
// depth that is never reached changes nothing, and behind a faster source no frame ends later.
func (s *search) roughly() error {
	for i := range s.depths {
		if s.sized(i) {
			s.depths[i] = s.ample(i)
		}
	}
	o, err := s.fed(s.all(), false)
	if err == nil && o.held == nil { // there are no such sources
		o, err = s.simulated(s.planned(), s.frames(), nil)
	}
	if err != nil || o.dead { // as a run will say
		return err
	}
	for i := range s.depths {
		if s.sized(i) {
			s.depths[i] = min(s.depths[i], max(s.least(i), int(o.held[i])+1))
		}
	}
	s.rough = true
	return nil
}
