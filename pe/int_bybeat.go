package pe

// register is a saturating accumulator at work: what it holds, what it would
// hold if it were wide enough, and the range of the latter so far.
type register struct {
	held, exact int64
	seen        Span
}

// add accumulates sum within limits.
func (r *register) add(sum int64, limits *Span) {
	r.held = max(limits.Min, min(r.held+sum, limits.Max))
	r.exact += sum
	r.seen.Min = min(r.seen.Min, r.exact)
	r.seen.Max = max(r.seen.Max, r.exact)
}

// multiplyByBeat is Multiply for a saturating accumulator: the sum of a beat is
// exact, adding it clamps, and so the order of the beats matters.
func (w *IntWeights) multiplyByBeat(dst, x []int32, vectors int) Span {
	var seen Span
	n, outputs := w.beats.Elements(), len(w.bias)
	limits := Signed(w.acc.Bits)
	for v := range vectors {
		vector, row := x[v*n:(v+1)*n], dst[v*outputs:(v+1)*outputs]
		first := 0
		for _, quad := range w.words.quads {
			registers := w.runQuad(quad, vector, limits)
			first += w.drain(registers[:4*w.words.perWord()], row, first, limits, &seen)
		}
		for _, column := range w.words.singles {
			registers := w.runSingle(column, vector, limits)
			first += w.drain(registers[:w.words.perWord()], row, first, limits, &seen)
		}
	}
	return seen
}

// runQuad accumulates the beats of one vector over four columns.
func (w *IntWeights) runQuad(quad [][4]int64, x []int32, limits Span) (r [8]register) {
	for beat, real := range w.beats.Real {
		from := beat * w.beats.Lanes
		words := [4]int64{}
		words[0], words[1], words[2], words[3] = dotQuad(quad[from:from+real], x[from:from+real])
		if w.packed {
			for i, word := range words {
				low, high := unpack(word)
				r[2*i].add(low, &limits)
				r[2*i+1].add(high, &limits)
			}
			continue
		}
		for i, word := range words {
			r[i].add(word, &limits)
		}
	}
	return r
}

// runSingle accumulates the beats of one vector over one column.
func (w *IntWeights) runSingle(column []int64, x []int32, limits Span) (r [2]register) {
	for beat, real := range w.beats.Real {
		from := beat * w.beats.Lanes
		word := dot(column[from:from+real], x[from:from+real])
		if w.packed {
			low, high := unpack(word)
			r[0].add(low, &limits)
			r[1].add(high, &limits)
			continue
		}
		r[0].add(word, &limits)
	}
	return r
}

// drain adds the biases to registers, stores them from output first on, and
// returns their number. The last column of an odd number of packed outputs has
// a second register that belongs to no output.
func (w *IntWeights) drain(registers []register, row []int32, first int, limits Span, seen *Span) int {
	for i := range registers[:min(len(registers), len(row)-first)] {
		registers[i].add(w.bias[first+i], &limits)
		row[first+i] = int32(registers[i].held)
		*seen = seen.Union(registers[i].seen)
	}
	return len(registers)
}
