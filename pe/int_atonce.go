package pe

// multiplyAtOnce is Multiply for a wrapping accumulator: reduction modulo
// 2^bits commutes with addition, so one reduction at the end equals the
// hardware's one per beat.
func (w *IntWeights) multiplyAtOnce(dst, x []int32, vectors int) Span {
	var held Span
	n, perWord := w.beats.Elements(), w.words.perWord()
	for q, quad := range w.words.quads {
		first := 4 * q * perWord
		for v := range vectors {
			var sums [4]int64
			sums[0], sums[1], sums[2], sums[3] = dotQuad(quad, x[v*n:(v+1)*n])
			for i, sum := range sums {
				w.store(dst, v, first+i*perWord, sum, &held)
			}
		}
	}
	for s, column := range w.words.singles {
		first := (4*len(w.words.quads) + s) * perWord
		v := 0
		for ; v+4 <= vectors; v += 4 {
			var sums [4]int64
			sums[0], sums[1], sums[2], sums[3] = dotFour(column, x[v*n:(v+4)*n])
			for i, sum := range sums {
				w.store(dst, v+i, first, sum, &held)
			}
		}
		for ; v < vectors; v++ {
			w.store(dst, v, first, dot(column, x[v*n:(v+1)*n]), &held)
		}
	}
	return held
}

// store finishes the sums of one word, which start at output first.
func (w *IntWeights) store(dst []int32, v, first int, word int64, held *Span) {
	from, to := v*len(w.bias)+first, (v+1)*len(w.bias)
	row, bias := dst[from:to], w.bias[first:]
	if !w.packed {
		row[0] = w.finish(word, bias[0], held)
		return
	}
	low, high := unpack(word)
	row[0] = w.finish(low, bias[0], held)
	if len(row) > 1 {
		row[1] = w.finish(high, bias[1], held)
	}
}

// finish adds the bias to an exact sum.
func (w *IntWeights) finish(sum, bias int64, held *Span) int32 {
	held.grow(sum + bias)
	return int32(w.acc.Add(sum, bias))
}
