package network

import "math"

// Coordinate says where in the input a pixel of the output lies, by ONNX's name of
// it.
type Coordinate string

// The coordinate transformations of ONNX's Resize.
const (
	HalfPixel          Coordinate = "half_pixel"
	HalfPixelSymmetric Coordinate = "half_pixel_symmetric"
	PytorchHalfPixel   Coordinate = "pytorch_half_pixel"
	AlignCorners       Coordinate = "align_corners"
	Asymmetric         Coordinate = "asymmetric"
	TFHalfPixelForNN   Coordinate = "tf_half_pixel_for_nn"
	TFCropAndResize    Coordinate = "tf_crop_and_resize"
)

// NearestMode says which pixel is nearest, by ONNX's name of it.
type NearestMode string

// The ways to round of ONNX's Resize.
const (
	RoundPreferFloor NearestMode = "round_prefer_floor"
	RoundPreferCeil  NearestMode = "round_prefer_ceil"
	RoundFloor       NearestMode = "floor"
	RoundCeil        NearestMode = "ceil"
)

var nearests = map[NearestMode]func(float64) float64{
	RoundPreferFloor: func(x float64) float64 { return math.Ceil(x - 0.5) },
	RoundPreferCeil:  func(x float64) float64 { return math.Floor(x + 0.5) },
	RoundFloor:       math.Floor,
	RoundCeil:        math.Ceil,
}

// resizedAxis is one axis of a Resize.
type resizedAxis struct {
	in, out    int
	scale      float32 // 0: out over in
	start, end float64 // of the region, 0..1
}

// coordinates holds for each transformation the place of pixel x of the output.
var coordinates = map[Coordinate]func(a resizedAxis, x int) float64{
	HalfPixel:          resizedAxis.halfPixel,
	HalfPixelSymmetric: resizedAxis.halfPixelSymmetric,
	PytorchHalfPixel:   resizedAxis.pytorchHalfPixel,
	AlignCorners:       resizedAxis.alignCorners,
	Asymmetric:         func(a resizedAxis, x int) float64 { return a.over(2 * x) },
	TFHalfPixelForNN:   func(a resizedAxis, x int) float64 { return a.over(2*x + 1) },
	TFCropAndResize:    resizedAxis.crop,
}

// place returns where pixel x of the output lies. An axis that keeps its size
// keeps its pixels.
func (a resizedAxis) place(c Coordinate, x int) float64 {
	if a.in == a.out && c != TFCropAndResize && (a.scale == 0 || a.scale == 1) {
		return float64(x)
	}
	return coordinates[c](a, x)
}

// over returns x halves divided by the scale.
func (a resizedAxis) over(halves int) float64 {
	if a.scale == 0 {
		return float64(halves) * float64(a.in) / float64(2*a.out)
	}
	return float64(float32(halves) / 2 / a.scale)
}

func (a resizedAxis) halfPixel(x int) float64 {
	if a.scale == 0 {
		return a.over(2*x+1) - 0.5
	}
	return float64(float32(a.over(2*x+1)) - 0.5)
}

// halfPixelSymmetric keeps the centre of the image in its place where the size
// was rounded.
func (a resizedAxis) halfPixelSymmetric(x int) float64 {
	if a.scale == 0 {
		return a.halfPixel(x)
	}
	adjustment := float64(a.out) / a.length()
	offset := float64(a.in) / 2 * (1 - adjustment)
	return offset + a.halfPixel(x)
}

// length is the size of the output, before it was cut off to whole pixels.
func (a resizedAxis) length() float64 {
	if a.scale == 0 {
		return float64(a.out)
	}
	return float64(a.scale) * float64(a.in)
}

func (a resizedAxis) pytorchHalfPixel(x int) float64 {
	if a.out <= 1 {
		return 0
	}
	return a.halfPixel(x)
}

func (a resizedAxis) alignCorners(x int) float64 {
	if a.out <= 1 {
		return 0
	}
	return float64(x) * float64(a.in-1) / (a.length() - 1)
}

func (a resizedAxis) crop(x int) float64 {
	last := float64(a.in - 1)
	if a.out <= 1 {
		return 0.5 * (a.start + a.end) * last
	}
	return float64(a.start*last) + float64(float64(x)*(a.end-a.start)*last/(a.length()-1))
}
