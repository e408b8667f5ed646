package conv

// Padded returns the input with its padding around it, as batch, channels,
// padded height, padded width. x is NCHW; zero padding is the zero of T.
func Padded[T int32 | float32 | float64](s Shape, x []T) []T {
	out := make([]T, s.PaddedElements())
	height, width := s.PaddedHeight(), s.PaddedWidth()
	columns := make([]int, width)
	for p := range columns {
		columns[p] = indexOr(s.SourceColumn(p))
	}
	for plane := range s.Batch * s.InChannels {
		for p := range height {
			row, ok := s.SourceRow(p)
			if !ok {
				continue
			}
			src := x[(plane*s.InHeight+row)*s.InWidth:][:s.InWidth]
			dst := out[(plane*height+p)*width:][:width]
			for i, c := range columns {
				if c >= 0 {
					dst[i] = src[c]
				}
			}
		}
	}
	return out
}

// indexOr returns the index, or -1 where there is none.
func indexOr(i int, ok bool) int {
	if !ok {
		return -1
	}
	return i
}
