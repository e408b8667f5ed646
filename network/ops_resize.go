package network

// ResizeMode says how Resize makes a pixel.
type ResizeMode uint8

// The modes of Resize.
const (
	Nearest ResizeMode = iota
	Linear
)

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

// Resize scales images: also Upsample. Scales or Sizes has an entry for every
// axis, the other is empty.
type Resize struct {
	Mode          ResizeMode
	Scales        []float32
	Sizes         []int
	Coordinate    Coordinate
	NearestMode   NearestMode // of Nearest
	ROI           []float32   // of TFCropAndResize: all starts, then all ends
	Extrapolation float32     // of TFCropAndResize: the value outside
}
