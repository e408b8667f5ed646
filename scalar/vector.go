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

// Fold reduces a run to one number: floats in float64, rounded once; whole numbers wrap
// round to so many Bits. The names are ONNX's.
type Fold struct {
	Name   string
	Bits   int // 0: floats
	Signed bool
}

// steps are what Fold makes of an element before it adds, or otherwise combines.
var steps = map[string]func(x float64) float64{
	"ReduceL1":        math.Abs,
	"ReduceL2":        func(x float64) float64 { return x * x },
	"ReduceSumSquare": func(x float64) float64 { return x * x },
}

// Of implements Vector.
func (f Fold) Of(x []float64) []float64 {
	if f.Bits > 0 {
		return []float64{f.whole(x)}
	}
	acc, top := 0.0, x[0]
	for _, v := range x {
		top = max(top, v)
	}
	step := steps[f.Name]
	if f.Name == "ReduceLogSumExp" {
		if math.IsInf(top, 0) {
			return []float64{top}
		}
		step = func(x float64) float64 { return math.Exp(x - top) }
	}
	for i, v := range x {
		if step != nil {
			v = step(v)
		}
		acc = f.step(acc, v, i == 0)
	}
	switch f.Name {
	case "ReduceMean":
		acc /= float64(len(x))
	case "ReduceL2":
		acc = math.Sqrt(acc)
	case "ReduceLogSum":
		acc = math.Log(acc)
	case "ReduceLogSumExp":
		acc = top + math.Log(acc)
	}
	return []float64{single(acc)}
}

// step combines what is there with the next element.
func (f Fold) step(acc, v float64, first bool) float64 {
	switch f.Name {
	case "ReduceMax", "ReduceMin", "ReduceProd":
		if first {
			return v
		}
	}
	switch f.Name {
	case "ReduceMax":
		return max(acc, v)
	case "ReduceMin":
		return min(acc, v)
	case "ReduceProd":
		return acc * v
	}
	return acc + v // of nothing but -0: 0
}

// whole reduces whole numbers.
func (f Fold) whole(x []float64) float64 {
	acc := int64(x[0])
	for i, v := range x {
		n := int64(v)
		switch f.Name {
		case "ReduceL1":
			n = max(n, -n)
		case "ReduceSumSquare":
			n *= n
		}
		switch {
		case i == 0:
			acc = n
		case f.Name == "ReduceMax":
			acc = max(acc, n)
		case f.Name == "ReduceMin":
			acc = min(acc, n)
		case f.Name == "ReduceProd":
			acc *= n
		default:
			acc += n
		}
	}
	return wrap(acc, f.Bits, f.Signed)
}

// Standardize takes the mean off runs of elements, divides by their deviation, multiplies
// by a scale and adds a bias, of which there is one for each element: in float64, rounded
// once.
type Standardize struct {
	Run         int
	Epsilon     float64
	Scale, Bias []float64
}

// Of implements Vector.
func (f Standardize) Of(x []float64) []float64 {
	y := make([]float64, 0, len(x))
	for ; len(x) > 0; x = x[f.Run:] {
		mean, variance := 0.0, 0.0
		for _, v := range x[:f.Run] {
			mean += v
		}
		mean /= float64(f.Run)
		for _, v := range x[:f.Run] {
			variance += float64((v - mean) * (v - mean))
		}
		deviation := math.Sqrt(variance/float64(f.Run) + f.Epsilon)
		for _, v := range x[:f.Run] {
			at := len(y) % len(f.Scale)
			y = append(y, single(float64((v-mean)/deviation*f.Scale[at])+f.Bias[at]))
		}
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

// Accumulate adds a run in turn, beginning with 0: floats each sum rounded to float32,
// integers wrapped round to int32.
type Accumulate struct{ Float bool }

// Of implements Vector.
func (f Accumulate) Of(x []float64) []float64 {
	if f.Float {
		acc := float32(0)
		for _, v := range x {
			acc += float32(v)
		}
		return []float64{float64(acc)}
	}
	acc := int32(0)
	for _, v := range x {
		acc += int32(v)
	}
	return []float64{float64(acc)}
}

// DynamicRange makes uint8 of a run of floats by its own range, 0 included: the numbers
// quantised, or, where Scale or Zero is set, only the scale or the zero point.
type DynamicRange struct{ Scale, Zero bool }

// Of implements Vector. A range of nothing but 0 has scale 1.
func (f DynamicRange) Of(x []float64) []float64 {
	lo, hi := 0.0, 0.0
	for _, v := range x {
		lo, hi = min(lo, v), max(hi, v)
	}
	to := Scale{Scale: []float64{single(single(hi-lo) / 255)}, Lo: 0, Hi: 255}
	if to.Scale[0] == 0 {
		to.Scale[0] = 1
	}
	to.Zero = []float64{Clip{0, 255}.Of(math.RoundToEven(single(-lo/to.Scale[0])), 0)}
	switch {
	case f.Scale:
		return to.Scale
	case f.Zero:
		return to.Zero
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = Quantize{to}.Of(v, 0)
	}
	return y
}

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
