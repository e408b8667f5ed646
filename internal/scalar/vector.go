package scalar

import "math"

// Vector is a function of a run of numbers.
type Vector interface {
	// Of makes the results of a run; their number depends on that of the run only.
	Of(x []float64) []float64
}

// Softmax is exp(x) over its sum, or its logarithm: in float64, the largest
// element taken off before, rounded once.
type Softmax struct{ Log bool }

// Of implements Vector.
func (f Softmax) Of(x []float64) []float64 {
	most := math.Inf(-1)
	for _, v := range x {
		most = max(most, v)
	}
	sum, y := 0.0, make([]float64, len(x))
	for i, v := range x {
		y[i] = math.Exp(v - most)
		sum += y[i]
	}
	for i, v := range x {
		if f.Log {
			y[i] = single(v - most - math.Log(sum))
		} else {
			y[i] = single(y[i] / sum)
		}
	}
	return y
}

// Extreme is the index of the largest element, or of the smallest; of equal ones
// the first, or the last. nan is none unless the last one is, and no other number.
type Extreme struct{ Min, Last bool }

// Of implements Vector.
func (f Extreme) Of(x []float64) []float64 {
	at := 0
	for i, v := range x {
		better := v > x[at]
		if f.Min {
			better = v < x[at]
		}
		if better || f.Last && v == x[at] && i > 0 || x[at] != x[at] && i > 0 {
			at = i
		}
	}
	return []float64{float64(at)}
}

// Normalize is local response normalisation over the neighbours of each element.
type Normalize struct {
	Size              int
	Alpha, Beta, Bias float64
}

// Of implements Vector.
func (f Normalize) Of(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		squares := 0.0
		for k := max(0, i-(f.Size-1)/2); k <= min(len(x)-1, i+f.Size/2); k++ {
			squares += x[k] * x[k]
		}
		y[i] = single(v / math.Pow(f.Bias+f.Alpha/float64(f.Size)*squares, f.Beta))
	}
	return y
}

// Gather picks elements by their places; a place of -1 is Fill, one of -2 the first of
// Others, -3 the second one, and so on.
type Gather struct {
	From   []int32
	Fill   float64
	Others []float64
}

// Of implements Vector.
func (f Gather) Of(x []float64) []float64 {
	y := make([]float64, len(f.From))
	for i, from := range f.From {
		switch {
		case from >= 0:
			y[i] = x[from]
		case from == -1:
			y[i] = f.Fill
		default:
			y[i] = f.Others[-2-from]
		}
	}
	return y
}

// Mix interpolates along one axis: index i of the result lies between Lo[i] and
// Hi[i] of the axis, by Weight[i] nearer to Hi.
type Mix struct {
	Size, Step int // of the axis before; elements from one index to the next
	Lo, Hi     []int
	Weight     []float64
}

// Interpolate interpolates along one axis after the other, in float64, rounded once
// at the end; result i is then the one at Order[i], or Fill where that is -1.
type Interpolate struct {
	Axes  []Mix
	Order []int32
	Whole bool // integers, cut off towards zero
	Fill  float64
}

// Of implements Vector.
func (f Interpolate) Of(x []float64) []float64 {
	for _, m := range f.Axes {
		x = m.of(x)
	}
	y := make([]float64, len(f.Order))
	for i, from := range f.Order {
		switch {
		case from < 0:
			y[i] = f.Fill
		case f.Whole:
			y[i] = math.Trunc(x[from])
		default:
			y[i] = single(x[from])
		}
	}
	return y
}

func (m Mix) of(x []float64) []float64 {
	block := m.Size * m.Step
	y := make([]float64, 0, len(x)/m.Size*len(m.Lo))
	for first := 0; first < len(x); first += block {
		for i, lo := range m.Lo {
			a, b := x[first+lo*m.Step:], x[first+m.Hi[i]*m.Step:]
			for k := range m.Step {
				y = append(y, float64((1-m.Weight[i])*a[k])+float64(m.Weight[i]*b[k]))
			}
		}
	}
	return y
}

// Through is a vector function of integers that stand for floats: dequantised,
// computed, quantised.
type Through struct {
	From Scale
	F    Vector
	To   Scale
}

// Of implements Vector.
func (f Through) Of(q []float64) []float64 {
	x := make([]float64, len(q))
	for i, v := range q {
		x[i] = Dequantize{f.From}.Of(v, 0)
	}
	y := f.F.Of(x)
	for i, v := range y {
		y[i] = Quantize{f.To}.Of(v, 0)
	}
	return y
}

// Each combines every element of a run with a constant of its own.
type Each struct {
	Combine  Combination
	Constant []float64
	First    bool // the constants are the first of the two
}

// Of implements Vector.
func (f Each) Of(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		if f.First {
			y[i] = f.Combine.Of(f.Constant[i], v)
		} else {
			y[i] = f.Combine.Of(v, f.Constant[i])
		}
	}
	return y
}
