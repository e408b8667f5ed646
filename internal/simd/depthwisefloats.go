package simd

// DepthwiseFloats is Floats of windows of one channel each, many channels side by side.
type DepthwiseFloats struct {
	k        *kernels
	channels int
	padded   int // channels, with what is computed beside
	beats    []int
	weights  []float32 // by tap, channel
	bias     []float32
}

// NewDepthwiseFloats prepares weights, an output a channel. It is nil where this processor
// has no loop for them.
func NewDepthwiseFloats(w FloatWeights) *DepthwiseFloats { return newDepthwiseFloats(&use, w) }

func newDepthwiseFloats(k *kernels, w FloatWeights) *DepthwiseFloats {
	if k.depthwiseFloats == nil || len(w.Beats) == 0 || w.Outputs == 0 || len(w.Order) == 0 {
		return nil
	}
	side := k.channels
	d := &DepthwiseFloats{k: k, channels: w.Outputs, padded: (w.Outputs + side - 1) / side * side, beats: w.Beats}
	d.weights, d.bias = make([]float32, len(w.Order)*d.padded), make([]float32, d.padded)
	copy(d.bias, w.Bias)
	for c := range w.Outputs {
		of := w.Of(c)
		for t, from := range w.Order {
			d.weights[t*d.padded+c] = of[from]
		}
	}
	return d
}

// Beyond is how many elements behind those of the windows are read.
func (d *DepthwiseFloats) Beyond() int { return d.padded - d.channels }

// Multiply computes dst[v*dstStep+c] of so many windows, whose first channels lie step
// elements one after the other in x; taps are where those of the first are.
func (d *DepthwiseFloats) Multiply(dst []float32, dstStep int, x []float32, taps []int, step, windows int) {
	if windows == 0 {
		return
	}
	_ = dst[(windows-1)*dstStep+d.channels-1]
	for _, t := range taps {
		_ = x[t+(windows-1)*step+d.padded-1]
	}
	side := d.k.channels
	var spare []float32
	for c := 0; c < d.padded; c += side {
		var to []float32
		toStep, count := dstStep, min(side, d.channels-c)
		if count < side {
			spare = make([]float32, windows*side)
			to, toStep = spare, side
		} else {
			to = dst[c:]
		}
		d.k.depthwiseFloats(&to[0], 4*toStep, &x[c], 4*step, &taps[0], &d.beats[0], len(d.beats), windows, &d.weights[c], 4*d.padded, &d.bias[c])
		for v := 0; v < windows && count < side; v++ {
			copy(dst[v*dstStep+c:][:count], spare[v*side:])
		}
	}
}
