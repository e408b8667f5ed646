package network

// BatchNormalization is (x - mean) / sqrt(variance + Epsilon) * scale + bias for each
// channel: inputs x, scale, bias, mean, variance.
type BatchNormalization struct{ Epsilon float32 }

// LRN divides by (Bias + Alpha/Size * sum of squares over Size channels) to the power
// of Beta.
type LRN struct {
	Size              int
	Alpha, Beta, Bias float32
}

// Softmax is exp(x) over its sum along an axis (negative: from the end).
type Softmax struct {
	Axis    int
	Flatten bool // as before opset 13: along all axes from Axis on
	Log     bool // LogSoftmax
}

// QLinearSoftmax is com.microsoft's Softmax of integers.
type QLinearSoftmax struct {
	Softmax Softmax
	X, Y    Quant // one scale each
}

// Reduction is a way to reduce an axis to one element, by ONNX's name of it.
type Reduction string

// The reductions.
const (
	ReduceMean Reduction = "ReduceMean"
	ReduceSum  Reduction = "ReduceSum"
	ReduceMax  Reduction = "ReduceMax"
	ReduceMin  Reduction = "ReduceMin"
	ReduceProd Reduction = "ReduceProd"
	ReduceL2   Reduction = "ReduceL2"
)

// Reduce reduces axes (negative: from the end) to one element each. No axes are no
// change; all axes have to be listed.
type Reduce struct {
	How      Reduction
	Axes     []int
	KeepDims bool
}

// ArgMax is the int64 index of the largest element along an axis.
type ArgMax struct {
	Axis     int
	KeepDims bool
	Last     bool // the last of equal ones
	Min      bool // ArgMin: of the smallest element
}
