package scalar

import "math"

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
