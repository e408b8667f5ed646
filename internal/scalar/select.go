package scalar

// Select takes for every place a number where a condition is not 0, another one
// elsewhere. A run holds, place by place, what of the three comes; what is a constant has
// an element for all places or one for each.
type Select struct{ If, Then, Else []float64 }

// Of implements Vector.
func (f Select) Of(x []float64) []float64 {
	come := 0
	for _, constant := range [][]float64{f.If, f.Then, f.Else} {
		if constant == nil {
			come++
		}
	}
	y := make([]float64, len(x)/come)
	for i := range y {
		place := x[i*come:]
		var three [3]float64
		for k, constant := range [][]float64{f.If, f.Then, f.Else} {
			if constant != nil {
				three[k] = at(constant, i)
				continue
			}
			three[k], place = place[0], place[1:]
		}
		if y[i] = three[2]; three[0] != 0 {
			y[i] = three[1]
		}
	}
	return y
}
