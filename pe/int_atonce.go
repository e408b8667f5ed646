package pe

// multiplyAtOnce is Multiply for a wrapping accumulator: reduction modulo
// 2^bits commutes with addition, so one reduction at the end equals the
// hardware's one per beat.
func (w *IntWeights) multiplyAtOnce(dst, x []int32, vectors int) Span {
	var seen Span
	n, outputs, perWord := w.beats.Elements(), len(w.bias), w.words.perWord()
	for q, quad := range w.dozens.quads {
		for v := range vectors {
			row := dst[v*outputs+perQuad*q:][:perQuad]
			for i, sum := range w.dozens.dot(quad, x[v*n:(v+1)*n]) {
				row[i] = w.finish(sum, w.bias[perQuad*q+i], &seen)
			}
		}
	}
	others := w.dozens.outputs()
	for q, quad := range w.words.quads {
		first := others + 4*q*perWord
		for v := range vectors {
			var words [4]int64
			words[0], words[1], words[2], words[3] = dotQuad(quad, x[v*n:(v+1)*n])
			row := dst[v*outputs : (v+1)*outputs]
			for i, word := range words {
				w.finishWord(row[first+i*perWord:], w.bias[first+i*perWord:], word, &seen)
			}
		}
	}
	for s, column := range w.words.singles {
		seen = seen.Union(w.runColumn(dst, x, column, others+(4*len(w.words.quads)+s)*perWord))
	}
	return seen
}

// runColumn computes the outputs of one column, from first on, for all vectors
// of x. Short columns spend most of their time on finishing sums, hence the
// detour over a batch of them.
func (w *IntWeights) runColumn(dst, x []int32, column []int64, first int) (seen Span) {
	const batch = 32
	var low, high [batch]int64
	n, outputs := len(column), len(w.bias)
	for vectors := len(dst) / outputs; vectors > 0; vectors -= batch {
		count := min(batch, vectors)
		dotMany(low[:count], column, x)
		if w.packed {
			for i, word := range low[:count] {
				low[i], high[i] = unpack(word)
			}
		}
		seen = seen.Union(w.finishAll(dst, first, low[:count]))
		if w.packed && first+1 < outputs {
			seen = seen.Union(w.finishAll(dst, first+1, high[:count]))
		}
		dst, x = dst[count*outputs:], x[count*n:]
	}
	return seen
}

// finishAll finishes output o of len(sums) consecutive vectors.
func (w *IntWeights) finishAll(dst []int32, o int, sums []int64) (seen Span) {
	bias, outputs := w.bias[o], len(w.bias)
	for i, sum := range sums {
		dst[i*outputs+o] = w.finish(sum, bias, &seen)
	}
	return seen
}

// finishWord finishes the sums of one word of a quad; row and bias start at its
// first output.
func (w *IntWeights) finishWord(row []int32, bias []int64, word int64, seen *Span) {
	if !w.packed {
		row[0] = w.finish(word, bias[0], seen)
		return
	}
	low, high := unpack(word)
	row[0] = w.finish(low, bias[0], seen)
	if len(row) > 1 { // the last column of an odd number of outputs holds one
		row[1] = w.finish(high, bias[1], seen)
	}
}

// finish adds the bias to an exact sum.
func (w *IntWeights) finish(sum, bias int64, seen *Span) int32 {
	seen.grow(sum + bias)
	return int32(w.acc.Add(sum, bias))
}
