package simd

// Floats multiplies vectors by the weights of several outputs, every product and
// every sum rounded by itself: beat by beat from zero, in the order of its lanes,
// the beats then one after the other. It is immutable.
type Floats struct {
	outputs, lanes int
	real           []int // lanes of each beat that carry data
	blocks         []floatsBlock
}

type floatsBlock struct {
	first, outputs int
	kernel         floatsWidth
	weights        []float32 // by real lane, output
}

// NewFloats prepares weights, one list an output, of all lanes of all beats. It is nil
// where this processor has no loop for them.
func NewFloats(weights [][]float32, lanes int, real []int) *Floats {
	return newFloats(&use, weights, lanes, real)
}

func newFloats(k *kernels, weights [][]float32, lanes int, real []int) *Floats {
	if k.floats == nil || len(real) == 0 || len(weights) == 0 {
		return nil
	}
	f := &Floats{outputs: len(weights), lanes: lanes, real: real}
	for first := 0; first < f.outputs; {
		width := k.floats[0]
		if narrow := k.floats[len(k.floats)-1]; f.outputs-first <= narrow.outputs {
			width = narrow
		}
		b := floatsBlock{first: first, outputs: min(width.outputs, f.outputs-first), kernel: width}
		for beat, n := range real {
			for lane := range n {
				column := make([]float32, width.outputs)
				for o := range b.outputs {
					column[o] = weights[first+o][beat*lanes+lane]
				}
				b.weights = append(b.weights, column...)
			}
		}
		b.weights = append(b.weights, 0)
		f.blocks = append(f.blocks, b)
		first += b.outputs
	}
	return f
}

// Multiply computes dst[v*outputs+o] of so many vectors.
func (f *Floats) Multiply(dst, x []float32, vectors int) {
	n := f.lanes * len(f.real)
	if vectors == 0 || n == 0 {
		return
	}
	_, _ = dst[vectors*f.outputs-1], x[vectors*n-1]
	var spare []float32
	for i := range f.blocks {
		b := &f.blocks[i]
		whole := b.outputs == b.kernel.outputs
		if !whole && spare == nil {
			spare = make([]float32, 4*32)
		}
		for v := 0; v < vectors; {
			count := share(vectors-v, len(b.kernel.windows))
			to, step := dst[v*f.outputs+b.first:], f.outputs
			if !whole {
				to, step = spare, b.kernel.outputs
			}
			b.kernel.windows[count-1](&to[0], 4*step, &x[v*n], 4*n, &f.real[0], len(f.real), 4*f.lanes, &b.weights[0])
			for i := 0; i < count && !whole; i++ {
				copy(dst[(v+i)*f.outputs+b.first:][:b.outputs], spare[i*step:])
			}
			v += count
		}
	}
}
