package pe

import "github.com/convsim/convsim/internal/simd"

// FloatWeights holds the float32 weights of one array for one group, arranged
// for Multiply. It is immutable.
type FloatWeights struct {
	beats   Beats
	bias    []float32    // nil when the layer has none
	fast    *simd.Floats // nil where the processor has no loop
	taps    []int        // where the real lanes are in a vector
	rows    [][]float32  // by output, element
	octets  [][][8]float32
	outputs int
}

// NewFloatWeights prepares outputs = len(rows) rows of weights, each of
// beats.Elements() elements; bias holds one value per output or is nil. It
// panics if the lengths contradict each other.
func NewFloatWeights(rows [][]float32, bias []float32, beats Beats) *FloatWeights {
	beats.check(len(rows), len(bias), func(o int) int { return len(rows[o]) })
	w := &FloatWeights{beats: merge(beats), outputs: len(rows), taps: beats.places()}
	if len(bias) > 0 {
		w.bias = append(w.bias, bias...)
	}
	if len(rows) >= wide {
		w.fast = simd.NewFloats(simd.FloatWeights{Of: func(o int) []float32 { return rows[o] }, Order: w.taps, Beats: w.beats.Real, Bias: w.bias, Outputs: len(rows)})
	}
	if w.fast != nil {
		return w
	}
	for o := 0; o+8 <= len(rows); o += 8 {
		w.octets = append(w.octets, interleave(rows[o:o+8], beats.Elements()))
	}
	for _, row := range rows[8*len(w.octets):] {
		w.rows = append(w.rows, append([]float32(nil), row...))
	}
	return w
}

// wide is from how many outputs on the loops of the processor, which compute many side by
// side, are quicker than plain ones over vectors.
const wide = 4

// merge turns beats of one lane into one beat of many, which is quicker and adds
// in the same order: a sum that starts from +0 never becomes -0, and to anything
// but -0 adding p and adding +0+p are the same.
func merge(beats Beats) Beats {
	for _, real := range beats.Real {
		if beats.Lanes != 1 || real != 1 {
			return beats
		}
	}
	return Uniform(1, beats.Elements())
}

// interleave turns eight rows into one of eight weights per element.
func interleave(rows [][]float32, elements int) [][8]float32 {
	octet := make([][8]float32, elements)
	for i, row := range rows {
		for e, weight := range row {
			octet[e][i] = weight
		}
	}
	return octet
}

// Outputs is the number of sums per vector.
func (w *FloatWeights) Outputs() int { return w.outputs }

// Multiply computes dst[v*outputs+o] for vectors vectors, x[v*elements+e] in.
// Every sum is formed in the order of the hardware, each step rounded to
// float32 and no multiplication fused with an addition: per beat, from zero,
// the products of its real lanes in order; the sum of the beat then goes to the
// accumulator, which starts from zero; the bias, if there is one, comes last.
// Idle lanes are skipped, not multiplied by zero. Several outputs or vectors may be computed side by side,
// which leaves each one's order as it is.
func (w *FloatWeights) Multiply(dst, x []float32, vectors int) {
	n := w.beats.Elements()
	checkCall(len(dst), len(x), vectors, w.outputs, n)
	if w.fast != nil {
		w.fast.Multiply(dst, w.outputs, x, w.taps, n, vectors)
		return
	}
	for i, octet := range w.octets {
		for v := range vectors {
			w.runOctet(dst[v*w.outputs+8*i:], octet, x[v*n:(v+1)*n])
		}
	}
	for i, row := range w.rows {
		o, v := 8*len(w.octets)+i, 0
		for ; v+4 <= vectors; v += 4 {
			for j, acc := range w.runFour(row, x[v*n:(v+4)*n]) {
				dst[(v+j)*w.outputs+o] = acc
			}
		}
		for ; v < vectors; v++ {
			dst[v*w.outputs+o] = w.runOne(row, x[v*n:(v+1)*n])
		}
	}
	w.addBias(dst)
}

// addBias adds the biases to all vectors of dst.
func (w *FloatWeights) addBias(dst []float32) {
	for ; len(w.bias) > 0 && len(dst) > 0; dst = dst[len(w.bias):] {
		for o, b := range w.bias {
			dst[o] += b
		}
	}
}
