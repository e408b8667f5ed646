package network

import (
	"errors"
	"fmt"
	"math"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// Pool is the window of a pooling. With one spatial axis the heights of the
// pairs are 1 and those of the padding 0.
type Pool struct {
	Kernel, Stride, Dilation conv.Pair
	Padding                  conv.Padding
	Ceil                     bool // round the output size up
}

// windows are the windows of a pooling applied to images, along one axis.
type windows struct {
	size, begin, end         int // of the image, and its padding
	kernel, stride, dilation int
	out                      int // number of windows
}

// resolve applies the pooling to the images of one input.
func (p Pool) resolve(in []Type) (m image, rows, columns windows, err error) {
	if err = arity(in, 1, 1); err != nil {
		return
	}
	if m, err = imageOf(in[0]); err != nil {
		return
	}
	// A convolution of one channel pads alike and finds the mistakes.
	layer := conv.Conv2d{InChannels: 1, OutChannels: 1, Groups: 1,
		Kernel: p.Kernel, Stride: p.Stride, Dilation: p.Dilation, Padding: p.Padding}
	s, err := layer.Resolve(m.batch, m.height, m.width)
	if err != nil {
		return
	}
	rows = windows{m.height, s.Pad.Top, s.Pad.Bottom, p.Kernel.H, p.Stride.H, p.Dilation.H, s.OutHeight}
	columns = windows{m.width, s.Pad.Left, s.Pad.Right, p.Kernel.W, p.Stride.W, p.Dilation.W, s.OutWidth}
	if p.Ceil {
		rows.roundUp()
		columns.roundUp()
	}
	return m, rows, columns, errors.Join(rows.check("height"), columns.check("width"))
}

// roundUp adds the window that hangs over the end of the padded image, unless it
// would start behind the image.
func (w *windows) roundUp() {
	extent := w.dilation*(w.kernel-1) + 1
	rest := (w.begin + w.size + w.end - extent) % w.stride
	if rest > 0 && w.out*w.stride < w.begin+w.size {
		w.out++
	}
}

// check finds a window that sees nothing but padding.
func (w windows) check(name string) error {
	before := (w.begin + w.stride - 1) / w.stride // windows that begin before the image
	for i := range min(before, w.out) {
		if w.blind(i) {
			return w.onlyPadding(i, name)
		}
		if w.dilation <= w.size {
			break // taps come close enough: what the first one of these sees, the others do
		}
	}
	if last := w.out - 1; last >= 0 && w.blind(last) {
		return w.onlyPadding(last, name) // of windows that begin in the image or behind it the last is the furthest
	}
	return nil
}

// blind reports whether window i sees nothing of the image.
func (w windows) blind(i int) bool {
	before := max(0, w.begin-i*w.stride)
	first := (before + w.dilation - 1) / w.dilation // tap that is not before the image
	return first >= w.kernel || i*w.stride+first*w.dilation-w.begin >= w.size
}

func (w windows) onlyPadding(i int, name string) error {
	return fmt.Errorf("window %d in %s sees only padding (%d before and %d after the %d of the image)", i, name, w.begin, w.end, w.size)
}

// taps returns the positions in the image that window i sees, and the taps it
// has within the padded image, padding counted.
func (w windows) taps(i int) (seen []int, padded int) {
	for k := range w.kernel {
		at := i*w.stride + k*w.dilation - w.begin
		if at >= 0 && at < w.size {
			seen = append(seen, at)
		}
		if at < w.size+w.end {
			padded++
		}
	}
	return seen, padded
}

// infer returns the type of a pooling's output.
func (p Pool) infer(in []Type, allowed ...tensor.DType) ([]Type, error) {
	m, rows, columns, err := p.resolve(in)
	if err == nil {
		err = wantType(in, 0, allowed...)
	}
	if err != nil {
		return nil, err
	}
	return sized(in[0].DType, image{m.batch, m.channels, rows.out, columns.out}.shape(len(in[0].Shape)))
}

// each calls f for every output in turn with the places of x it sees and the
// taps it has within the padded image.
func (p Pool) each(x *tensor.Tensor, f func(out int, seen []int, padded int)) error {
	m, rows, columns, err := p.resolve([]Type{TypeOf(x)})
	if err != nil {
		return err
	}
	out := 0
	for plane := range m.batch * m.channels {
		for oy := range rows.out {
			ys, high := rows.taps(oy)
			for ox := range columns.out {
				xs, wide := columns.taps(ox)
				var seen []int
				for _, y := range ys {
					for _, x := range xs {
						seen = append(seen, (plane*m.height+y)*m.width+x)
					}
				}
				f(out, seen, high*wide)
				out++
			}
		}
	}
	return nil
}

// MaxPool takes the largest element of each window; padding is never it.
type MaxPool struct{ Pool Pool }

// Infer implements Op.
func (p MaxPool) Infer(in []Type) ([]Type, error) {
	return p.Pool.infer(in, tensor.Float32, tensor.Float64, tensor.Int8, tensor.UInt8, tensor.Int16, tensor.Int32)
}

// Reference implements Op.
func (p MaxPool) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	out, err := p.Infer(types(in))
	if err != nil {
		return nil, err
	}
	largest := make([]float64, count64(out[0].Shape))
	err = p.Pool.each(in[0], func(out int, seen []int, _ int) {
		largest[out] = math.Inf(-1)
		for _, i := range seen {
			largest[out] = max(largest[out], in[0].Float(i))
		}
	})
	if err != nil {
		return nil, err
	}
	if in[0].DType().IsFloat() {
		return single(reals(out[0].DType, out[0].Shape, func(i int) float64 { return largest[i] }))
	}
	return single(ints(out[0].DType, out[0].Shape, func(i int) int64 { return int64(largest[i]) }))
}

// AveragePool takes the mean of each window: sum and quotient in float64, rounded
// once.
type AveragePool struct {
	Pool            Pool
	CountIncludePad bool // padding counts as zeros
	Divisor         int  // divide by this instead of the elements of a window, unless 0
}

// Infer implements Op.
func (p AveragePool) Infer(in []Type) ([]Type, error) {
	if p.Divisor < 0 {
		return nil, fmt.Errorf("divisor %d; allowed: 1 or more, 0 for the elements of a window", p.Divisor)
	}
	return p.Pool.infer(in, tensor.Float32)
}

// Reference implements Op.
func (p AveragePool) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	out, err := p.Infer(types(in))
	if err != nil {
		return nil, err
	}
	mean := make([]float32, count64(out[0].Shape))
	err = p.Pool.each(in[0], func(out int, seen []int, padded int) {
		sum, divisor := 0.0, len(seen)
		for _, i := range seen {
			sum += in[0].Float(i)
		}
		if p.CountIncludePad {
			divisor = padded
		}
		if p.Divisor > 0 {
			divisor = p.Divisor
		}
		mean[out] = float32(sum / float64(divisor))
	})
	if err != nil {
		return nil, err
	}
	return single(tensor.From(tensor.Float32, mean, out[0].Shape...))
}
