package pe

// words holds weights as 64-bit words, one word per element and column. A word
// is one weight, or, packed, the weights of two outputs as low + high<<32: one
// multiply-add then serves both. That is exact as long as the low sum stays in
// int32, because the high half absorbs the borrow of a negative low half and
// gives it back when unpacked.
//
// Columns come in quads, whose accumulators fit in registers together with one
// activation, and up to three left over, which are run over four vectors at a
// time instead (depthwise layers have nothing else).
type words struct {
	packed  bool
	outputs int
	quads   [][][4]int64 // by quad, element, column within the quad
	singles [][]int64    // by column, element
}

// newWords arranges rows (by output, element); elements off the mask become 0.
func newWords(rows [][]int32, mask []bool, packed bool) words {
	w := words{packed: packed, outputs: len(rows)}
	columns := (len(rows) + w.perWord() - 1) / w.perWord()
	for c := 0; c+4 <= columns; c += 4 {
		quad := make([][4]int64, len(mask))
		for e := range quad {
			for i := range 4 {
				quad[e][i] = w.pack(rows, c+i, e, mask[e])
			}
		}
		w.quads = append(w.quads, quad)
	}
	for c := columns &^ 3; c < columns; c++ {
		single := make([]int64, len(mask))
		for e := range single {
			single[e] = w.pack(rows, c, e, mask[e])
		}
		w.singles = append(w.singles, single)
	}
	return w
}

// perWord is the number of outputs in one word.
func (w *words) perWord() int {
	if w.packed {
		return 2
	}
	return 1
}

// pack makes the word of one column and element.
func (w *words) pack(rows [][]int32, column, e int, real bool) int64 {
	first := column * w.perWord()
	if !real {
		return 0
	}
	word := int64(rows[first][e])
	if w.packed && first+1 < len(rows) {
		word += int64(rows[first+1][e]) << 32
	}
	return word
}

// unpack splits an accumulated packed word into its two sums.
func unpack(word int64) (low, high int64) {
	low = int64(int32(word))
	return low, (word - low) >> 32
}

// dotQuad multiplies one vector by the four columns of a quad. Four elements
// are unrolled because the loop is bound by instructions, not by the multiplier.
func dotQuad(quad [][4]int64, x []int32) (a, b, c, d int64) {
	for len(x) >= 4 && len(quad) >= 4 {
		q := (*[4][4]int64)(quad)
		x0, x1, x2, x3 := int64(x[0]), int64(x[1]), int64(x[2]), int64(x[3])
		a += q[0][0]*x0 + q[1][0]*x1 + q[2][0]*x2 + q[3][0]*x3
		b += q[0][1]*x0 + q[1][1]*x1 + q[2][1]*x2 + q[3][1]*x3
		c += q[0][2]*x0 + q[1][2]*x1 + q[2][2]*x2 + q[3][2]*x3
		d += q[0][3]*x0 + q[1][3]*x1 + q[2][3]*x2 + q[3][3]*x3
		quad, x = quad[4:], x[4:]
	}
	quad = quad[:len(x)]
	for e, v := range x {
		q, v := &quad[e], int64(v)
		a += q[0] * v
		b += q[1] * v
		c += q[2] * v
		d += q[3] * v
	}
	return a, b, c, d
}

// dotMany multiplies the first len(sums) vectors of x by one column.
func dotMany(sums, column []int64, x []int32) {
	n := len(column)
	for ; len(sums) >= 4; sums, x = sums[4:], x[4*n:] {
		sums[0], sums[1], sums[2], sums[3] = dotFour(column, x)
	}
	for i := range sums {
		sums[i] = dot(column, x[i*n:])
	}
}

// dotFour multiplies the first four vectors of x by one column.
func dotFour(column []int64, x []int32) (a, b, c, d int64) {
	n := len(column)
	x0, x1, x2, x3 := x[:n], x[n:2*n], x[2*n:3*n], x[3*n:4*n]
	for e, w := range column {
		a += w * int64(x0[e])
		b += w * int64(x1[e])
		c += w * int64(x2[e])
		d += w * int64(x3[e])
	}
	return a, b, c, d
}

// dot multiplies the first vector of x by one column.
func dot(column []int64, x []int32) (sum int64) {
	x = x[:len(column)]
	for e, w := range column {
		sum += w * int64(x[e])
	}
	return sum
}
