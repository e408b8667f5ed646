package conv

// Pair holds one value per spatial axis, height first as in PyTorch.
type Pair struct{ H, W int }

// Sides holds one padding width per side of the image.
type Sides struct{ Top, Bottom, Left, Right int }

// PaddingKind says how the amount of padding is chosen.
type PaddingKind uint8

// The ways to choose the amount of padding.
const (
	Explicit  PaddingKind = iota // Padding.Sides as given
	Same                         // PyTorch "same": dilation*(kernel-1) in total, smaller half first, stride 1 only
	Valid                        // PyTorch "valid": none
	SameUpper                    // ONNX SAME_UPPER: out = ceil(in/stride), odd one at the end
	SameLower                    // ONNX SAME_LOWER: out = ceil(in/stride), odd one at the beginning
)

// Padding is the amount of padding of a layer.
type Padding struct {
	Kind  PaddingKind
	Sides Sides // used by Explicit only
}

// PaddingMode says which values padding is made of.
type PaddingMode uint8

// The padding modes of PyTorch's Conv2d.
const (
	Zeros PaddingMode = iota
	Reflect
	Replicate
	Circular
)

// Conv2d holds the attributes of PyTorch's nn.Conv2d.
type Conv2d struct {
	InChannels, OutChannels  int
	Kernel, Stride, Dilation Pair
	Padding                  Padding
	PaddingMode              PaddingMode
	Groups                   int
	Bias                     bool
}

// Shape is one convolution with everything resolved: a Conv2d applied to an
// input of known size. All sizes are in elements; heights before widths.
type Shape struct {
	Batch                            int
	InChannels, InHeight, InWidth    int
	OutChannels, OutHeight, OutWidth int
	Kernel, Stride, Dilation         Pair
	Pad                              Sides
	PaddingMode                      PaddingMode
	Groups                           int
	Bias                             bool
}
