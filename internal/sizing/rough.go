package sizing

import "slices"

// blended makes all FIFOs deeper at once, if the whole is not fast enough with them: by the
// least share of the way to what ample ones hold behind a source as fast as wanted.
func (s *search) blended() error {
	found := slices.Clone(s.depths)
	ok, err := s.keepsStep()
	if s.rough = ok; err != nil || ok {
		return err
	}
	held, err := s.filled()
	if err != nil || held == nil { // it deadlocks, as a run will say
		return err
	}
	const shares = 8 // the proof says what all of it is worth
	enough, err := fewest(0, shares, shares/2, func(try int) (bool, error) {
		s.deeper(found, held, try, shares)
		return s.keepsStep()
	})
	if err != nil {
		return err
	}
	s.deeper(found, held, enough, shares)
	s.rough = true
	return nil
}

// keepsStep reports whether the whole has a period, and is fast enough. Where many stages
// take as long it takes as many frames until they keep step.
func (s *search) keepsStep() (bool, error) {
	const frames = 16
	o, err := s.simulated(s.planned(), frames, nil)
	return o.period && s.fast(o.pace), err
}

// deeper makes FIFOs as deep as found and so many shares of what they lack to those held.
func (s *search) deeper(found []int, held []int64, share, shares int) {
	for i, depth := range found {
		s.depths[i] = depth
		if more := int(held[i]) + 1 - depth; s.sized(i) && more > 0 {
			s.depths[i] += (more*share + shares - 1) / shares
		}
	}
}

// filled is how many beats ample FIFOs hold behind a source as fast as wanted.
func (s *search) filled() ([]int64, error) {
	for i := range s.depths {
		if s.sized(i) {
			s.depths[i] = s.ample(i)
		}
	}
	o, err := s.fed(s.all(), false)
	if err == nil && o.held == nil { // there are no such sources
		o, err = s.simulated(s.planned(), s.frames(), nil)
	}
	return o.held, err
}
