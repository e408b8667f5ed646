package pe

import "fmt"

// Beats is the shape of one vector: len(Real) beats of Lanes elements each, of
// which the first Real[b] of beat b carry data. The remaining lanes are idle:
// present in the vector, never part of a result.
type Beats struct {
	Lanes int
	Real  []int
}

// Uniform is the shape of count beats whose lanes all carry data.
func Uniform(count, lanes int) Beats {
	b := Beats{Lanes: lanes, Real: make([]int, count)}
	for i := range b.Real {
		b.Real[i] = lanes
	}
	return b
}

// Elements is the length of one vector, idle lanes included.
func (b Beats) Elements() int { return b.Lanes * len(b.Real) }

// places are those of the elements that carry data.
func (b Beats) places() []int {
	var list []int
	for beat, real := range b.Real {
		for lane := range real {
			list = append(list, beat*b.Lanes+lane)
		}
	}
	return list
}

// mask says for each element whether it carries data.
func (b Beats) mask() []bool {
	mask := make([]bool, b.Elements())
	for beat, real := range b.Real {
		for lane := range real {
			mask[beat*b.Lanes+lane] = true
		}
	}
	return mask
}

// check panics unless the shape is legal and fits rows and bias.
func (b Beats) check(rows, biases int, row func(int) int) {
	if b.Lanes < 1 {
		panic(fmt.Sprintf("pe: %d lanes, want at least 1", b.Lanes))
	}
	for beat, real := range b.Real {
		if real < 0 || real > b.Lanes {
			panic(fmt.Sprintf("pe: beat %d has %d real lanes of %d", beat, real, b.Lanes))
		}
	}
	for o := range rows {
		if row(o) != b.Elements() {
			panic(fmt.Sprintf("pe: weights of output %d have %d elements, want %d", o, row(o), b.Elements()))
		}
	}
	if biases != 0 && biases != rows {
		panic(fmt.Sprintf("pe: %d biases for %d outputs", biases, rows))
	}
}

// checkCall panics unless the slices of one Multiply hold vectors vectors.
func checkCall(dst, x, vectors, outputs, elements int) {
	if vectors < 0 || x != vectors*elements || dst != vectors*outputs {
		panic(fmt.Sprintf("pe: Multiply of %d vectors: x has %d elements, want %d each; dst has %d, want %d each",
			vectors, x, elements, dst, outputs))
	}
}
