package sizing

import "slices"

// curves finds how the interval of the whole plan depends on the depth of each FIFO
// above the least, the others as found.
func (s *search) curves() error {
	if !s.options.Curves {
		return nil
	}
	for _, edge := range s.deep() {
		points, err := s.curve(edge)
		if err != nil {
			return err
		}
		s.points[edge] = points
	}
	return nil
}

// curve tries an entry less than found, and then half as many, and so on.
func (s *search) curve(edge int) ([]Point, error) {
	found := s.depths[edge]
	defer func() { s.depths[edge] = found }()
	list := []int{found}
	for less := 1; found-less > s.least(edge); less *= 2 {
		list = append(list, found-less)
	}
	list = append(list, s.least(edge))
	slices.Sort(list)
	var points []Point
	for _, d := range slices.Compact(list) {
		s.depths[edge] = d
		p, err := s.interval(s.all())
		if err != nil {
			return nil, err
		}
		point := Point{Depth: d}
		if !p.dead {
			point.Interval = &p.cycles
		}
		points = append(points, point)
	}
	return points, nil
}
