package pe

// tile is the state of the accumulators of one vector for the outputs of one
// column or quad: what they hold and what they would hold unclamped.
type tile struct {
	held, exact [8]int64
}

// multiplyByBeat is Multiply for a saturating accumulator: what a beat adds is
// exact, the addition clamps, and the order of the beats matters.
func (w *IntWeights) multiplyByBeat(dst, x []int32, vectors int) Span {
	var span Span
	n, perWord := w.beats.Elements(), w.words.perWord()
	for q, quad := range w.words.quads {
		first := 4 * q * perWord
		for v := range vectors {
			t := w.runQuad(quad, x[v*n:(v+1)*n], &span)
			w.storeTile(dst, v, first, 4*perWord, &t, &span)
		}
	}
	for s, column := range w.words.singles {
		first := (4*len(w.words.quads) + s) * perWord
		for v := range vectors {
			t := w.runSingle(column, x[v*n:(v+1)*n], &span)
			w.storeTile(dst, v, first, perWord, &t, &span)
		}
	}
	return span
}

// runQuad accumulates the beats of one vector over four columns.
func (w *IntWeights) runQuad(quad [][4]int64, x []int32, span *Span) (t tile) {
	for beat, real := range w.beats.Real {
		from := beat * w.beats.Lanes
		a, b, c, d := dotQuad(quad[from:from+real], x[from:from+real])
		if !w.packed {
			w.addBeat(&t, [8]int64{a, b, c, d}, 4, span)
			continue
		}
		var sums [8]int64
		sums[0], sums[1] = unpack(a)
		sums[2], sums[3] = unpack(b)
		sums[4], sums[5] = unpack(c)
		sums[6], sums[7] = unpack(d)
		w.addBeat(&t, sums, 8, span)
	}
	return t
}

// runSingle accumulates the beats of one vector over one column.
func (w *IntWeights) runSingle(column []int64, x []int32, span *Span) (t tile) {
	for beat, real := range w.beats.Real {
		from := beat * w.beats.Lanes
		word := dot(column[from:from+real], x[from:from+real])
		if !w.packed {
			w.addBeat(&t, [8]int64{word}, 1, span)
			continue
		}
		low, high := unpack(word)
		w.addBeat(&t, [8]int64{low, high}, 2, span)
	}
	return t
}

// addBeat adds the sums of one beat to the first count accumulators.
func (w *IntWeights) addBeat(t *tile, sums [8]int64, count int, span *Span) {
	for i, sum := range sums[:count] {
		t.exact[i] += sum
		span.grow(t.exact[i])
		t.held[i] = w.acc.Add(t.held[i], sum)
	}
}

// storeTile adds the biases and stores up to count outputs from first on; the
// last column of an odd number of packed outputs has no second one.
func (w *IntWeights) storeTile(dst []int32, v, first, count int, t *tile, span *Span) {
	row := dst[v*len(w.bias) : (v+1)*len(w.bias)]
	for i := range min(count, len(row)-first) {
		span.grow(t.exact[i] + w.bias[first+i])
		row[first+i] = int32(w.acc.Add(t.held[i], w.bias[first+i]))
	}
}
