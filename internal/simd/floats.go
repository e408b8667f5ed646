package simd

// FloatWeights are those of some outputs as they lie in memory.
type FloatWeights struct {
	Of      func(output int) []float32 // all of an output
	Order   []int                      // where in them those of the taps are, in the order they are added
	Beats   []int                      // taps of each beat
	Bias    []float32                  // one an output, nil for none
	Outputs int
}

// Floats multiplies windows by the weights of several outputs, every product and every sum
// rounded by itself: beat by beat from zero, in the order of its taps, the beats then one
// after the other, the bias last. It is immutable.
type Floats struct {
	outputs int
	beats   []int
	blocks  []floatsBlock
}

type floatsBlock struct {
	first, outputs int
	kernel         floatsWidth
	weights        []float32 // by tap, output
	bias           []float32
}

// NewFloats prepares weights. It is nil where this processor has no loop for them.
func NewFloats(w FloatWeights) *Floats { return newFloats(&use, w) }

func newFloats(k *kernels, w FloatWeights) *Floats {
	if k.floats == nil || len(w.Beats) == 0 || w.Outputs == 0 {
		return nil
	}
	f := &Floats{outputs: w.Outputs, beats: w.Beats}
	for first := 0; first < w.Outputs; {
		width := k.floats[0]
		if narrow := k.floats[len(k.floats)-1]; w.Outputs-first <= narrow.outputs {
			width = narrow
		}
		f.blocks = append(f.blocks, floatsBlock{first: first, outputs: min(width.outputs, w.Outputs-first), kernel: width})
		first += width.outputs
	}
	sideBySide(len(f.blocks), w.Outputs*len(w.Order), func() func(i int) {
		return func(i int) { f.blocks[i].arrange(&w) }
	})
	return f
}

// arrange puts the weights of a block side by side.
func (b *floatsBlock) arrange(w *FloatWeights) {
	width := b.kernel.outputs
	b.weights, b.bias = make([]float32, max(1, len(w.Order))*width), make([]float32, width)
	if w.Bias != nil {
		copy(b.bias, w.Bias[b.first:][:b.outputs])
	}
	for o := range b.outputs {
		of := w.Of(b.first + o)
		to := b.weights[o:]
		for t, from := range w.Order {
			to[t*width] = of[from]
		}
	}
}

// Multiply computes dst[v*dstStep+o] of so many windows, which lie step elements one after
// the other in x; taps are where the elements of the first are.
func (f *Floats) Multiply(dst []float32, dstStep int, x []float32, taps []int, step, windows int) {
	if windows == 0 {
		return
	}
	_ = dst[(windows-1)*dstStep+f.outputs-1]
	for _, t := range taps {
		_ = x[t+(windows-1)*step]
	}
	if len(taps) == 0 {
		taps, x, step = []int{0}, []float32{0}, 0
	}
	var spare []float32
	for i := range f.blocks {
		b := &f.blocks[i]
		whole := b.outputs == b.kernel.outputs
		if !whole && spare == nil {
			spare = make([]float32, 4*32)
		}
		for v := 0; v < windows; {
			count := share(windows-v, len(b.kernel.windows))
			var to []float32
			toStep := dstStep
			if whole {
				to = dst[v*dstStep+b.first:]
			} else {
				to, toStep = spare, b.kernel.outputs
			}
			b.kernel.windows[count-1](&to[0], 4*toStep, &x[v*step], 4*step, &taps[0], &f.beats[0], len(f.beats), &b.weights[0], &b.bias[0])
			for i := 0; i < count && !whole; i++ {
				copy(dst[(v+i)*dstStep+b.first:][:b.outputs], spare[i*toStep:])
			}
			v += count
		}
	}
}
