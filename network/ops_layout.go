package network

// Reshape gives its input another shape: also Flatten, Squeeze and Unsqueeze. One
// dimension may be -1: what is left.
type Reshape struct{ Shape []int }

// Transpose reorders axes: axis i of the output is axis Perm[i] of the input.
type Transpose struct{ Perm []int }

// Concat joins inputs along an axis (negative: from the end).
type Concat struct{ Axis int }

// Split cuts its input along an axis (negative: from the end) into parts of Sizes.
type Split struct {
	Axis  int
	Sizes []int
}

// Slice takes elements Starts, Starts+Steps, ... up to but without Ends along
// Axes, with ONNX's rules: negative is from the end, limits are clamped, and
// empty Axes are the first ones, empty Steps 1.
type Slice struct{ Starts, Ends, Axes, Steps []int }

// PadMode says which values padding is made of.
type PadMode uint8

// The modes of Pad.
const (
	PadConstant PadMode = iota
	PadReflect          // the edge is not repeated
	PadEdge
	PadWrap
)

// Pad adds Begin and End elements before and after every axis; negative ones crop.
type Pad struct {
	Mode       PadMode
	Begin, End []int
	Value      float64 // of PadConstant
}

// DepthToSpace moves channels to pixels, Block x Block of them each.
type DepthToSpace struct {
	Block int
	CRD   bool // channel, row, column (as PyTorch's PixelShuffle) instead of DCR
}

// SpaceToDepth moves blocks of pixels to channels.
type SpaceToDepth struct{ Block int }
