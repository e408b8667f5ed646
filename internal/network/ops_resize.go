package network

import (
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// ResizeMode says how Resize makes a pixel.
type ResizeMode uint8

// The modes of Resize.
const (
	Nearest ResizeMode = iota
	Linear
)

// Resize scales images: also Upsample. Scales or Sizes has an entry for every
// axis, the other is empty. Sizes give exact ratios; with Scales positions are
// computed in float32.
type Resize struct {
	Mode          ResizeMode
	Scales        []float32
	Sizes         []int
	Coordinate    Coordinate
	NearestMode   NearestMode // of Nearest
	ROI           []float32   // of TFCropAndResize: all starts, then all ends
	Extrapolation float32     // of TFCropAndResize: the value outside
}

// Infer implements Op.
func (r Resize) Infer(in []Type) ([]Type, error) {
	if err := errors.Join(one(in, 0), r.checkAttributes()); err != nil {
		return nil, err
	}
	if r.Mode == Linear {
		if err := wantType(in, 0, slices.Concat(floats, bytes8)...); err != nil {
			return nil, err
		}
	}
	axes, err := r.axes(in[0].Shape)
	if err != nil {
		return nil, err
	}
	shape := make([]int, len(axes))
	for i, a := range axes {
		shape[i] = a.out
	}
	return sized(in[0].DType, shape)
}

func (r Resize) checkAttributes() error {
	var errs []error
	if r.Mode > Linear {
		errs = append(errs, fmt.Errorf("mode %d; allowed: nearest, linear", r.Mode))
	}
	if _, ok := coordinates[r.Coordinate]; !ok {
		errs = append(errs, fmt.Errorf("coordinate_transformation_mode %q; allowed: %s", r.Coordinate, names(coordinates)))
	}
	if _, ok := nearests[r.NearestMode]; !ok && r.Mode == Nearest {
		errs = append(errs, fmt.Errorf("nearest_mode %q; allowed: %s", r.NearestMode, names(nearests)))
	}
	return errors.Join(errs...)
}

// axes returns what happens to each axis of a shape.
func (r Resize) axes(shape []int) ([]resizedAxis, error) {
	rank := len(shape)
	if len(r.Scales)+len(r.Sizes) != rank || len(r.Scales) > 0 && len(r.Sizes) > 0 {
		return nil, fmt.Errorf("%d scales and %d sizes for %d axes; allowed: one of them, an entry for each axis",
			len(r.Scales), len(r.Sizes), rank)
	}
	if r.Coordinate == TFCropAndResize && len(r.ROI) != 2*rank {
		return nil, fmt.Errorf("a roi of %d entries for %d axes; allowed: %d", len(r.ROI), rank, 2*rank)
	}
	out := make([]resizedAxis, rank)
	for i, n := range shape {
		a := resizedAxis{in: n}
		if len(r.Sizes) > 0 {
			a.out = r.Sizes[i]
		} else {
			a.scale = r.Scales[i]
			if scaled := a.scale * float32(n); scaled >= 0 && scaled < 1<<31 {
				a.out = int(scaled)
			} else {
				a.out = -1
			}
		}
		if r.Coordinate == TFCropAndResize {
			a.start, a.end = float64(r.ROI[i]), float64(r.ROI[rank+i])
		}
		if a.out < 0 || a.out >= 1<<31 || a.out > 0 && n == 0 {
			return nil, fmt.Errorf("axis %d of %v with scales %v or sizes %v; allowed: sizes below 2^31, 0 if there is nothing",
				i, shape, r.Scales, r.Sizes)
		}
		out[i] = a
	}
	return out, nil
}

// Reference implements Op.
func (r Resize) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	axes, err := r.axes(in[0].Shape())
	if err != nil {
		return nil, err
	}
	outside, places := make([][]int, len(axes)), make([][]float64, len(axes))
	crops := false
	for i, a := range axes {
		places[i], outside[i] = make([]float64, a.out), make([]int, a.out)
		for k := range a.out {
			places[i][k] = a.place(r.Coordinate, k)
			if r.Coordinate == TFCropAndResize && (places[i][k] < 0 || places[i][k] > float64(a.in-1)) {
				outside[i][k], crops = -1, true
			}
		}
	}
	var out *tensor.Tensor
	if r.Mode == Nearest {
		out, err = r.nearest(in[0], places)
	} else {
		out, err = linear(in[0], places)
	}
	if err != nil || !crops {
		return single(out, err)
	}
	return filled(out, outside, float64(r.Extrapolation))
}

// nearest takes the nearest pixel.
func (r Resize) nearest(x *tensor.Tensor, places [][]float64) (*tensor.Tensor, error) {
	shape := x.Shape()
	from, round := make([][]int, len(places)), nearests[r.NearestMode]
	for axis, step := range steps(shape) {
		for _, at := range places[axis] {
			from[axis] = append(from[axis], max(0, min(int(round(at)), shape[axis]-1))*step)
		}
	}
	return pick(x, from)
}

// linear mixes the two neighbours along each axis in turn, in float64, and rounds
// once; integers are cut off, as ONNX Runtime has it.
func linear(x *tensor.Tensor, places [][]float64) (*tensor.Tensor, error) {
	shape := x.Shape()
	data := fill(int64(x.Len()), x.Float)
	for axis, at := range places {
		if !slices.Equal(at, fill(int64(shape[axis]), func(i int) float64 { return float64(i) })) {
			data = mixed(data, shape, axis, at)
		}
		shape[axis] = len(at)
	}
	if !x.DType().IsFloat() {
		return ints(x.DType(), shape, func(i int) int64 { return cutOff(data[i]) })
	}
	return reals(x.DType(), shape, func(i int) float64 { return data[i] })
}

// mixed interpolates along one axis.
func mixed(data []float64, shape []int, axis int, places []float64) []float64 {
	n, step := shape[axis], steps(shape)[axis]
	var out []float64
	if n*step == 0 {
		return nil
	}
	for block := range slices.Chunk(data, n*step) {
		for _, at := range places {
			at = max(0, min(at, float64(n-1)))
			low := int(at)
			high, weight := min(low+1, n-1), at-float64(low)
			for i := range step {
				a, b := block[low*step+i], block[high*step+i]
				out = append(out, float64((1-weight)*a)+float64(weight*b))
			}
		}
	}
	return out
}
